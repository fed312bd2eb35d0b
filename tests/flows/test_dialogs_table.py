"""The tables of rules as a whole: complete, honest, and without a dead end.

Every rule is run in every state it can hold in, with every kind of event that fits it, in a few worlds; what is seen is
compared with what is declared.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

import pytest

from flows.dialogs import BOOK
from flows.dialogs.outreach_texts import invitation
from flows.dialogs.repair import READINGS
from flows.dialogs.states import (
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
from tests.flows.house import FREE, House, puzzling
from tests.flows.samples import EVENTS, MORE_STATES, STATES, TALKATIVE_WORLDS, WORLDS


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the rules did when all of them were run."""

    ends: dict[tuple[type[State], Act], set[type[State]]]
    replies: dict[type[State], set[Reply]]
    answered: int


@cache
def everything_seen() -> Seen:
    ends: dict[tuple[type[State], Act], set[type[State]]] = defaultdict(set)
    replies: dict[type[State], set[Reply]] = defaultdict(set)
    book = replace(BOOK, rules={key: replace(rule, act=_watched(rule, ends)) for key, rule in BOOK.rules.items()})
    answered = 0
    for state in STATES:
        for world in WORLDS:
            for misunderstood in (0, 1):
                chat = Chat(state=state, asked=1, misunderstood=misunderstood)
                for event in EVENTS if misunderstood == 0 else (puzzling(),):
                    decision = step(book, chat, event, world)
                    assert Chat.from_json(decision.chat.to_json()) == decision.chat
                    answered = max(answered, sum(isinstance(each, ANSWERED) for each in decision.requests))
                    replies[type(state)].update(decision.replies)
    return Seen(ends=ends, replies=replies, answered=answered)


def _watched(rule: Rule, ends: dict[tuple[type[State], Act], set[type[State]]]) -> Act:
    def act(state: State, event: Event, context: Context) -> Outcome:
        outcome = rule.act(state, event, context)
        stayed = STAY in rule.ends and outcome.state == state
        ends[rule.state, rule.act].add(STAY if stayed else type(outcome.state))
        return outcome

    return act


def declarations() -> dict[tuple[type[State], Act], set[type[State]]]:
    declared: dict[tuple[type[State], Act], set[type[State]]] = defaultdict(set)
    for rule in BOOK.rules.values():
        declared[rule.state, rule.act].update(rule.ends)
    return declared


def test_there_is_a_sample_of_every_state() -> None:
    real = {state for state in every_state() if state.__module__.startswith("flows.")}
    assert {type(state) for state in STATES} == real


def test_every_declared_end_is_reached_and_no_other() -> None:
    seen = everything_seen().ends
    for (state, act), declared in declarations().items():
        assert seen[state, act] == declared, f"{state.__name__}: {act.__name__}"


def test_no_decision_asks_for_two_things_that_are_answered() -> None:
    assert everything_seen().answered == 1


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_state_asks_something_and_offers_a_person(state: State) -> None:
    question = BOOK.ask(state, House().context)
    assert question is not None
    # Whoever waits for a person has one coming.
    offered = {button.choice for button in question.buttons}
    assert isinstance(state, WaitingForStaff) or offered & {Choice.PERSON, Choice.CALL_ME}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_button_of_a_question_is_understood_in_its_state(state: State, world: Context) -> None:
    for question in (BOOK.ask(state, world), BOOK.ask_again(state, world)):
        assert question is not None
        for button in question.buttons:
            rule = BOOK.find(type(state), button.choice) or BOOK.find(State, button.choice)
            assert rule is not None, button.choice


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_stop_and_a_person_are_heard_in_every_state(state: State) -> None:
    chat = Chat(state=state, asked=1)
    for event in (puzzling(Intent.STOP), ChoicePressed(choice=Choice.STOP, argument=0, asked=0)):
        stopped = step(BOOK, chat, event, House().context)
        assert any(type(each).__name__ == "RecordStop" for each in stopped.requests)
        assert isinstance(stopped.chat.state, Idle | Closed)
    asked = step(BOOK, chat, puzzling(Intent.HUMAN), House().context)
    assert isinstance(asked.chat.state, WaitingForStaff | Frozen | Closed)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_state_has_a_way_out(state: State) -> None:
    declared = [rule for rule in BOOK.rules.values() if rule.state in (State, type(state))]
    ends = {end for rule in declared for end in rule.ends}
    assert ends - {STAY, type(state)}


def test_what_always_means_the_same_has_a_rule_everywhere() -> None:
    assert all(BOOK.find(State, choice) for choice in STANDING)


def test_every_reading_that_is_offered_leads_somewhere() -> None:
    assert all(BOOK.find(State, intent) for intent in READINGS)


def test_the_closed_line_shows_nothing_of_the_patient() -> None:
    shown = {type(reply.text) for reply in everything_seen().replies[Closed]}
    assert {text.__name__ for text in shown} == {
        "Condolence",
        "Crisis",
        "DataRequestNoted",
        "Emergency",
        "LegalNoted",
        "LineClosed",
        "PersonComing",
        "PersonFrom",
        "Stopped",
        "VisitMessagesStopped",
        "WrongPersonSorry",
        "YesRobot",
    }


def test_the_book_knows_every_dialog_by_a_name_of_its_own() -> None:
    names = [dialog.name for dialog in BOOK.dialogs]
    assert len(names) == len(set(names)) > 10
    assert isinstance(BOOK, Book)


SAID_ELSEWHERE = ("calendar.", "foot.", "invite.", "proof.", "receipt.", "repair.put_aside")


def test_every_text_that_is_declared_is_said_somewhere() -> None:
    """But for what no dialog says: files and letters, what a policy adds below, what is said when a turn failed."""
    said: set[type[Text]] = {
        type(invitation(1, FREE[:times], WORLDS[0], wording).text)
        for wording in INVITATIONS.values()
        for times in (1, 2)
    }
    for replies in everything_seen().replies.values():
        for reply in replies:
            said |= {type(reply.text), *(type(button.label) for button in reply.buttons)}
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
