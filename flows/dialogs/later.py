"""Not now: when may the practice write again, or shall it rest?"""

from datetime import date

from flows.dialogs import buttons
from flows.dialogs.calendar_days import months_later, start_of
from flows.dialogs.resting import RESTS, letting_go, rest
from flows.dialogs.states import Idle, Objected, WhenAsked
from flows.dialogs.visit import keep
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import Dialog
from flows.engine.events import ChoicePressed, Event, TextUnderstood
from flows.engine.requests import PauseProgramme, StoreReason
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import later as say
from flows.messages import objections as say_of_objections
from flows.vocabulary import StayingAway

later = Dialog(name="later")

MONTHS = (1, 3, 6)
LONGEST_PAUSE = 24


def ask_when(state: State, *, answered: frozenset[StayingAway] = frozenset()) -> Outcome:
    """Ask when to write again; `answered`: the objections that led here."""
    return ask(WhenAsked(answered=answered), requests=letting_go(state))


def pause(state: State, until: date, context: Context) -> Outcome:
    """Send nothing of the programme before that day (clinic's calendar), and say so.

    "Later" is stored as the reason for staying away only where no other was given: the other one says more.
    """
    other_reason = isinstance(state, Objected) or (isinstance(state, WhenAsked) and state.answered)
    store = () if other_reason else (StoreReason(reason=StayingAway.LATER),)
    return go(
        rest(state),
        Reply(text=say.PausedUntil(until=until), buttons=(buttons.time_or_visit(context),)),
        requests=(*letting_go(state), *store, PauseProgramme(until=start_of(until, context.zone))),
    )


def part_kindly(state: State) -> Outcome:
    """Take a no for a no, with the way back."""
    goodbye = Reply(text=say_of_objections.Goodbye(), buttons=(buttons.LOOK_FOR_TIME,))
    return go(rest(state), goodbye, requests=letting_go(state))


def named_day(event: TextUnderstood, context: Context) -> date | None:
    """Give the first day ahead that a text names, if it names any within reach."""
    last = months_later(context.today, LONGEST_PAUSE)
    ahead = (day for day in event.meaning.times.dates or () if context.today < day <= last)
    return next(ahead, None)


@later.on(State, Choice.NOT_NOW, Choice.PAUSE, ends=[WhenAsked])
def when_again(state: State, _event: ChoicePressed, _context: Context) -> Outcome:
    """Ask when to write again."""
    return ask_when(state)


@later.on(State, Intent.LATER, ends=[WhenAsked, *RESTS])
def later_as_said(state: State, event: TextUnderstood, context: Context) -> Outcome:
    """Pause until the day that was named, or ask for one."""
    until = named_day(event, context)
    return ask_when(state) if until is None else pause(state, until, context)


@later.on(WhenAsked, Intent.LATER, Intent.SLOT_CHOICE, ends=RESTS)
def day_as_said(state: WhenAsked, event: TextUnderstood, context: Context) -> Outcome:
    """Pause until the day that was named, or ask once more for one."""
    until = named_day(event, context)
    if until is None:
        return go(state, Reply(text=say.WhichDate(), buttons=_when_buttons(context)))
    return pause(state, until, context)


@later.on(WhenAsked, Choice.IN_MONTHS, ends=RESTS)
@later.on(Objected, Choice.IN_MONTHS, ends=RESTS)
def months_from_now(state: WhenAsked | Objected, event: ChoicePressed, context: Context) -> Outcome:
    """Pause for the months that were pressed."""
    if event.argument not in MONTHS:
        return ask(state)
    return pause(state, months_later(context.today, event.argument), context)


@later.on(WhenAsked, Choice.NO_THANKS, Intent.NO, ends=[Idle])
@later.on(Objected, Choice.NO_THANKS, Intent.NO, ends=[Idle])
def no_thanks(state: WhenAsked | Objected, event: Event, context: Context) -> Outcome:
    """Take a no for a no; where it was about a booked visit, the visit stays."""
    if isinstance(state, Objected) and context.visit is not None:
        return keep(state, event, context)
    return part_kindly(state)


@later.question(WhenAsked)
def ask_for_a_day(state: WhenAsked, context: Context) -> Reply:
    """Ask when to write again; after an objection that was given twice, accept that first."""
    text = say_of_objections.NotPressed() if state.answered else say.WhenAgain()
    return Reply(text=text, buttons=_when_buttons(context))


def _when_buttons(context: Context) -> tuple[Button, ...]:
    return (*buttons.month_buttons(context, *MONTHS), buttons.NO_THANKS, buttons.PERSON)
