"""A person, please: the chat waits for staff, is answered beside, and comes back.

Whoever waits is told once; a second ticket is not opened for the same wait.
"""

from flows.dialogs.buttons import PERSON, time_or_visit
from flows.dialogs.resting import letting_go
from flows.dialogs.states import Closed, Frozen, Idle, Invited, Objected, Offered, WaitingForStaff
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import Event, HandedBack, TextUnderstood
from flows.engine.requests import OpenTicket, Request
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import objections as say_of_objections
from flows.messages import person as say
from flows.messages.text import Text
from flows.vocabulary import StayingAway, TicketReason, Urgency

person = Dialog(name="person")

WAITS = (WaitingForStaff, STAY)
"""The ends of a rule that brings in a person."""

DANGERS = frozenset({TicketReason.EMERGENCY, TicketReason.CRISIS})

CALLS = {StayingAway.MONEY: TicketReason.PAYMENT, StayingAway.FEAR: TicketReason.FEAR}
"""What a call is about, by the reason it was asked for."""


def wait_for_staff(
    state: State, reply: Text, *, reason: TicketReason, urgency: Urgency, requests: tuple[Request, ...] = ()
) -> Outcome:
    """Open a ticket, say so, and wait; a chat that is frozen or closed stays what it is."""
    waiting = state if isinstance(state, Frozen | Closed) else WaitingForStaff(reason=reason)
    ticket = OpenTicket(reason=reason, urgency=urgency)
    return go(waiting, Reply(text=reply), requests=(*letting_go(state), *requests, ticket))


def call_about(state: State, reason: StayingAway, context: Context) -> Outcome:
    """Have somebody call, about a reason for staying away."""
    text: Text = say_of_objections.CallComing()
    if (back_at := context.staff_back_at) is not None:
        text = say_of_objections.CallComingFrom(back_at=back_at)
    about = CALLS.get(reason, TicketReason.PERSON_ASKED)
    return wait_for_staff(state, text, reason=about, urgency=Urgency.TODAY)


def _told(context: Context) -> Text:
    back_at = context.staff_back_at
    return say.PersonKnows() if back_at is None else say.PersonKnowsFrom(back_at=back_at)


@person.on(State, Intent.HUMAN, Choice.PERSON, ends=WAITS)
def call_a_person(state: State, event: Event, context: Context) -> Outcome:
    """Tell staff, and the patient when somebody will be there; whoever waits already hears that they know.

    Whoever was offered a call, and asks in words for somebody, is called. Whoever may only mean to, with staff already
    after danger or a complaint ("I am calling now"), hears that the team knows.
    """
    guessed = isinstance(event, TextUnderstood) and not event.meaning.sure
    if isinstance(state, WaitingForStaff) or (guessed and isinstance(state, Frozen)):
        return ask(state)
    back_at = context.staff_back_at
    if isinstance(state, Frozen) and state.reason in DANGERS and back_at is not None:
        # After danger nobody is told to wait for the morning: whom to call is said again.
        return ask(state, requests=(OpenTicket(reason=TicketReason.PERSON_ASKED, urgency=Urgency.TODAY),))
    if isinstance(state, Objected) and state.reason in CALLS and isinstance(event, TextUnderstood):
        return call_about(state, state.reason, context)
    text = say.PersonComing() if back_at is None else say.PersonFrom(back_at=back_at)
    return wait_for_staff(state, text, reason=TicketReason.PERSON_ASKED, urgency=Urgency.TODAY)


@person.question(WaitingForStaff)
def say_who_knows(_state: WaitingForStaff, context: Context) -> Reply:
    """Say that a person knows, and what can be done meanwhile."""
    return Reply(text=_told(context), buttons=(time_or_visit(context),))


@person.on(State, HandedBack, ends=[Idle, STAY])
def come_back(state: State, event: HandedBack, context: Context) -> Outcome:
    """Say in one line that the assistant is back; what was open is asked again only if staff did not speak about it."""
    if event.answered:
        return come_back_to_nothing(state, event, context)
    return ask(state, Reply(text=say.AssistantBack()))


@person.on(Idle, HandedBack, ends=[Idle])
@person.on(WaitingForStaff, HandedBack, ends=[Idle])
def come_back_to_nothing(state: State, _event: HandedBack, _context: Context) -> Outcome:
    """Say in one line that the assistant is back, and rest: nothing is open, or a person has spoken about it."""
    return go(Idle(), Reply(text=say.AssistantBack(), buttons=(PERSON,)), requests=letting_go(state))


@person.on(Frozen, HandedBack, ends=[STAY])
def come_back_frozen(state: Frozen, _event: HandedBack, _context: Context) -> Outcome:
    """Say in one line that the assistant is back; the programme stays frozen until somebody clears it."""
    return go(state, Reply(text=say.AssistantBack(), buttons=(PERSON,)))


@person.on(Closed, HandedBack, ends=[STAY])
def stay_closed(state: Closed, _event: HandedBack, _context: Context) -> Outcome:
    """Say nothing: a closed line opens when a person clears it."""
    return go(state)


@person.on(Invited, HandedBack, ends=[Idle, STAY])
@person.on(Offered, HandedBack, ends=[Idle, STAY])
def come_back_to_offers(state: Invited | Offered, event: HandedBack, context: Context) -> Outcome:
    """Ask again which time suits, unless staff have spoken about it or booked a visit meanwhile."""
    if context.visit is not None and getattr(state, "moving", None) is None:
        return come_back_to_nothing(state, event, context)
    return come_back(state, event, context)
