"""What becomes of a message when the messenger says no, asks to wait, says nothing, or says it too late."""

from datetime import timedelta

import pytest

from bot.services import sending
from flows.ids import ConversationId
from flows.vocabulary import Channel
from tests.botapi import errors
from tests.botapi.api import BotApi
from tests.botapi.errors import ApiError, too_many
from tests.botapi.faults import Trouble
from tests.botapi.people import Person
from tests.house.records import Row
from tests.telegram.acts import comes_by_link
from tests.telegram.clinic import Clinic

TIMES = "Which suits you better?"
TIMES_AGAIN = "Which would suit you better"


@pytest.fixture
async def anna(clinic: Clinic) -> Person:
    """A patient who came by their link."""
    return await comes_by_link(clinic, clinic.add_patient())


def reply(clinic: Clinic, talk: ConversationId) -> Row:
    """What was said last in a talk."""
    return clinic.records.of("outbox", conversation_id=talk)[-1]


async def asks_for_times(clinic: Clinic, person: Person) -> ConversationId:
    """Let somebody look for a time, and wait until something became of the answer."""
    talk = clinic.talk_of(person)
    before = reply(clinic, talk)["id"]
    person.write("look for a time please")
    await clinic.until(lambda: reply(clinic, talk)["id"] != before, "an answer is written")
    await clinic.until_quiet()
    return talk


async def passes(clinic: Clinic, time: timedelta) -> None:
    """Let time pass, and what is due happen."""
    await clinic.comes(clinic.clock.now() + time)
    await clinic.until_quiet()


def how_often(person: Person, text: str = TIMES) -> int:
    """How often somebody has seen this."""
    return sum(text in seen.text for seen in person.sees())


async def test_a_chat_that_must_wait_waits_alone(clinic: Clinic, api: BotApi, anna: Person) -> None:
    bob = await comes_by_link(clinic, clinic.add_patient())
    api.fault(too_many(30), method="sendMessage", chat=anna.id)
    talk = await asks_for_times(clinic, anna)
    assert reply(clinic, talk)["status"] == "queued"
    await asks_for_times(clinic, bob)
    assert how_often(bob) == 1
    await passes(clinic, timedelta(seconds=20))
    assert how_often(anna) == 0
    await passes(clinic, timedelta(seconds=11))
    assert how_often(anna) == 1
    assert reply(clinic, talk)["status"] == "sent"


async def test_a_bot_that_must_wait_keeps_everything_and_loses_nothing(
    clinic: Clinic, api: BotApi, anna: Person
) -> None:
    bob, carl = [await comes_by_link(clinic, clinic.add_patient()) for _ in range(2)]
    fault = api.fault(too_many(30), method="sendMessage", times=2)
    for person in (anna, bob):
        await asks_for_times(clinic, person)
    await asks_for_times(clinic, carl)
    assert [how_often(person) for person in (anna, bob, carl)] == [0, 0, 0]
    assert fault.met == 2, "after the second nothing is tried"
    await passes(clinic, timedelta(seconds=31))
    assert [how_often(person) for person in (anna, bob, carl)] == [1, 1, 1]


@pytest.mark.parametrize(
    "error",
    [errors.BLOCKED, errors.DEACTIVATED, errors.NEVER_STARTED, errors.CHAT_NOT_FOUND],
    ids=lambda error: error.description,
)
async def test_whom_no_message_reaches_is_closed_until_they_write(
    clinic: Clinic, api: BotApi, anna: Person, error: ApiError
) -> None:
    api.fault(error, method="sendMessage", chat=anna.id)
    talk = await asks_for_times(clinic, anna)
    assert (reply(clinic, talk)["status"], reply(clinic, talk)["status_reason"]) == ("failed", "address_closed")
    assert clinic.records.of("address", channel=Channel.TELEGRAM.value)[0]["closed_at"] is not None
    assert clinic.records.of("ledger_event")[-1]["channel"] == Channel.TELEGRAM.value
    anna.write("look for a time please")
    await anna.until_sees(TIMES_AGAIN)
    assert clinic.records.of("address", channel=Channel.TELEGRAM.value)[0]["closed_at"] is None


