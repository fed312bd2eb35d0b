"""While the practice is closed, whoever something is passed on for learns once when somebody is back."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.engine.choices import Choice
from flows.engine.events import AttachmentReceived, Event
from flows.meaning import Flag, Intent
from flows.messages import answers, checkin, objections, person, repair, safety, times
from flows.messages.foot import WeAreBack
from flows.messages.text import Text
from flows.vocabulary import AttachmentKind, Owner, Reach, TicketReason
from tests.flows.house import House, puzzling, understood

MONDAY = datetime(2025, 11, 24, 8, tzinfo=UTC)
BACK = (WeAreBack(back_at=MONDAY),)
ROBOT = frozenset({Flag.ROBOT_QUESTION})
VOICE = AttachmentReceived(kind=AttachmentKind.VOICE)


def closed(*, known: bool = True) -> House:
    return House(staff_back_at=MONDAY, known=known)


def told(house: House) -> list[type[Text]]:
    """The texts of the last answer under which it stands when somebody is back."""
    return [type(reply.text) for reply in house.said if any(isinstance(line, WeAreBack) for line in reply.foot)]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (VOICE, repair.VoicePassedOn),
        (AttachmentReceived(), repair.AttachmentPassedOn),
        (AttachmentReceived(kept=False), repair.FileNotKept),
        (understood(Intent.INFO_QUESTION), answers.QuestionPassedOn),
        (understood(Intent.PRICE_QUESTION), answers.FeesFromPerson),
        (understood(Intent.FEEDBACK_BAD), answers.BlamePassedOn),
        (understood(Intent.COMPLAINT), objections.ComplaintHeard),
        (understood(Intent.CHITCHAT, flags=frozenset({Flag.MINOR})), safety.MinorNoted),
    ],
)
def test_what_is_passed_on_while_closed_says_when_somebody_is_back(event: Event, text: type[Text]) -> None:
    house = closed()
    house.hears(event)
    assert told(house) == [text]
    assert [reply.foot for reply in house.said if type(reply.text) is text] == [BACK]
    opened = House()
    opened.hears(event)
    assert text in [type(reply.text) for reply in opened.said]
    assert told(opened) == []


def test_it_stands_under_what_was_passed_on_and_not_under_the_question_that_stays_open() -> None:
    house = closed()
    house.writes(Intent.BOOK)
    assert house.hears(understood(Intent.INFO_QUESTION, flags=ROBOT)) != []
    assert house.hears(VOICE)[-1] is times.WhichOfTwo
    assert times.WhichOfTwo not in told(house)


def test_it_stands_under_the_answer_even_where_they_ask_for_a_robot_too() -> None:
    house = closed()
    house.hears(understood(Intent.PRICE_QUESTION, flags=ROBOT))
    assert [type(reply.text) for reply in house.said][:2] == [answers.YesRobot, answers.FeesFromPerson]
    assert told(house) == [answers.FeesFromPerson]


def test_whoever_was_told_is_not_told_again_before_somebody_was_there() -> None:
    house = closed()
    house.hears(VOICE)
    for event in (VOICE, AttachmentReceived(), understood(Intent.PRICE_QUESTION)):
        house.hears(event)
        assert told(house) == []
    house.now, house.staff_back_at = MONDAY + timedelta(hours=12), MONDAY + timedelta(days=1)
    house.hears(VOICE)
    assert told(house) == [repair.VoicePassedOn]


@pytest.mark.parametrize("times_not_understood", [0, 2])
def test_a_text_that_says_it_itself_says_it_alone_and_counts_as_told(times_not_understood: int) -> None:
    house = closed()
    for _ in range(times_not_understood):
        house.hears(puzzling())
    if not times_not_understood:
        assert house.writes(Intent.HUMAN) == [person.PersonFrom]
    assert told(house) == []
    house.writes(Intent.FEEDBACK_BAD)
    assert told(house) == []


@pytest.mark.parametrize(
    "event",
    [
        understood(Intent.URGENT),
        understood(Intent.RUNNING_LATE),
        understood(Intent.WRONG_PERSON),
        understood(Intent.DECEASED),
        understood(Intent.ERASE),
        understood(Intent.STOP),
        understood(Intent.OTHER, flags=frozenset({Flag.CRISIS})),
        understood(Intent.OTHER, flags=frozenset({Flag.LEGAL})),
        understood(Intent.INFO_QUESTION, flags=frozenset({Flag.DENIED_URGENT})),
    ],
)
def test_nobody_is_told_to_wait_beside_danger_law_death_or_a_stop(event: Event) -> None:
    house = closed()
    assert house.hears(event) != []
    assert told(house) == []


def test_a_worry_after_a_visit_that_alerts_staff_at_once_is_not_put_off() -> None:
    house = closed()
    house.worry = TicketReason.WORRY
    house.hears(understood(Intent.FEEDBACK_BAD, flags=frozenset({Flag.PAIN})))
    assert checkin.WorryHeard not in told(house)
    assert told(house) == []


def test_a_stranger_is_told_too() -> None:
    house = closed(known=False)
    house.writes(Intent.FEEDBACK_BAD)
    assert told(house) == [answers.BlamePassedOn]


def test_while_staff_speak_nothing_is_said() -> None:
    house = closed()
    house.owner = Owner.STAFF
    house.writes(Intent.COMPLAINT)
    assert all(reply.reach is Reach.ALWAYS for reply in house.said)
    assert told(house) == []
    assert Choice.PERSON not in [button.choice for button in house.on_the_table]
