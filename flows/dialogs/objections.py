"""Reasons for staying away: answered once, kindly, with one helpful fact and one small next step; "no" is fine.

The reason is stored. The same reason twice is not argued with.
"""

from flows.dialogs import buttons
from flows.dialogs.days import PARTS, part_buttons
from flows.dialogs.later import ask_when, part_kindly
from flows.dialogs.person import WAITS, call_about, wait_for_staff
from flows.dialogs.resting import letting_go
from flows.dialogs.searching import SEARCHES, search
from flows.dialogs.states import Frozen, Idle, LookingForTimes, Objected, WaitingForStaff, WhenAsked
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, TextUnderstood
from flows.engine.requests import StoreReason
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import objections as say
from flows.messages import person as say_of_waiting
from flows.messages import welcome as say_again
from flows.messages.text import Text
from flows.slots import BookedVisit
from flows.vocabulary import StayingAway, TicketReason, Urgency

objections = Dialog(name="objections")

REASONS = {
    Intent.MONEY: StayingAway.MONEY,
    Intent.FEAR: StayingAway.FEAR,
    Intent.OTHER_DENTIST: StayingAway.OTHER_DENTIST,
    Intent.NO_NEED: StayingAway.NO_NEED,
    Intent.NO_TIME: StayingAway.NO_TIME,
    Intent.MOVED: StayingAway.MOVED,
}
"""Objections that are answered; a bad experience goes to a person, "later" is asked for a date."""

EARLY, LATE = 0, 2


@objections.on(State, *REASONS, ends=[Objected, WhenAsked, WaitingForStaff, Idle])
def answer(state: State, event: TextUnderstood, context: Context) -> Outcome:
    """Answer the reason and store it; given again, accept it; given once more, part kindly.

    Given again while a visit is booked, it needs a person: the visit is nothing to be left at that.
    """
    reason = REASONS[event.meaning.intent]
    answered = state.answered if isinstance(state, Objected | WhenAsked) else frozenset()
    if reason not in answered:
        store = (*letting_go(state), StoreReason(reason=reason))
        return ask(Objected(reason=reason, answered=answered | {reason}), requests=store)
    if context.visit is not None:
        return call_about(state, reason, context)
    if isinstance(state, WhenAsked):
        return part_kindly(state)
    return ask_when(state, answered=answered)


@objections.on(Frozen, *REASONS, ends=[STAY])
def leave_to_staff(state: Frozen, _event: TextUnderstood, _context: Context) -> Outcome:
    """Keep the reason for the person who comes: after danger, a threat or a complaint, no answer of ours is apt."""
    return go(state, Reply(text=say_of_waiting.Noted()))


@objections.on(Objected, Choice.CALL_ME, ends=[WaitingForStaff])
def call_me(state: Objected, _event: ChoicePressed, context: Context) -> Outcome:
    """Have somebody call, about what the reason was."""
    return call_about(state, state.reason, context)


@objections.on(Objected, Choice.PASS_ON_RECORDS, ends=[WaitingForStaff])
def pass_on_records(state: Objected, _event: ChoicePressed, _context: Context) -> Outcome:
    """Have staff send the records on."""
    return _records(state)


@objections.on(Objected, Choice.PART_OF_DAY, ends=SEARCHES)
def early_or_late(state: Objected, event: ChoicePressed, context: Context) -> Outcome:
    """Look for early or late times, for whoever has no time."""
    if event.argument not in (EARLY, LATE):
        return ask(state)
    return search(state, context, wish=PARTS[event.argument][1])


@objections.on(Objected, Intent.YES, ends=[LookingForTimes, *WAITS])
def yes_to_the_step(state: Objected, _event: TextUnderstood, context: Context) -> Outcome:
    """Take the small next step where only one was offered; ask which where there were two."""
    if context.visit is not None:
        return call_about(state, state.reason, context)
    match state.reason:
        case StayingAway.OTHER_DENTIST:
            return _records(state)
        case StayingAway.NO_NEED | StayingAway.NO_TIME | StayingAway.MOVED:
            return search(state, context)
        case _:
            return ask(state)


@objections.question(Objected)
def answer_with_a_step(state: Objected, context: Context) -> Reply:
    """Say the answer to the reason, and offer the next step; to whoever has a visit, a call about it."""
    if context.visit is not None:
        return _about_the_visit(context.visit)
    return Reply(text=_words(state.reason, context.clinic.says), buttons=_steps(state.reason, context))


@objections.question_again(Objected)
def offer_the_step_again(state: Objected, context: Context) -> Reply:
    """Offer the next step again, without the answer."""
    if context.visit is not None:
        return _about_the_visit(context.visit)
    return Reply(text=say_again.WhatCanWeDo(), buttons=_steps(state.reason, context))


def _about_the_visit(booked: BookedVisit) -> Reply:
    choices = (buttons.CALL_ME, buttons.CHANGE_VISIT, buttons.CANCEL_VISIT, buttons.KEEP_VISIT)
    return Reply(text=say.VisitStands(starts_at=booked.slot.starts_at), buttons=choices)


def _records(state: Objected) -> Outcome:
    return wait_for_staff(state, say.RecordsWillGo(), reason=TicketReason.RECORDS, urgency=Urgency.WHEN_FREE)


def _words(reason: StayingAway, says: frozenset[str]) -> Text:
    match reason:
        case StayingAway.MONEY:
            return _words_on_money(says)
        case StayingAway.FEAR:
            return say.FearOwnWords() if "fear" in says else say.FearPlain()
        case StayingAway.OTHER_DENTIST:
            return say.OtherDentist()
        case StayingAway.NO_TIME:
            return say.NoTime()
        case StayingAway.MOVED:
            return say.MovedAway()
        case _:
            return say.NoNeed()


def _words_on_money(says: frozenset[str]) -> Text:
    match ("fees" in says, "payment" in says):
        case (True, True):
            return say.MoneyFeesAndPayment()
        case (True, False):
            return say.MoneyFees()
        case (False, True):
            return say.MoneyPayment()
        case _:
            return say.MoneyPlain()


def _steps(reason: StayingAway, context: Context) -> tuple[Button, ...]:
    find = buttons.LOOK_FOR_TIME
    match reason:
        case StayingAway.MONEY | StayingAway.FEAR:
            return (find, buttons.CALL_ME, *buttons.month_buttons(context, 3), buttons.NO_THANKS)
        case StayingAway.OTHER_DENTIST:
            return (buttons.PASS_ON_RECORDS, buttons.NO_THANKS, buttons.PERSON)
        case StayingAway.NO_TIME:
            early_late = part_buttons(EARLY, LATE)
            return (*early_late, *buttons.month_buttons(context, 3), buttons.NO_THANKS, buttons.PERSON)
        case StayingAway.MOVED:
            return (find, buttons.PASS_ON_RECORDS, buttons.NO_THANKS, buttons.PERSON)
        case _:
            return (find, *buttons.month_buttons(context, 6), buttons.NO_THANKS, buttons.PERSON)
