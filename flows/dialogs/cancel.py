"""Calling things off: the visit after one question back; a bare "cancel" after asking what is meant.

A bare "cancel" ends outreach at once, before anything is asked; only the patient's own press lets it go on. One that
names a day is about the visit.
"""

from dataclasses import replace

from flows.dialogs import buttons
from flows.dialogs.resting import RESTS, letting_go
from flows.dialogs.settings import open_for
from flows.dialogs.states import CancelAsked, CancelMeant, GuardianAsked, Idle, MessagesAsked
from flows.dialogs.stop import stop_messages
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, Event, TextUnderstood, VisitCancelled, VisitGone
from flows.engine.requests import CancelVisit, RecordConsent
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import cancel as say
from flows.vocabulary import Purpose

cancel = Dialog(name="cancel")

OUTREACH = frozenset({Purpose.RECALL, Purpose.OFFER})


@cancel.on(CancelAsked, Choice.CONFIRM_CANCEL, Intent.YES, Intent.CANCEL, ends=[STAY])
def cancel_visit(state: CancelAsked, _event: Event, _context: Context) -> Outcome:
    """Take the visit out of the calendar."""
    return go(state, requests=(CancelVisit(appointment_id=state.appointment_id),))


@cancel.on(CancelAsked, VisitCancelled, ends=[Idle])
def say_cancelled(_state: CancelAsked, event: VisitCancelled, _context: Context) -> Outcome:
    """Say that it is cancelled, and offer another time."""
    text = say.Cancelled(starts_at=event.visit.slot.starts_at)
    return go(Idle(), Reply(text=text, buttons=(buttons.LOOK_FOR_TIME, buttons.NOT_NOW, buttons.PERSON)))


@cancel.on(CancelAsked, VisitGone, ends=[Idle])
def say_gone(_state: CancelAsked, _event: VisitGone, _context: Context) -> Outcome:
    """Say that there is no such visit any more."""
    return go(Idle(), Reply(text=say.AlreadyGone(), buttons=(buttons.LOOK_FOR_TIME, buttons.PERSON)))


@cancel.question(CancelAsked)
def ask_back(state: CancelAsked, _context: Context) -> Reply:
    """Ask whether to cancel, move or keep the visit."""
    choices = (buttons.CONFIRM_CANCEL, buttons.CHANGE_VISIT, buttons.KEEP_VISIT, buttons.PERSON)
    return Reply(text=say.CancelSure(starts_at=state.starts_at), buttons=choices)


@cancel.on(State, Intent.CANCEL, ends=[CancelMeant, CancelAsked])
def hold_outreach_and_ask(state: State, event: TextUnderstood, context: Context) -> Outcome:
    """End outreach at once, and ask what was meant; whoever names a day means the visit, and is asked of that."""
    booked = context.visit
    if booked is not None and event.meaning.times.dates is not None:
        asked = CancelAsked(appointment_id=booked.appointment_id, starts_at=booked.slot.starts_at)
        return ask(asked, requests=letting_go(state))
    meant = CancelMeant(
        appointment_id=booked.appointment_id if booked else None,
        starts_at=booked.slot.starts_at if booked else None,
        offers_before=Purpose.OFFER in context.patient.permitted,
    )
    return ask(meant, requests=(*letting_go(state), RecordConsent(refused=OUTREACH)))


@cancel.on(CancelMeant, Choice.CANCEL_VISIT, ends=[STAY])
def cancel_the_visit_meant(state: CancelMeant, _event: Event, _context: Context) -> Outcome:
    """Cancel the visit: saying so twice is asking back enough."""
    if state.appointment_id is None:
        return ask(state)
    return go(state, requests=(CancelVisit(appointment_id=state.appointment_id),))


@cancel.on(CancelMeant, VisitCancelled, ends=[MessagesAsked])
def ask_about_messages(state: CancelMeant, event: VisitCancelled, _context: Context) -> Outcome:
    """Say that the visit is cancelled, and ask whether the messages should stay off."""
    return ask(MessagesAsked(starts_at=event.visit.slot.starts_at, offers_before=state.offers_before))


