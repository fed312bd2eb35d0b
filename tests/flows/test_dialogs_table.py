"""The tables of rules as a whole: complete, honest, and without a dead end.

Every rule is run in every state it can hold in, with every kind of event that fits it, in a few worlds; what is seen is
compared with what is declared.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product

import pytest

from flows.dialogs import BOOK, STRANGERS
from flows.dialogs.outreach_texts import invitation
from flows.dialogs.repair import READINGS
from flows.dialogs.states import (
    BeingIdentified,
    Closed,
    Frozen,
    Idle,
    WaitingForStaff,
)
from flows.engine.choices import STANDING, Choice
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply
from flows.engine.dialog import STAY, Act, Book, Rule
from flows.engine.events import (
    ChoicePressed,
    Event,
)
from flows.engine.requests import ANSWERED
from flows.engine.state import Chat, State, every_state
from flows.engine.step import step
from flows.meaning import Intent
from flows.messages.recall import INVITATIONS
from flows.messages.text import Text, every_text
from tests.flows.house import FREE, puzzling, understood
from tests.flows.samples import (
    EVENTS,
    MORE_STATES,
    STATES,
    STRANGER_STATES,
    STRANGER_WORLDS,
    TALKATIVE_WORLDS,
    WORLDS,
)

TABLES = ((BOOK, STATES, WORLDS), (STRANGERS, STRANGER_STATES, STRANGER_WORLDS))
EVERY_PLACE = pytest.mark.parametrize(
    ("book", "state", "worlds"),
    [
        pytest.param(book, state, worlds, id=f"{state.name}, {'known' if book is BOOK else 'stranger'}")
        for book, states, worlds in TABLES
        for state in states
    ],
)
"""Each book with each of its states, and the worlds they can stand in."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the rules did when all of them were run."""

    ends: dict[tuple[type[State], Act], set[type[State]]]
    replies: dict[type[State], set[Reply]]
    chats: set[Chat]
    answered: int


def everything_seen() -> Seen:
    ends: dict[tuple[type[State], Act], set[type[State]]] = defaultdict(set)
    replies: dict[type[State], set[Reply]] = defaultdict(set)
    chats: set[Chat] = set()
    answered = 0
    for book, states, worlds in TABLES:
        rules = {key: replace(rule, act=_watched(rule, ends)) for key, rule in book.rules.items()}
        watched = replace(book, rules=rules)
        for state, world, misunderstood in product(states, worlds, (0, 1, 2)):
            chat = Chat(state=state, asked=1, misunderstood=misunderstood)
            for event in EVENTS if misunderstood == 0 else (puzzling(text="?"),):
                decision = step(watched, chat, event, world)
                if decision.chat != chat:
                    chats.add(decision.chat)
                answered = max(answered, sum(isinstance(each, ANSWERED) for each in decision.requests))
                replies[type(state)].update(decision.replies)
    return Seen(ends=ends, replies=replies, chats=chats, answered=answered)


def _watched(rule: Rule, ends: dict[tuple[type[State], Act], set[type[State]]]) -> Act:
    def act(state: State, event: Event, context: Context) -> Outcome:
        outcome = rule.act(state, event, context)
        stayed = STAY in rule.ends and outcome.state == state
        ends[rule.state, rule.act].add(STAY if stayed else type(outcome.state))
        return outcome

    return act


def declarations() -> dict[tuple[type[State], Act], set[type[State]]]:
    declared: dict[tuple[type[State], Act], set[type[State]]] = defaultdict(set)
    for rule in (*BOOK.rules.values(), *STRANGERS.rules.values()):
        declared[rule.state, rule.act].update(rule.ends)
    return declared


def test_there_is_a_sample_of_every_state() -> None:
    real = {state for state in every_state() if state.__module__.startswith("flows.")}
    assert {type(state) for state in (*STATES, *STRANGER_STATES)} == real


def test_what_all_rules_do_is_what_they_declare() -> None:
    """One test, for running all rules takes seconds, and each process that runs tests would do it again."""
    seen = everything_seen()
    _every_declared_end_is_reached_and_no_other(seen)
    _every_chat_that_is_reached_survives_as_json(seen)
    assert seen.answered == 1, "a decision asks for two things that are answered"
    _the_closed_line_shows_nothing_of_the_patient(seen)
    _every_text_that_is_declared_is_said_somewhere(seen)


def _every_declared_end_is_reached_and_no_other(seen: Seen) -> None:
    for (state, act), declared in declarations().items():
        assert seen.ends[state, act] == declared, f"{state.__name__}: {act.__name__}"


def _every_chat_that_is_reached_survives_as_json(seen: Seen) -> None:
    for chat in seen.chats:
        assert Chat.from_json(chat.to_json()) == chat


