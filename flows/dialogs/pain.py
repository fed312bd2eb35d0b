"""Pain: whoever waits for staff with it is not offered times instead, and a visit booked for it may be too far away.

What is said of pain while staff are asked about a worry or an emergency reaches that ticket.
"""

from datetime import timedelta

from flows.dialogs.person import WAITS, wait_for_staff
from flows.dialogs.resting import letting_go
from flows.dialogs.searching import MOST_OFFERS, search
from flows.dialogs.states import CheckInAsked, LookingForSooner, LookingForTimes, Offered, WaitingForStaff
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, ask, go
from flows.engine.dialog import Dialog
from flows.engine.events import SlotsFound, TextUnderstood
from flows.engine.requests import FindSlots, ReleaseHolds
from flows.engine.state import State
from flows.meaning import ANY_TIME, Flag, Intent
from flows.messages import pain as say
from flows.slots import BookedVisit
from flows.vocabulary import TicketReason, Urgency

pain = Dialog(name="pain")

CLEARLY_SOONER = timedelta(hours=3)
"""A time that is not so much before the visit is no relief."""

LITTLE_ELSE = frozenset(
    {
        Intent.SLOT_CHOICE,
        Intent.BOOK,
        Intent.RESCHEDULE,
        Intent.INFO_QUESTION,
        Intent.FEEDBACK_BAD,
        Intent.YES,
        Intent.NO,
        Intent.CHITCHAT,
        Intent.OTHER,
    }
)
"""Intents beside which the pain is what a text is about."""


def _is_with_staff(_state: State, event: TextUnderstood, context: Context) -> bool:
    """Tell whether staff look at a worry already, and the text is about nothing but the pain."""
    return context.worry is not None and event.meaning.intent in LITTLE_ELSE


def _visit_too_far(state: State, event: TextUnderstood, context: Context) -> BookedVisit | None:
    """Give the visit ahead of somebody who asks for a time because of pain, unless it is being moved already."""
    asks = event.meaning.sure and event.meaning.intent in {Intent.SLOT_CHOICE, Intent.BOOK}
    if not asks or isinstance(state, CheckInAsked) or getattr(state, "moving", None) is not None:
        return None
    return context.visit if context.visit is not None and context.visit.slot.starts_at > context.now else None


def _changes_the_answer(state: State, event: TextUnderstood, context: Context) -> bool:
    return _is_with_staff(state, event, context) or _visit_too_far(state, event, context) is not None


@pain.on(State, Flag.PAIN, ends=[LookingForSooner, LookingForTimes, *WAITS], when=_changes_the_answer)
def hear_of_pain(state: State, event: TextUnderstood, context: Context) -> Outcome:
    """Tell whoever looks after it already that it goes on; else look for something sooner than the visit ahead."""
    if context.worry is not None and _is_with_staff(state, event, context):
        return wait_for_staff(state, say.StillInPain(), reason=context.worry, urgency=Urgency.NOW)
    visit, wish = _visit_too_far(state, event, context), event.meaning.times
    if visit is None or wish.names_something:
        return search(state, context, wish=wish, moving=visit.appointment_id if visit else None)
    find = FindSlots(
        wish=ANY_TIME,
        count=MOST_OFFERS,
        hold_minutes=context.clinic.hold_minutes,
        after=None,
        moving=visit.appointment_id,
    )
    looking = LookingForSooner(moving=visit.appointment_id, starts_at=visit.slot.starts_at)
    return go(looking, requests=(*letting_go(state), find))


@pain.on(LookingForSooner, SlotsFound, ends=[Offered, WaitingForStaff])
def offer_sooner(state: LookingForSooner, event: SlotsFound, _context: Context) -> Outcome:
    """Offer what is clearly sooner than the visit, which stands meanwhile; where nothing is, have a person call."""
    latest = state.starts_at - CLEARLY_SOONER
    sooner = tuple(slot for slot in event.slots if slot.starts_at <= latest)
    if sooner:
        offered = Offered(offers=sooner, exact=True, moving=state.moving)
        return ask(offered, Reply(text=say.SoonerThanVisit(starts_at=state.starts_at)))
    nothing = say.NothingSooner(starts_at=state.starts_at)
    return wait_for_staff(state, nothing, reason=TicketReason.WORRY, urgency=Urgency.TODAY, requests=(ReleaseHolds(),))