async def test_whom_the_bot_may_not_write_to_for_now_gets_it_later(clinic: Clinic, api: BotApi, anna: Person) -> None:
    api.fault(errors.CANNOT_WRITE_TO_USER, method="sendMessage")
    talk = await asks_for_times(clinic, anna)
    assert reply(clinic, talk)["status"] == "queued"
    assert clinic.records.of("address", channel=Channel.TELEGRAM.value)[0]["closed_at"] is None
    await passes(clinic, timedelta(minutes=31))
    assert how_often(anna) == 1


@pytest.mark.parametrize(
    "error",
    [errors.MESSAGE_TOO_LONG, errors.MESSAGE_IS_EMPTY, errors.NOTHING_TO_REPLY_TO, errors.TOO_LARGE],
    ids=lambda error: error.description,
)
async def test_what_is_refused_is_not_tried_again(clinic: Clinic, api: BotApi, anna: Person, error: ApiError) -> None:
    fault = api.fault(error, method="sendMessage")
    talk = await asks_for_times(clinic, anna)
    assert (reply(clinic, talk)["status"], reply(clinic, talk)["status_reason"]) == ("failed", "refused_by_channel")
    await passes(clinic, timedelta(hours=2))
    assert (fault.met, how_often(anna)) == (1, 0)
    anna.write("look for a time please")
    await anna.until_sees(TIMES_AGAIN)


@pytest.mark.parametrize(
    ("trouble", "arrived"),
    [
        (Trouble.SERVER, 0),
        (Trouble.PROXY_PAGE, 0),
        (Trouble.CUT_BEFORE, 0),
        (Trouble.CUT_AFTER, 1),
        (Trouble.PROXY_PAGE_AFTER, 1),
        (Trouble.GARBLED_AFTER, 1),
    ],
)
async def test_what_may_have_arrived_is_shown_to_staff_and_never_repeated(
    clinic: Clinic, api: BotApi, anna: Person, trouble: Trouble, arrived: int
) -> None:
    api.fault(trouble, method="sendMessage")
    talk = await asks_for_times(clinic, anna)
    assert reply(clinic, talk)["status"] == "unknown"
    assert [row["reason"] for row in clinic.records.of("ticket", conversation_id=talk)] == ["unknown_delivery"]
    await passes(clinic, timedelta(hours=2))
    assert how_often(anna) == arrived


@pytest.mark.parametrize(("trouble", "arrived"), [(Trouble.SILENT_BEFORE, 0), (Trouble.SILENT_AFTER, 1)])
async def test_no_answer_in_time_is_no_answer(
    clinic: Clinic, api: BotApi, anna: Person, trouble: Trouble, arrived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SEND_SECONDS", 0.3)
    api.fault(trouble, method="sendMessage")
    talk = await asks_for_times(clinic, anna)
    assert reply(clinic, talk)["status"] == "unknown"
    assert clinic.records.of("ticket", conversation_id=talk, reason="unknown_delivery")
    await passes(clinic, timedelta(hours=2))
    assert how_often(anna) == arrived


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
@pytest.mark.parametrize(
    "meets",
    [errors.QUERY_TOO_OLD, errors.NOT_MODIFIED, errors.NOTHING_TO_EDIT, too_many(3), Trouble.SERVER, Trouble.CUT_AFTER],
    ids=str,
)
async def test_a_courtesy_that_fails_holds_up_nothing(
    clinic: Clinic, api: BotApi, anna: Person, method: str, meets: ApiError | Trouble
) -> None:
    anna.write("look for a time please")
    first = (await anna.until_sees(TIMES)).buttons[0]
    api.fault(meets, method=method)
    anna.press(first)
    await anna.until_sees("booked")
    await clinic.until_quiet()
    assert len(clinic.records.of("appointment", status="booked")) == 1
    assert clinic.records.of("ticket") == []
