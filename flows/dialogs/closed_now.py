"""Something passed on while the practice is closed: under the answer stands when somebody is back.

Once for each opening, and not where the answer says so itself. Beside danger, law and death nobody is told to wait.
"""

from dataclasses import replace
from datetime import datetime

from flows.engine.context import Context
from flows.engine.decision import Decision
from flows.engine.requests import OpenTicket
from flows.messages.answers import YesRobot
from flows.messages.foot import WeAreBack
from flows.vocabulary import Reach, TicketReason, Urgency

NOT_PUT_OFF = frozenset(
    {
        TicketReason.EMERGENCY,
        TicketReason.CRISIS,
        TicketReason.LEGAL,
        TicketReason.DATA_REQUEST,
        TicketReason.WRONG_PERSON,
        TicketReason.DECEASED,
    }
)
"""What staff are told of where the answer is a fixed text that says all there is to say."""


def with_return(decision: Decision, context: Context) -> Decision:
    """Put when somebody is back under the answer where a ticket waits for them, and remember that it was said."""
    said = _said_already(decision)
    if said is not None:
        return replace(decision, chat=replace(decision.chat, told_back_at=said))
    place = _answer_that_waits(decision)
    back_at = None if place is None else context.staff_back_at
    if place is None or back_at is None or back_at == decision.chat.told_back_at:
        return decision
    replies = list(decision.replies)
    replies[place] = replace(replies[place], foot=(*replies[place].foot, WeAreBack(back_at=back_at)))
    return replace(decision, chat=replace(decision.chat, told_back_at=back_at), replies=tuple(replies))


def _said_already(decision: Decision) -> datetime | None:
    times = (getattr(reply.text, "back_at", None) for reply in decision.replies)
    return next((time for time in times if time is not None), None)


def _answer_that_waits(decision: Decision) -> int | None:
    """The place of the reply that says that staff will see to it when they are there: the one after "yes, a robot"."""
    tickets = [request for request in decision.requests if isinstance(request, OpenTicket)]
    at_once = any(ticket.urgency is Urgency.NOW or ticket.reason in NOT_PUT_OFF for ticket in tickets)
    if not tickets or at_once or any(reply.reach is Reach.ALWAYS for reply in decision.replies):
        return None
    answers = (place for place, reply in enumerate(decision.replies) if not isinstance(reply.text, YesRobot))
    return next(answers, None)
