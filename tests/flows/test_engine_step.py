"""How an event finds its rule, with a small book of dialogs made for it."""

from dataclasses import dataclass, replace

import pytest

from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Book, Dialog, DialogError
from flows.engine.events import (
    ChatOpened,
    ChoicePressed,
    Event,
    HandedBack,
    NotUnderstood,
    OldButtonPressed,
    TextUnderstood,
)
from flows.engine.state import FRESH_CHAT, Chat, Idle, State
from flows.engine.step import step
from flows.meaning import Flag, Intent
from flows.messages import buttons as label
from flows.messages import welcome as say
from flows.vocabulary import Owner
from tests.flows.house import House, puzzling, understood


@dataclass(frozen=True, kw_only=True)
class Open(State, name="test.open"):
    """A question of the tests."""

    count: int = 0


WORLD = House().context
HERE = Chat(state=Open(), asked=5)
QUESTION = Reply(text=say.WhatCanWeDo(), buttons=(Button(choice=Choice.PERSON, label=label.ButtonPerson()),))
AGAIN = Reply(text=say.Welcome())


def counting(state: Open, _event: Event, _context: Context) -> Outcome:
    return go(Open(count=state.count + 1))


def staying(state: State, _event: Event, _context: Context) -> Outcome:
    return ask(state)


def to_idle(_state: State, _event: Event, _context: Context) -> Outcome:
    return go(Idle())


def book(dialog: Dialog) -> Book:
    dialog.question(Open)(lambda _state, _context: QUESTION)
    return Book.bind(dialog)


def press(choice: Choice, asked: int = 5) -> ChoicePressed:
    return ChoicePressed(choice=choice, argument=0, asked=asked)


def test_a_state_reads_an_event_before_everybody_does() -> None:
    dialog = Dialog(name="test")
    dialog.on(Open, Intent.BOOK, Choice.DONE, ChatOpened, ends=[Open])(counting)
    dialog.on(State, Intent.BOOK, Choice.DONE, ChatOpened, ends=[Idle])(to_idle)
    for event in (understood(Intent.BOOK), press(Choice.DONE), ChatOpened()):
        assert step(book(dialog), HERE, event, WORLD).chat.state == Open(count=1)
        assert step(book(dialog), FRESH_CHAT, replace_asked(event), WORLD).chat.state == Idle()


def replace_asked(event: Event) -> Event:
    return replace(event, asked=0) if isinstance(event, ChoicePressed) else event


def test_a_press_and_an_intent_of_one_name_are_told_apart() -> None:
    dialog = Dialog(name="test")
    dialog.on(Open, Choice.CANCEL_VISIT, ends=[Open])(counting)
    dialog.on(Open, Intent.CANCEL, ends=[Idle])(to_idle)
    assert step(book(dialog), HERE, press(Choice.CANCEL_VISIT), WORLD).chat.state == Open(count=1)
    assert step(book(dialog), HERE, understood(Intent.CANCEL), WORLD).chat.state == Idle()


def test_a_guarded_rule_for_any_text_comes_before_its_intent() -> None:
    dialog = Dialog(name="test")
    dialog.on(Open, TextUnderstood, ends=[Open], when=lambda _state, event, _context: "7" in event.text)(counting)
    dialog.on(State, Intent.BOOK, ends=[Idle])(to_idle)
    assert step(book(dialog), HERE, understood(Intent.BOOK, "at 7"), WORLD).chat.state == Open(count=1)
    assert step(book(dialog), HERE, understood(Intent.BOOK, "at 8"), WORLD).chat.state == Idle()


def test_a_press_of_an_older_question_reaches_only_what_always_means_the_same() -> None:
    dialog = Dialog(name="test")
    dialog.on(Open, Choice.SLOT, ends=[Open])(counting)
    dialog.on(State, Choice.NOT_NOW, Choice.DONE, ends=[Idle])(to_idle)
    dialog.on(State, OldButtonPressed, ends=[STAY])(staying)
    assert step(book(dialog), HERE, press(Choice.SLOT, asked=4), WORLD).replies == (QUESTION,)
    assert step(book(dialog), HERE, press(Choice.DONE, asked=4), WORLD).replies == (QUESTION,)
    assert step(book(dialog), HERE, press(Choice.NOT_NOW, asked=4), WORLD).chat.state == Idle()


def test_what_no_rule_knows_changes_nothing() -> None:
    nothing = Book.bind()
    for event in (HandedBack(answered=True), press(Choice.SLOT), press(Choice.STOP)):
        assert step(nothing, HERE, event, WORLD).chat == HERE
    assert step(nothing, HERE, understood(Intent.URGENT), WORLD).chat == replace(HERE, misunderstood=1)


