"""When nothing fits: said plainly once, with choices; the second time a person. Old buttons lead to what is open."""

from collections.abc import Iterable

from flows.dialogs import buttons
from flows.dialogs.person import WAITS, wait_for_staff
from flows.dialogs.states import Frozen, WaitingForStaff
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import NotUnderstood, OldButtonPressed
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import buttons as label
from flows.messages import meant
from flows.messages import person as say_of_waiting
from flows.messages import repair as say
from flows.messages import safety as say_of_safety
from flows.messages.text import Text
from flows.vocabulary import Reach, TicketReason, Urgency

repair = Dialog(name="repair")

READINGS: dict[Intent, Text] = {
    Intent.DECEASED: meant.MeantDeceased(),
    Intent.WRONG_PERSON: meant.MeantWrongPerson(),
    Intent.STOP: meant.MeantStop(),
    Intent.ERASE: meant.MeantErase(),
    Intent.COMPLAINT: meant.MeantComplaint(),
    Intent.MONEY: meant.MeantMoney(),
    Intent.FEAR: meant.MeantFear(),
    Intent.OTHER_DENTIST: meant.MeantOtherDentist(),
    Intent.NO_NEED: meant.MeantNoNeed(),
    Intent.NO_TIME: meant.MeantNoTime(),
    Intent.MOVED: meant.MeantMoved(),
    Intent.LATER: meant.MeantLater(),
    Intent.SLOT_CHOICE: label.ButtonLookForTime(),
    Intent.BOOK: label.ButtonLookForTime(),
    Intent.RESCHEDULE: meant.MeantReschedule(),
    Intent.CANCEL: meant.MeantCancel(),
    Intent.RUNNING_LATE: meant.MeantRunningLate(),
    Intent.ALREADY_BOOKED: meant.MeantAlreadyBooked(),
    Intent.UPDATE_CONTACT: meant.MeantUpdateContact(),
    Intent.PRICE_QUESTION: meant.MeantPriceQuestion(),
    Intent.INFO_QUESTION: meant.MeantInfoQuestion(),
    Intent.FEEDBACK_BAD: meant.MeantFeedbackBad(),
}
"""The readings that can be offered, each in the patient's own voice."""

MOST_READINGS = 3


@repair.on(State, NotUnderstood, ends=WAITS)
def not_understood(state: State, event: NotUnderstood, context: Context) -> Outcome:
    """Say so and offer choices; the second time, bring in a person."""
    if event.times > 1:
        text: Text = say.NotUnderstoodPerson()
        if (back_at := context.staff_back_at) is not None:
            text = say.NotUnderstoodPersonFrom(back_at=back_at)
        return wait_for_staff(state, text, reason=TicketReason.NOT_UNDERSTOOD, urgency=Urgency.TODAY)
    open_choices = event.question.buttons if event.question else buttons.menu(context)
    choices = _unlike((*_readings(event.readings), *open_choices, buttons.PERSON))
    return go(state, Reply(text=say.NotUnderstoodOnce(), buttons=choices))


@repair.on(Frozen, NotUnderstood, ends=[STAY])
def note_or_ask_of_a_stop(state: Frozen, event: NotUnderstood, context: Context) -> Outcome:
    """Keep what is said for the person who comes, without guesses; only what may be a stop is asked back."""
    stop = event.readings[:1] == (Intent.STOP,)
    if state.reason is TicketReason.CRISIS and event.times == 1:
        choices = (*_readings(event.readings[:1]), buttons.PERSON) if stop else ()
        return go(state, Reply(text=say_of_safety.Crisis(), buttons=choices, reach=Reach.ALWAYS))
    if not stop:
        return note(state, event, context)
    return go(state, Reply(text=say.NotUnderstoodOnce(), buttons=(*_readings(event.readings[:1]), buttons.PERSON)))


@repair.on(WaitingForStaff, NotUnderstood, ends=[STAY])
def note(state: WaitingForStaff | Frozen, event: NotUnderstood, _context: Context) -> Outcome:
    """Keep what is said for the person who comes; say so once, then be quiet."""
    return go(state, Reply(text=say_of_waiting.Noted())) if event.times == 1 else go(state)


@repair.on(State, OldButtonPressed, ends=[STAY])
def moved_on(state: State, _event: OldButtonPressed, _context: Context) -> Outcome:
    """Say that this has moved on, and ask what is open now."""
    return ask(state, Reply(text=say.MovedOn()))


def _readings(intents: tuple[Intent, ...]) -> tuple[Button, ...]:
    known = ((place, READINGS[intent]) for place, intent in enumerate(intents) if intent in READINGS)
    return _unlike(Button(choice=Choice.MEANT, label=text, argument=place) for place, text in known)[:MOST_READINGS]


def _unlike(many: Iterable[Button]) -> tuple[Button, ...]:
    """Keep the first of the buttons that read alike."""
    kept: dict[Text, Button] = {}
    for button in many:
        kept.setdefault(button.label, button)
    return tuple(kept.values())
