"""Calling things off: the visit after one question back; a bare "cancel" after asking what is meant.

A bare "cancel" ends outreach at once, before anything is asked; only the patient's own press, or a plain "no" to the
question whether it should stay off, lets it go on. One that names a day, or tells more, is about the visit.
"""

import re
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
from flows.engine.events import Event, TextUnderstood, VisitCancelled, VisitGone
from flows.engine.requests import CancelVisit, RecordConsent
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import cancel as say
from flows.vocabulary import Purpose

cancel = Dialog(name="cancel")

OUTREACH = frozenset({Purpose.RECALL, Purpose.OFFER})
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
WORDS_OF_A_COMMAND = 3
"""So many at most are a bare "cancel", a "please" included; more tell of a visit: "cannot make it on Tuesday"."""
SAY_SO = frozenset({Intent.YES, Intent.CANCEL})
"""What both say "yes, cancel it": where the two are likeliest, it does not matter which is meant."""


def _says_so(_state: State, event: TextUnderstood, _context: Context) -> bool:
    meaning = event.meaning
    return not meaning.sure and {meaning.intent, *meaning.alternatives[:1]} == SAY_SO


def _is_bare(event: TextUnderstood) -> bool:
    return len(event.text.split()) == 1


def _tells_of_a_visit(event: TextUnderstood) -> bool:
    return event.meaning.times.dates is not None or len(_WORD.findall(event.text)) > WORDS_OF_A_COMMAND


@cancel.on(CancelAsked, TextUnderstood, ends=[STAY], when=_says_so)
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
    """End outreach at once, and ask what was meant; whoever says more than the word means the visit, and is asked."""
    booked = context.visit
    if booked is not None and _tells_of_a_visit(event):
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
def let_messages_go_on(state: CancelMeant | MessagesAsked, _event: Event, context: Context) -> Outcome:
    """Permit again what a bare "cancel" ended, by the patient's own press or word; for a child a guardian does."""
    if context.patient.minor:
        return open_for(state, context)
    before = OUTREACH if state.offers_before else frozenset({Purpose.RECALL})
    return go(
        Idle(),
        Reply(text=say.MessagesKept(), buttons=(buttons.SETTINGS,)),
        requests=(RecordConsent(permitted=before),),
    )


@cancel.on(CancelMeant, TextUnderstood, ends=[CancelMeant, *RESTS, STAY], when=_says_so)
@cancel.on(CancelMeant, Intent.YES, Intent.CANCEL, ends=[CancelMeant, *RESTS, STAY])
def yes_to_what_is_asked(state: CancelMeant, event: TextUnderstood, context: Context) -> Outcome:
    """End the messages where that was all the question; where a visit may be meant, ask of that alone."""
    if state.appointment_id is None:
        return stop_messages(state, context)
    if state.about_visit:
        return cancel_the_visit_meant(state, event, context)
    return ask(replace(state, about_visit=True))


@cancel.on(MessagesAsked, Intent.NO, ends=[Idle, GuardianAsked, STAY])
def no_to_leaving_them_off(state: MessagesAsked, event: TextUnderstood, context: Context) -> Outcome:
    """Permit them again only by a bare "no"; with more words behind it, it may mean the contrary: "no, don't write"."""
    return let_messages_go_on(state, event, context) if _is_bare(event) else ask(state)


@cancel.on(MessagesAsked, TextUnderstood, ends=[Idle], when=_says_so)
@cancel.on(MessagesAsked, Intent.YES, Intent.CANCEL, ends=[Idle])
def leave_messages_off(state: MessagesAsked, _event: TextUnderstood, context: Context) -> Outcome:
    """End the messages for good, by the patient's own word."""
    return stop_messages(state, context)


@cancel.on(CancelMeant, Intent.NO, ends=[CancelMeant, Idle, GuardianAsked, STAY])
def no_to_what_is_asked(state: CancelMeant, event: TextUnderstood, context: Context) -> Outcome:
    """Do the contrary of what was asked; of three things a "no" may mean any, and is asked about again.

    Where it was the visit, that stays, and what is left to ask about is the messages.
    """
    if state.starts_at is None:
        return let_messages_go_on(state, event, context) if _is_bare(event) else ask(state)
    if state.about_visit:
        return ask(CancelMeant(offers_before=state.offers_before), Reply(text=say.VisitKept(starts_at=state.starts_at)))
    return ask(state)


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
