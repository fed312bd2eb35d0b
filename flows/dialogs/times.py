"""Choosing a time: an offer is taken, refused, or answered with a wish.

A word or a press that means one offer takes it; one that may mean two is asked back; nothing is guessed.
"""

from dataclasses import replace

from flows.dialogs import buttons
from flows.dialogs.booking import BOOKS, book
from flows.dialogs.calendar_days import last_instant_of
from flows.dialogs.fitting import fitting
from flows.dialogs.later import ask_when
from flows.dialogs.outreach_texts import offers_passed
from flows.dialogs.person import CALLS
from flows.dialogs.resting import RESTS
from flows.dialogs.searching import SEARCHES, search, search_days
from flows.dialogs.states import (
    Frozen,
    Idle,
    Invited,
    LookingForDays,
    LookingForTimes,
    Offered,
    WaitingForStaff,
    WhenAsked,
)
from flows.dialogs.visit import keep
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, TextUnderstood
from flows.engine.state import State
from flows.meaning import Intent, TimeWish
from flows.messages import person as say_of_waiting
from flows.messages import times as say
from flows.messages.text import Text

times = Dialog(name="times")


@times.on(State, Choice.LOOK_FOR_TIME, ends=SEARCHES)
def look_for_time(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Look for the next two times."""
    return search(state, context)


@times.on(State, Intent.BOOK, Intent.SLOT_CHOICE, ends=SEARCHES)
def look_for_wish(state: State, event: TextUnderstood, context: Context) -> Outcome:
    """Look for the time that was named, or for the next two."""
    return search(state, context, wish=event.meaning.times)


@times.on(Frozen, Intent.SLOT_CHOICE, ends=[STAY])
def note_time_for_staff(state: Frozen | WaitingForStaff, _event: TextUnderstood, _context: Context) -> Outcome:
    """Keep a time that is named for the person who will be in touch: it says when, and asks for no visit."""
    return go(state, Reply(text=say_of_waiting.Noted()))


@times.on(WaitingForStaff, Intent.SLOT_CHOICE, ends=[LookingForTimes, STAY])
def time_for_a_call_or_visit(state: WaitingForStaff, event: TextUnderstood, context: Context) -> Outcome:
    """Take the time for that of the call where one was promised for today; a later day is that of a visit."""
    days = event.meaning.times.dates
    is_later = days is not None and context.now.astimezone(context.zone).date() not in days
    if state.reason in CALLS.values() and not is_later:
        return note_time_for_staff(state, event, context)
    return look_for_wish(state, event, context)


@times.on(State, Choice.OTHER_TIMES, ends=[LookingForDays, *RESTS])
def other_times(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Look for days with free times."""
    return search_days(state, context, moving=getattr(state, "moving", None))


@times.on(Invited, Choice.SLOT, ends=BOOKS)
@times.on(Offered, Choice.SLOT, ends=BOOKS)
def take(state: Invited | Offered, event: ChoicePressed, context: Context) -> Outcome:
    """Book the offer that was pressed."""
    if event.argument >= len(state.offers):
        return ask(state)
    return book(state, state.offers[event.argument], context)


@times.on(Invited, Intent.SLOT_CHOICE, Intent.BOOK, ends=[*BOOKS, LookingForTimes])
@times.on(Offered, Intent.SLOT_CHOICE, Intent.BOOK, ends=[*BOOKS, LookingForTimes])
def take_what_is_named(state: Invited | Offered, event: TextUnderstood, context: Context) -> Outcome:
    """Book the one offer that the words mean; look for others where they mean none; ask where they may mean both."""
    meant = fitting(state.offers, event.meaning, context.zone)
    if len(meant) == 1:
        return book(state, meant[0], context)
    if event.meaning.times.names_something and not meant:
        wish = _within_what_was_wished(state, event.meaning.times)
        return search(state, context, wish=wish, moving=getattr(state, "moving", None))
    if meant or event.meaning.ordinal is not None:
        return ask(state)
    return agree(state, event, context)


def _within_what_was_wished(state: Invited | Offered, said: TimeWish) -> TimeWish:
    """Give a wish for an hour the days wished for before it: "at half past nine" says nothing of another day."""
    return replace(said, dates=state.wish.dates) if isinstance(state, Offered) and said.dates is None else said


def offers_left(state: Invited | Offered, context: Context) -> bool:
    """Tell whether any time on the table still lies ahead; else the question is whether to look for new ones."""
    return bool(buttons.open_offers(state.offers, context.now))


@times.on(Invited, Intent.YES, ends=[*BOOKS, LookingForTimes])
@times.on(Offered, Intent.YES, ends=[*BOOKS, LookingForTimes])
def agree(state: Invited | Offered, _event: TextUnderstood, context: Context) -> Outcome:
    """Book the only offer; ask which where there are two; look for new ones where all are over."""
    offers = buttons.open_offers(state.offers, context.now)
    if not offers:
        return search(state, context, moving=getattr(state, "moving", None))
    return book(state, offers[0][1], context) if len(offers) == 1 else ask(state)


@times.on(Invited, Intent.NO, ends=[WhenAsked])
def not_now(state: Invited, _event: TextUnderstood, _context: Context) -> Outcome:
    """Take a no to the invitation kindly, and ask when to write again."""
    return ask_when(state)


@times.on(Offered, Intent.NO, ends=[LookingForDays, WhenAsked, Idle])
def neither(state: Offered, event: TextUnderstood, context: Context) -> Outcome:
    """Look for other days where neither offer suits; where all are over, no new ones are wanted."""
    if not offers_left(state, context):
        return ask_when(state) if context.visit is None else keep(state, event, context)
    return search_days(state, context, moving=state.moving)


@times.on(Invited, Intent.RESCHEDULE, ends=[LookingForDays, *BOOKS, LookingForTimes])
@times.on(Offered, Intent.RESCHEDULE, ends=[LookingForDays, *BOOKS, LookingForTimes])
def another_time(state: Invited | Offered, event: TextUnderstood, context: Context) -> Outcome:
    """Look for another time than the offers: the one that was named, or other days."""
    if event.meaning.times.names_something:
        return take_what_is_named(state, event, context)
    return search_days(state, context, moving=getattr(state, "moving", None))


@times.on(Offered, Choice.LATER_DATES, ends=[LookingForTimes, Idle])
def later_than_offered(state: Offered, _event: ChoicePressed, context: Context) -> Outcome:
    """Look for times after the days on the table, at the same hours."""
    last = max(slot.starts_at for slot in state.offers).astimezone(context.zone).date()
    wish = replace(state.wish, dates=None)
    return search(state, context, wish=wish, moving=state.moving, after=last_instant_of(last, context.zone))


@times.question(Offered)
def offer_times(state: Offered, context: Context) -> Reply:
    """Offer the times, say how long they are kept, and whether they are what was wished for."""
    first, minutes = state.offers[0].starts_at, context.clinic.hold_minutes
    text: Text
    if len(state.offers) == 1:
        text = (say.OneTime if state.exact else say.NearestOne)(first=first, minutes=minutes)
    else:
        both = say.TwoTimes if state.exact else say.NearestTwo
        text = both(first=first, second=state.offers[1].starts_at, minutes=minutes)
    return Reply(text=text, buttons=_offer_buttons(state, context))


@times.question_again(Invited, Offered)
def which_time(state: Invited | Offered, context: Context) -> Reply:
    """Ask which of the times suits, shortly; where all are over, say so."""
    offers = buttons.open_offers(state.offers, context.now)
    if not offers:
        return offers_passed()
    first = offers[0][1].starts_at
    text: Text = say.WouldSuit(first=first)
    if len(offers) > 1:
        text = say.WhichOfTwo(first=first, second=offers[1][1].starts_at)
    return Reply(text=text, buttons=_offer_buttons(state, context))


def _offer_buttons(state: Invited | Offered, context: Context) -> tuple[Button, ...]:
    offers = buttons.slot_buttons(buttons.open_offers(state.offers, context.now))
    if isinstance(state, Invited):
        return (*offers, buttons.OTHER_TIMES, buttons.NOT_NOW, buttons.PERSON)
    way_out = buttons.NOT_NOW if state.moving is None else buttons.KEEP_VISIT
    return (*offers, buttons.OTHER_TIMES, buttons.LATER_DATES, way_out, buttons.PERSON)