def test_words_ask_again_under_the_same_number_and_a_press_under_a_new_one() -> None:
    dialog = Dialog(name="test")
    dialog.on(State, Intent.CHITCHAT, Choice.NOT_NOW, ends=[STAY])(staying)
    assert step(book(dialog), HERE, understood(Intent.CHITCHAT), WORLD).chat.asked == 5
    assert step(book(dialog), HERE, press(Choice.NOT_NOW), WORLD).chat.asked == 6


def test_a_question_is_asked_again_in_fewer_words_where_there_are_some() -> None:
    dialog = Dialog(name="test")
    dialog.question_again(Open)(lambda _state, _context: AGAIN)
    dialog.on(State, Intent.CHITCHAT, ends=[STAY])(staying)
    dialog.on(Idle, Intent.CHITCHAT, ends=[Open])(lambda _state, _event, _context: ask(Open()))
    assert step(book(dialog), HERE, understood(Intent.CHITCHAT), WORLD).replies == (AGAIN,)
    assert step(book(dialog), FRESH_CHAT, understood(Intent.CHITCHAT), WORLD).replies == (QUESTION,)


def test_a_state_that_asks_nothing_is_asked_nothing() -> None:
    dialog = Dialog(name="test")
    dialog.on(State, Intent.CHITCHAT, ends=[STAY])(staying)
    assert step(book(dialog), FRESH_CHAT, understood(Intent.CHITCHAT), WORLD).replies == ()


def test_a_misunderstanding_offers_its_readings_under_a_new_number() -> None:
    dialog = Dialog(name="test")

    def offering(state: State, event: NotUnderstood, _context: Context) -> Outcome:
        assert event.question == QUESTION
        meant = Button(choice=Choice.MEANT, label=label.ButtonLookForTime(), argument=1)
        return go(state, Reply(text=say.WhatCanWeDo(), buttons=(meant,)))

    dialog.on(State, NotUnderstood, ends=[STAY])(offering)
    dialog.on(State, Intent.BOOK, ends=[Idle])(to_idle)
    both = book(dialog)
    doubtful = step(both, HERE, puzzling(Intent.LATER, Intent.BOOK), WORLD).chat
    assert (doubtful.asked, doubtful.misunderstood) == (6, 1)
    meant = ChoicePressed(choice=Choice.MEANT, argument=1, asked=6)
    assert step(both, doubtful, meant, WORLD).chat.state == Idle()
    assert step(both, doubtful, replace(meant, argument=2), WORLD).chat == doubtful
    assert step(both, doubtful, replace(meant, asked=5), WORLD).chat == doubtful


def test_a_rule_that_ends_elsewhere_than_declared_is_refused() -> None:
    dialog = Dialog(name="test")
    dialog.on(State, ChatOpened, ends=[Open])(to_idle)
    dialog.on(State, HandedBack, ends=[STAY])(counting)
    for event in (ChatOpened(), HandedBack(answered=True)):
        with pytest.raises(DialogError):
            step(book(dialog), HERE, event, WORLD)


def test_two_rules_for_one_thing_are_refused() -> None:
    dialog = Dialog(name="test")
    dialog.on(State, ChatOpened, ends=[Idle])(to_idle)
    dialog.on(State, ChatOpened, ends=[STAY])(staying)
    with pytest.raises(DialogError, match="declared twice"):
        Book.bind(dialog)


def test_two_questions_of_one_state_are_refused() -> None:
    one, other = Dialog(name="one"), Dialog(name="other")
    one.question(Open)(lambda _state, _context: QUESTION)
    other.question(Open)(lambda _state, _context: AGAIN)
    with pytest.raises(DialogError, match="two ways"):
        Book.bind(one, other)


def test_under_staff_the_first_that_is_heard_decides_where_the_chat_goes_on() -> None:
    dialog = Dialog(name="test")
    dialog.on(State, Flag.CRISIS, ends=[Open])(counting)
    dialog.on(State, Intent.STOP, ends=[Idle])(to_idle)
    staffed = replace(WORLD, owner=Owner.STAFF)
    both = understood(Intent.STOP, flags=frozenset({Flag.CRISIS}))
    assert step(book(dialog), HERE, both, staffed).chat == Chat(state=Open(count=1), asked=6)
    assert step(book(dialog), HERE, understood(Intent.BOOK), staffed).chat == HERE
