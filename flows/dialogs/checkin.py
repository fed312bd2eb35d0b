"""The check-in after a visit: thanks and the next recall where all was well, staff at once where it was not."""

from flows.dialogs import buttons
from flows.dialogs.outreach_texts import check_in
from flows.dialogs.person import WAITS, wait_for_staff
from flows.dialogs.resting import RESTS, letting_go, rest
from flows.dialogs.states import CheckInAsked, Closed, Frozen, Idle, MayWeWrite, WaitingForStaff
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import CheckInSent, Event
from flows.engine.requests import RecordConsent, RememberAsking
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import checkin as say
from flows.vocabulary import Purpose, TicketReason, Urgency

checkin = Dialog(name="checkin")


@checkin.on(State, CheckInSent, ends=[CheckInAsked, STAY])
def check(state: State, _event: CheckInSent, _context: Context) -> Outcome:
    """Wait for the answer; a chat that waits for a person goes on waiting."""
    return go(state if isinstance(state, WaitingForStaff | Frozen | Closed) else CheckInAsked())


@checkin.on(State, Choice.ALL_GOOD, ends=[MayWeWrite, *RESTS])
@checkin.on(CheckInAsked, Intent.YES, Intent.FEEDBACK_GOOD, ends=[MayWeWrite, Idle])
def all_good(state: State, _event: Event, context: Context) -> Outcome:
    """Thank, and agree on the next recall: booked already, written about when due, or asked once whether it may be."""
    if context.visit is not None:
        text = say.GladNextVisit(starts_at=context.visit.slot.starts_at)
        return go(rest(state), Reply(text=text, buttons=(buttons.MY_VISIT,)), requests=letting_go(state))
    if Purpose.RECALL in context.patient.permitted:
        offered = Reply(text=say.GladWillWrite(), buttons=(buttons.LOOK_FOR_TIME, buttons.SETTINGS))
        return go(rest(state), offered, requests=letting_go(state))
    if Purpose.RECALL not in context.patient.unasked or context.patient.minor:
        glad = Reply(text=say.Glad(), buttons=(buttons.LOOK_FOR_TIME, buttons.SETTINGS))
        return go(rest(state), glad, requests=letting_go(state))
    return ask(MayWeWrite(), requests=(*letting_go(state), RememberAsking()))


@checkin.on(State, Choice.NOT_QUITE, ends=WAITS)
@checkin.on(CheckInAsked, Intent.NO, Intent.FEEDBACK_BAD, ends=[WaitingForStaff])
def not_quite(state: State, _event: Event, _context: Context) -> Outcome:
    """Tell staff at once."""
    return wait_for_staff(state, say.WorryHeard(), reason=TicketReason.WORRY, urgency=Urgency.NOW)


@checkin.on(MayWeWrite, Choice.KEEP_MESSAGES, Intent.YES, ends=[Idle])
def may_write(state: MayWeWrite, _event: Event, _context: Context) -> Outcome:
    """Permit recall, by the patient's own answer to a plain question."""
    permit = RecordConsent(permitted=frozenset({Purpose.RECALL}))
    return go(rest(state), Reply(text=say.WillWrite(), buttons=(buttons.SETTINGS,)), requests=(permit,))


@checkin.on(MayWeWrite, Choice.NO_THANKS, Intent.NO, ends=[Idle])
def may_not_write(state: MayWeWrite, _event: Event, _context: Context) -> Outcome:
    """Take the no, and keep it."""
    refuse = RecordConsent(refused=frozenset({Purpose.RECALL}))
    return go(rest(state), Reply(text=say.WillNotWrite()), requests=(refuse,))


@checkin.question(CheckInAsked)
def ask_how_it_was(_state: CheckInAsked, context: Context) -> Reply:
    """Ask with the words of the check-in."""
    return check_in(context)


@checkin.question(MayWeWrite)
def ask_whether_to_write(_state: MayWeWrite, _context: Context) -> Reply:
    """Thank, and ask whether to write when the next check-up is due."""
    return Reply(text=say.GladMayWeWrite(), buttons=(buttons.WRITE_TO_ME, buttons.NO_THANKS, buttons.PERSON))
