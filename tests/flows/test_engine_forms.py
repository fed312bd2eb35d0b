"""The forms in which chats and presses are stored and travel: read back as they were, or refused."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.dialogs.states import Idle, Invited, Offered
from flows.engine.choices import LONGEST_PAYLOAD, Choice, Payload, PayloadError
from flows.engine.plain import PlainDataError, from_plain, to_plain
from flows.engine.state import FRESH_CHAT, Chat, Doubt, UnreadableChatError, every_state
from flows.ids import ProviderId
from flows.meaning import Flag, Intent, Meaning, TimeWish
from flows.vocabulary import Purpose
from tests.flows.house import THURSDAY_EVENING, TUESDAY_MORNING


@dataclass(frozen=True, kw_only=True)
class Everything:
    """One field of each kind that a state may have."""

    name: str
    count: int
    share: float
    sure: bool
    at: datetime
    day: date
    hour: time
    who: ProviderId
    purposes: frozenset[Purpose]
    days: tuple[date, ...]
    wish: TimeWish
    maybe: int | None
    either: int | str


EVERYTHING = Everything(
    name="x",
    count=3,
    share=0.5,
    sure=True,
    at=datetime(2025, 11, 21, tzinfo=UTC),
    day=date(2025, 11, 21),
    hour=time(9, 30),
    who=ProviderId(7),
    purposes=frozenset({Purpose.RECALL, Purpose.OFFER}),
    days=(date(2025, 11, 21), date(2025, 11, 22)),
    wish=TimeWish(dates=(date(2025, 11, 21),), earliest=time(9)),
    maybe=None,
    either="y",
)


@given(
    choice=some.sampled_from(Choice),
    argument=some.integers(0, 10**6),
    asked=some.integers(0, 10**9),
)
def test_a_press_comes_back_as_it_went(choice: Choice, argument: int, asked: int) -> None:
    payload = Payload(choice=choice, argument=argument, asked=asked)
    raw = payload.encode()
    assert len(raw.encode("ascii")) <= LONGEST_PAYLOAD
    assert Payload.decode(raw) == payload


@pytest.mark.parametrize(
    "raw", ["", "1:slot:0", "2:slot:0:1", "1:nothing:0:1", "1:slot:x:1", "1:slot:-1:1", "1:slot:0:-2", "1:slot:0:1" * 9]
)
def test_a_press_that_recare_did_not_make_is_refused(raw: str) -> None:
    with pytest.raises(PayloadError):
        Payload.decode(raw)


def test_values_of_all_kinds_survive_json() -> None:
    raw = json.loads(json.dumps(to_plain(EVERYTHING)))
    assert from_plain(Everything, raw) == EVERYTHING


def test_a_whole_number_may_stand_for_a_float() -> None:
    assert from_plain(float, 1) == 1.0


@pytest.mark.parametrize(
    ("wanted", "raw"),
    [
        (int, "1"),
        (int, True),
        (str, 1),
        (date, "tomorrow"),
        (date, 5),
        (Purpose, "gossip"),
        (tuple[int, ...], "12"),
        (frozenset[int], {"a": 1}),
        (list[int], [1]),
        (int | None, "x"),
        (TimeWish, {"dates": None}),
        (TimeWish, []),
    ],
)
def test_data_of_another_form_is_refused(wanted: object, raw: object) -> None:
    with pytest.raises(PlainDataError):
        from_plain(wanted, raw)


def test_a_value_without_a_plain_form_is_refused_when_written() -> None:
    with pytest.raises(TypeError):
        to_plain(object())


DOUBT = Doubt(
    text="hm",
    meaning=Meaning(
        intent=Intent.BOOK, sure=False, confidence=0.4, alternatives=(Intent.LATER,), flags=frozenset({Flag.MINOR})
    ),
)
INVITED = Chat(state=Invited(offers=(TUESDAY_MORNING, THURSDAY_EVENING)), asked=3, misunderstood=1, doubt=DOUBT)


def test_a_chat_survives_json() -> None:
    for chat in (FRESH_CHAT, INVITED):
        assert Chat.from_json(json.loads(json.dumps(chat.to_json()))) == chat


def test_what_a_later_version_added_may_be_missing_in_a_stored_chat() -> None:
    raw = INVITED.to_json()
    del raw["values"]["step_number"]
    del raw["doubt"]
    read = Chat.from_json(raw)
    assert read.state == Invited(offers=(TUESDAY_MORNING, THURSDAY_EVENING), step_number=1)
    assert read.doubt is None


def test_what_was_always_there_may_not_be_missing_in_a_stored_chat() -> None:
    raw = INVITED.to_json()
    del raw["values"]["offers"]
    with pytest.raises(UnreadableChatError):
        Chat.from_json(raw)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"state": "times.unheard_of"},
        {"values": {"offers": "none", "step_number": 1}},
        {"doubt": {"text": "hm"}},
        {"asked": "three"},
        {"offered": ["xx"]},
    ],
)
def test_a_damaged_chat_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(UnreadableChatError):
        Chat.from_json(INVITED.to_json() | change)


@pytest.mark.parametrize("raw", [None, [], "chat", {"v": 1}])
def test_what_is_no_chat_is_refused(raw: object) -> None:
    with pytest.raises(UnreadableChatError):
        Chat.from_json(raw)


def test_a_slot_knows_its_chair_time() -> None:
    assert TUESDAY_MORNING.length == timedelta(minutes=30)


def test_every_state_has_a_stored_name_of_its_own() -> None:
    names = [state.name for state in every_state()]
    assert len(names) == len(set(names))
    assert {Idle, Invited, Offered} <= set(every_state())


@pytest.mark.parametrize("raw", ["1:slot:+1:0", "1:slot:01:0", "1:slot:1_0:0", "1:stop:0:0 "])
def test_a_payload_in_another_spelling_is_none_of_ours(raw: str) -> None:
    with pytest.raises(PayloadError):
        Payload.decode(raw)