@EVERY_PLACE
def test_every_state_asks_something_and_offers_a_person(book: Book, state: State, worlds: tuple[Context, ...]) -> None:
    for world in worlds:
        question = book.ask(state, world)
        assert question is not None
        # Whoever waits for a person has one coming.
        offered = {button.choice for button in question.buttons}
        assert isinstance(state, WaitingForStaff | BeingIdentified) or offered & {Choice.PERSON, Choice.CALL_ME}


@EVERY_PLACE
def test_every_button_of_a_question_is_understood_in_its_state(
    book: Book, state: State, worlds: tuple[Context, ...]
) -> None:
    for question in (ask(state, world) for world in worlds for ask in (book.ask, book.ask_again)):
        assert question is not None
        for button in question.buttons:
            rule = book.find(type(state), button.choice) or book.find(State, button.choice)
            assert rule is not None, button.choice


@EVERY_PLACE
def test_a_stop_and_a_person_are_heard_in_every_state(book: Book, state: State, worlds: tuple[Context, ...]) -> None:
    chat = Chat(state=state, asked=1)
    for world in worlds:
        for event in (understood(Intent.STOP), ChoicePressed(choice=Choice.STOP, argument=0, asked=0)):
            stopped = step(book, chat, event, world)
            assert any(type(each).__name__ == "RecordStop" for each in stopped.requests)
            assert isinstance(stopped.chat.state, Idle | Closed)
        asked = step(book, chat, puzzling(Intent.HUMAN), world)
        assert isinstance(asked.chat.state, WaitingForStaff | Frozen | Closed)


@EVERY_PLACE
def test_every_state_has_a_way_out(book: Book, state: State, worlds: tuple[Context, ...]) -> None:
    assert worlds
    declared = [rule for rule in book.rules.values() if rule.state in (State, type(state))]
    ends = {end for rule in declared for end in rule.ends}
    assert ends - {STAY, type(state)}


def test_what_always_means_the_same_has_a_rule_everywhere() -> None:
    assert all(BOOK.find(State, choice) for choice in STANDING)


def test_every_reading_that_is_offered_leads_somewhere() -> None:
    assert all(BOOK.find(State, intent) for intent in READINGS)


def _the_closed_line_shows_nothing_of_the_patient(seen: Seen) -> None:
    shown = {type(reply.text) for reply in seen.replies[Closed]}
    of_strangers = {"BeingLookedUp", "BeingLookedUpFrom"}
    assert {text.__name__ for text in shown} - of_strangers == {
        "Condolence",
        "Crisis",
        "DataRequestNoted",
        "Emergency",
        "LanguageChanged",
        "LegalNoted",
        "LineClosed",
        "MinorNoted",
        "PersonComing",
        "PersonFrom",
        "Stopped",
        "TriedTooOften",
        "VisitMessagesStopped",
        "WrongPersonSorry",
        "YesRobot",
    }


def test_the_book_knows_every_dialog_by_a_name_of_its_own() -> None:
    names = [dialog.name for dialog in BOOK.dialogs]
    assert len(names) == len(set(names)) > 10
    assert isinstance(BOOK, Book)


SAID_ELSEWHERE = (
    "button.keep_language",
    "button.speak_this",
    "calendar.",
    "foot.",
    "invite.",
    "language.offered",
    "proof.",
    "receipt.",
    "repair.put_aside",
)


def _every_text_that_is_declared_is_said_somewhere(seen: Seen) -> None:
    """But for what no rule says: files and letters, what is added below, what is said when a turn failed."""
    said: set[type[Text]] = {
        type(invitation(1, FREE[:times], WORLDS[0], wording).text)
        for wording in INVITATIONS.values()
        for times in (1, 2)
    }
    for replies in seen.replies.values():
        for reply in replies:
            labels = (*(button.label for button in reply.shown), reply.keyboard_label)
            said |= {type(reply.text), *(type(label) for label in labels if label is not None)}
    for state in (*STATES, *MORE_STATES):
        for world in (*WORLDS, *TALKATIVE_WORLDS):
            question = BOOK.ask(state, world)
            assert question is not None
            said |= {type(question.text), *(type(button.label) for button in question.buttons)}
    declared = {text for text in every_text() if not text.key.startswith(SAID_ELSEWHERE)}
    assert {text.key for text in declared - said} == set()


def test_every_text_has_a_key_of_its_own_and_a_note_for_translators() -> None:
    keys = [text.key for text in every_text()]
    assert len(keys) == len(set(keys))
    assert all(text.__doc__ for text in every_text())
    assert all(0 in text.levels for text in every_text())
