"""Danger, law and death break any dialog: fixed texts, staff told, the programme frozen until a person clears it.

Nothing is asked, nothing is assessed, no name is said.
"""

from flows.dialogs import buttons
from flows.dialogs.resting import letting_go, rest
from flows.dialogs.states import Closed, Frozen, Idle
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import (
    AttachmentReceived,
    CheckInSent,
    ChoicePressed,
    Event,
    FreezeCleared,
    InvitationSent,
    LinkOver,
    OldButtonPressed,
    PhoneNotOwn,
    PhoneShared,
    Recognised,
    ReminderSent,
    TextUnderstood,
)
from flows.engine.requests import (
    FreezeProgramme,
    OpenTicket,
    RecordConsent,
    RecordStop,
    ReleaseHolds,
    Request,
    StoreReason,
)
from flows.engine.state import State
from flows.meaning import Flag, Intent
from flows.messages import objections as say_of_objections
from flows.messages import safety as say
from flows.vocabulary import Purpose, Reach, StayingAway, TicketReason, Urgency

safety = Dialog(name="safety")

FREEZES = (Frozen, STAY)
"""The ends of a rule that freezes the programme; a closed line stays closed."""


_COURTESIES = frozenset({Intent.CHITCHAT, Intent.YES, Intent.NO})
_LITTLE = _COURTESIES | {Intent.OTHER, Intent.NO_NEED, Intent.NO_TIME}
"""What somebody may say after a crisis line that asks for nothing."""


def freeze(
    state: State, reply: Reply, *, reason: TicketReason, urgency: Urgency, requests: tuple[Request, ...] = ()
) -> Outcome:
    """Freeze the programme, tell staff, give back what is held, and say the text."""
    frozen = state if isinstance(state, Closed) else Frozen(reason=reason)
    ticket = OpenTicket(reason=reason, urgency=urgency)
    return go(frozen, reply, requests=(ReleaseHolds(), *requests, FreezeProgramme(reason=reason), ticket))


@safety.on(State, Intent.URGENT, ends=FREEZES)
def emergency(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say the fixed text and alert staff, however often it is said."""
    text = Reply(text=say.Emergency(), reach=Reach.ALWAYS)
    return freeze(state, text, reason=TicketReason.EMERGENCY, urgency=Urgency.NOW)


@safety.on(State, Flag.DENIED_URGENT, ends=[STAY])
def denied_emergency(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say the fixed text all the same; staff look at it today, nothing is frozen."""
    review = OpenTicket(reason=TicketReason.EMERGENCY, urgency=Urgency.TODAY)
    return go(state, Reply(text=say.Emergency(), reach=Reach.ALWAYS), requests=(review,))


@safety.on(State, Flag.CRISIS, ends=FREEZES)
def crisis(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say the fixed kind text with the number to call, and alert staff."""
    text = Reply(text=say.Crisis(), reach=Reach.ALWAYS)
    return freeze(state, text, reason=TicketReason.CRISIS, urgency=Urgency.NOW)


def _says_little(state: State, event: Event, _context: Context) -> bool:
    in_crisis = isinstance(state, Frozen) and state.reason is TicketReason.CRISIS
    return in_crisis and isinstance(event, TextUnderstood) and event.meaning.intent in _LITTLE


@safety.on(Frozen, TextUnderstood, ends=[STAY], when=_says_little)
def still_there(state: Frozen, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say the kind text again: whoever goes on talking after it must not get a form's answer."""
    return go(state, Reply(text=say.Crisis(), reach=Reach.ALWAYS))


@safety.on(State, Flag.LEGAL, ends=FREEZES)
def legal(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say one neutral line, and leave it to people."""
    return freeze(state, Reply(text=say.LegalNoted()), reason=TicketReason.LEGAL, urgency=Urgency.TODAY)


@safety.on(State, Intent.COMPLAINT, ends=[Frozen])
def complaint(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say sorry; a person calls, and nothing else is sent until then."""
    store = (StoreReason(reason=StayingAway.BAD_EXPERIENCE),)
    sorry = Reply(text=say_of_objections.ComplaintHeard())
    return freeze(state, sorry, reason=TicketReason.COMPLAINT, urgency=Urgency.TODAY, requests=store)


@safety.on(State, Intent.ERASE, ends=[Idle, STAY])
def data_request(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Acknowledge a wish to see or erase data, and leave it to people; no data in the chat."""
    ticket = OpenTicket(reason=TicketReason.DATA_REQUEST, urgency=Urgency.TODAY)
    return go(rest(state), Reply(text=say.DataRequestNoted()), requests=(*letting_go(state), ticket))


@safety.on(State, Intent.WRONG_PERSON, ends=[Closed])
def wrong_person(_state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Apologise without a name, write no more, tell staff."""
    return _close(Reply(text=say.WrongPersonSorry()), TicketReason.WRONG_PERSON)


@safety.on(State, Intent.DECEASED, ends=[Closed])
def deceased(_state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say one condolence, write no more, let staff confirm."""
    return _close(Reply(text=say.Condolence()), TicketReason.DECEASED)


def _close(reply: Reply, reason: TicketReason) -> Outcome:
    return go(
        Closed(reason=reason),
        reply,
        requests=(
            ReleaseHolds(),
            RecordStop(),
            RecordConsent(refused=frozenset({Purpose.APPOINTMENT})),
            FreezeProgramme(reason=reason),
            OpenTicket(reason=reason, urgency=Urgency.TODAY),
        ),
    )


@safety.on(Frozen, FreezeCleared, ends=[Idle])
@safety.on(Closed, FreezeCleared, ends=[Idle])
def cleared(_state: State, _event: FreezeCleared, _context: Context) -> Outcome:
    """Go on as before, without a word: a person has spoken already."""
    return go(Idle())


@safety.on(
    Closed,
    TextUnderstood,
    ChoicePressed,
    OldButtonPressed,
    AttachmentReceived,
    LinkOver,
    PhoneShared,
    PhoneNotOwn,
    Recognised,
    ends=[STAY],
)
def stay_closed(state: Closed, event: Event, context: Context) -> Outcome:
    """Say nothing about any patient, whatever is asked; to a "thank you" nothing at all, for no more was promised."""
    if isinstance(event, TextUnderstood) and event.meaning.intent in _COURTESIES:
        return go(state)
    return go(state, still_closed(state, context))


@safety.on(Closed, InvitationSent, ReminderSent, CheckInSent, ends=[STAY])
def ignore_what_leaves(state: Closed, _event: Event, _context: Context) -> Outcome:
    """Stay closed, whatever was on its way."""
    return go(state)


@safety.question(Closed)
def still_closed(_state: Closed, _context: Context) -> Reply:
    """Say that staff read here."""
    return Reply(text=say.LineClosed(), buttons=(buttons.PERSON,))


@safety.question(Frozen)
def still_frozen(_state: Frozen, context: Context) -> Reply:
    """Say that the team knows, whom to call, and what can be done here."""
    return Reply(text=say.StillWithTeam(), buttons=(buttons.time_or_visit(context), buttons.PERSON))