@cancel.on(CancelMeant, VisitGone, ends=[CancelMeant])
def ask_without_the_visit(state: CancelMeant, _event: VisitGone, _context: Context) -> Outcome:
    """Say that there is no such visit any more; what is left to ask about is the messages."""
    return ask(CancelMeant(offers_before=state.offers_before), Reply(text=say.AlreadyGone()))


@cancel.on(CancelMeant, Choice.KEEP_MESSAGES, ends=[Idle, GuardianAsked])
@cancel.on(MessagesAsked, Choice.KEEP_MESSAGES, ends=[Idle, GuardianAsked])
def let_messages_go_on(state: CancelMeant | MessagesAsked, _event: ChoicePressed, context: Context) -> Outcome:
    """Permit again what a bare "cancel" ended, by the patient's own press; for a child a guardian does."""
    if context.patient.minor:
        return open_for(state, context)
    before = OUTREACH if state.offers_before else frozenset({Purpose.RECALL})
    return go(
        Idle(),
        Reply(text=say.MessagesKept(), buttons=(buttons.SETTINGS,)),
        requests=(RecordConsent(permitted=before),),
    )


@cancel.on(CancelMeant, Intent.YES, ends=[CancelMeant, *RESTS, STAY])
def yes_to_what_is_asked(state: CancelMeant, event: TextUnderstood, context: Context) -> Outcome:
    """End the messages where that was all the question; where a visit may be meant, ask of that alone."""
    return stop_messages(state, context) if state.appointment_id is None else visit_in_words(state, event, context)


@cancel.on(CancelMeant, Intent.CANCEL, ends=[CancelMeant, STAY])
def visit_in_words(state: CancelMeant, event: TextUnderstood, context: Context) -> Outcome:
    """Ask of the visit alone, and cancel it when that is said once more."""
    if state.about_visit:
        return cancel_the_visit_meant(state, event, context)
    return ask(replace(state, about_visit=state.appointment_id is not None))


@cancel.on(CancelMeant, Intent.NO, ends=[CancelMeant, STAY])
@cancel.on(MessagesAsked, Intent.YES, Intent.NO, Intent.CANCEL, ends=[STAY])
def ask_plainly_again(state: CancelMeant | MessagesAsked, _event: TextUnderstood, _context: Context) -> Outcome:
    """Ask again: a word that may mean the contrary permits nothing. The messages stay off meanwhile."""
    return ask(replace(state, about_visit=False) if isinstance(state, CancelMeant) else state)


@cancel.question(CancelMeant)
def ask_what_is_meant(state: CancelMeant, _context: Context) -> Reply:
    """Ask whether the visit, the messages or neither is meant."""
    if state.starts_at is None:
        choices: tuple[Button, ...] = (buttons.STOP, buttons.KEEP_MESSAGES, buttons.PERSON)
        return Reply(text=say.CancelMessages(), buttons=choices)
    if state.about_visit:
        choices = (buttons.CANCEL_VISIT, buttons.CHANGE_VISIT, buttons.KEEP_BOTH, buttons.STOP, buttons.PERSON)
        return Reply(text=say.CancelSure(starts_at=state.starts_at), buttons=choices)
    choices = (buttons.CANCEL_VISIT, buttons.STOP, buttons.KEEP_BOTH, buttons.PERSON)
    return Reply(text=say.CancelWhich(starts_at=state.starts_at), buttons=choices)


@cancel.question(MessagesAsked)
def ask_whether_messages_stay_off(state: MessagesAsked, _context: Context) -> Reply:
    """Say that the visit is cancelled, and ask whether the messages should stay off too."""
    choices = (buttons.KEEP_MESSAGES, buttons.STOP, buttons.LOOK_FOR_TIME, buttons.PERSON)
    return Reply(text=say.CancelledMessagesOff(starts_at=state.starts_at), buttons=choices)
