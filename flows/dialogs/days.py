"""Choosing a day, then a part of it; the way to other times than those offered first."""

from dataclasses import replace
from datetime import time

from flows.dialogs import buttons
from flows.dialogs.calendar_days import last_instant_of
from flows.dialogs.searching import SEARCHES, search, search_days
from flows.dialogs.states import ChoosingDay, ChoosingPart, Idle, LookingForDays, LookingForTimes
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, Event, TextUnderstood
from flows.meaning import ANY_TIME, Intent, TimeWish
from flows.messages import buttons as label
from flows.messages import times as say
from flows.messages.text import Text

days = Dialog(name="days")

NOON, LAST_BEFORE_NOON = time(12), time(11, 59)
FIVE, LAST_BEFORE_FIVE = time(17), time(16, 59)

PARTS: tuple[tuple[Text, TimeWish], ...] = (
    (label.ButtonMorning(), TimeWish(latest=LAST_BEFORE_NOON)),
    (label.ButtonAfternoon(), TimeWish(earliest=NOON, latest=LAST_BEFORE_FIVE)),
    (label.ButtonEvening(), TimeWish(earliest=FIVE)),
    (label.ButtonAnyTime(), ANY_TIME),
)
"""Parts of a day in the order of their buttons: morning, afternoon, after five, any."""


def part_buttons(*places: int) -> tuple[Button, ...]:
    """Make buttons of these parts of a day."""
    return tuple(Button(choice=Choice.PART_OF_DAY, label=PARTS[place][0], argument=place) for place in places)


@days.on(ChoosingDay, Choice.DAY, ends=[ChoosingPart, STAY])
def choose_day(state: ChoosingDay, event: ChoicePressed, _context: Context) -> Outcome:
    """Ask for the part of the day that was pressed."""
    if event.argument >= len(state.days):
        return ask(state)
    return ask(ChoosingPart(day=state.days[event.argument], moving=state.moving))


@days.on(ChoosingDay, Intent.SLOT_CHOICE, Intent.BOOK, Intent.RESCHEDULE, ends=[ChoosingPart, *SEARCHES])
def name_day(state: ChoosingDay, event: TextUnderstood, context: Context) -> Outcome:
    """Take the day that was pointed at, or look for the time that was named."""
    ordinal = event.meaning.ordinal
    if ordinal is not None and -len(state.days) <= ordinal < len(state.days):
        return ask(ChoosingPart(day=state.days[ordinal], moving=state.moving))
    if event.meaning.times.names_something:
        return search(state, context, wish=event.meaning.times, moving=state.moving)
    return ask(state)


@days.on(ChoosingDay, Choice.LATER_DATES, Intent.NO, ends=[LookingForDays, Idle])
def later_days(state: ChoosingDay, _event: Event, context: Context) -> Outcome:
    """Look for days after those on the table."""
    return search_days(state, context, moving=state.moving, after=last_instant_of(state.days[-1], context.zone))


@days.question(ChoosingDay)
def which_day(state: ChoosingDay, _context: Context) -> Reply:
    """Ask which day suits."""
    choices = (*buttons.day_buttons(state.days), buttons.LATER_DATES, _way_out(state), buttons.PERSON)
    return Reply(text=say.WhichDay(), buttons=choices)


@days.on(ChoosingPart, Choice.PART_OF_DAY, ends=SEARCHES)
def choose_part(state: ChoosingPart, event: ChoicePressed, context: Context) -> Outcome:
    """Look for times in that part of the day."""
    if event.argument >= len(PARTS):
        return ask(state)
    wish = replace(PARTS[event.argument][1], dates=(state.day,))
    return search(state, context, wish=wish, moving=state.moving)


@days.on(ChoosingPart, Intent.YES, ends=[LookingForTimes, Idle])
def any_part(state: ChoosingPart, _event: TextUnderstood, context: Context) -> Outcome:
    """Take a yes for any time of the day."""
    return search(state, context, wish=TimeWish(dates=(state.day,)), moving=state.moving)


@days.on(ChoosingPart, Intent.SLOT_CHOICE, Intent.BOOK, Intent.RESCHEDULE, ends=SEARCHES)
def name_part(state: ChoosingPart, event: TextUnderstood, context: Context) -> Outcome:
    """Look for the time that was named, on the chosen day where no other was."""
    wish = event.meaning.times
    if not wish.names_something:
        return ask(state)
    if wish.dates is None:
        wish = replace(wish, dates=(state.day,))
    return search(state, context, wish=wish, moving=state.moving)


@days.on(ChoosingPart, Intent.NO, ends=[LookingForDays, Idle])
def another_day(state: ChoosingPart, _event: TextUnderstood, context: Context) -> Outcome:
    """Go back to the days."""
    return search_days(state, context, moving=state.moving)


@days.question(ChoosingPart)
def which_part(state: ChoosingPart, _context: Context) -> Reply:
    """Ask which part of the day suits."""
    choices = (*part_buttons(0, 1, 2, 3), buttons.OTHER_TIMES, _way_out(state), buttons.PERSON)
    return Reply(text=say.WhichPart(day=state.day), buttons=choices)


def _way_out(state: ChoosingDay | ChoosingPart) -> Button:
    return buttons.NOT_NOW if state.moving is None else buttons.KEEP_VISIT
