"""What else people do on their telephones: block, send what is no text, edit, press old and foreign buttons."""

from pathlib import Path

import pytest

from bot.services.views import ConversationView
from tests.botapi.api import BotApi
from tests.botapi.files import MediaKind
from tests.botapi.people import Person
from tests.telegram.acts import comes_by_link, is_offered_times, presses
from tests.telegram.clinic import Clinic

PICTURE = b"\xff\xd8\xff a synthetic picture"


@pytest.fixture
async def anna(clinic: Clinic) -> Person:
    """A patient who came by their link."""
    return await comes_by_link(clinic, clinic.add_patient())


def whole_database(folder: Path) -> bytes:
    """All bytes of the database and of its log."""
    return b"".join(path.read_bytes() for path in folder.glob("recare.sqlite*"))


async def seen_at_the_desk(clinic: Clinic, person: Person) -> ConversationView:
    """The talk as staff see it on the web."""
    view = await clinic.house.desk.conversation(clinic.add_staff(), clinic.talk_of(person))
    assert view is not None
    return view


def acts_of(clinic: Clinic) -> list[str]:
    """What the ledger says was done, in order."""
    return [row["act"] for row in clinic.records.of("ledger_event")]


async def test_a_block_closes_the_address_and_its_end_opens_it(clinic: Clinic, anna: Person) -> None:
    anna.block()
    await clinic.until(lambda: acts_of(clinic) == ["blocked"], "the block is written down")
    assert clinic.records.of("address", channel="telegram")[0]["closed_at"] is not None
    heard = len(anna.sees())
    anna.unblock()
    await clinic.until(lambda: acts_of(clinic) == ["blocked", "unblocked"], "its end is written down")
    assert clinic.records.of("address", channel="telegram")[0]["closed_at"] is None
    assert len(anna.sees()) == heard
    assert await is_offered_times(anna)


async def test_a_picture_with_words_opens_a_ticket_and_is_kept_sealed(
    clinic: Clinic, anna: Person, folder: Path
) -> None:
    anna.send(MediaKind.PHOTO, PICTURE, caption="is this normal?")
    await anna.until_sees("I cannot open this myself")
    view = await seen_at_the_desk(clinic, anna)
    line = next(line for line in view.lines if line.attachment is not None)
    assert line.text == "is this normal?"
    file = await clinic.house.attachments.file(clinic.add_staff(), view.conversation_id, line.attachment or 0)
    assert file is not None
    assert file.content == PICTURE
    assert len(clinic.records.of("ticket", conversation_id=view.conversation_id)) == 1
    assert PICTURE not in whole_database(folder)


async def test_a_voice_message_is_for_a_person(clinic: Clinic, anna: Person) -> None:
    anna.send(MediaKind.VOICE, b"a synthetic voice")
    await anna.until_sees("I cannot listen to this myself")
    assert len(clinic.records.of("ticket", conversation_id=clinic.talk_of(anna))) == 1


async def test_a_sticker_is_no_ticket(clinic: Clinic, anna: Person) -> None:
    anna.send(MediaKind.STICKER)
    await anna.until_sees()
    assert clinic.records.of("ticket") == []


async def test_a_place_is_answered_with_ours(clinic: Clinic, anna: Person) -> None:
    anna.send_location()
    await anna.until_sees("Lindelaan 1")
    await clinic.until_quiet()
    assert [seen.place for seen in anna.news() if seen.place] == ["De Linde dental practice"]


async def test_a_file_that_is_too_large_to_load_is_told_to_a_person(clinic: Clinic, anna: Person) -> None:
    anna.send(MediaKind.DOCUMENT, b"scan", name="scan.pdf", size=21 << 20)
    await anna.until_sees()
    assert len(clinic.records.of("ticket", conversation_id=clinic.talk_of(anna))) == 1


async def test_an_edit_that_says_stop_is_a_stop(anna: Person) -> None:
    written = anna.write("thank you")
    await anna.until_sees()
    anna.edit(written, "stop")
    await anna.until_sees("no more of these messages")


async def test_an_edit_with_another_wish_is_answered(clinic: Clinic, anna: Person) -> None:
    written = anna.write("lkkk fr tmme plss")
    await anna.until_sees()
    anna.edit(written, "look for a time please")
    await anna.until_sees("Which suits you better?")
    await clinic.until_quiet()
    heard = len(anna.sees())
    anna.edit(written, "look for a time, please!")
    await clinic.until_quiet()
    assert len(anna.sees()) == heard


async def test_a_group_is_told_to_write_in_private_and_nothing_is_kept(
    clinic: Clinic, api: BotApi, anna: Person
) -> None:
    group = api.group("Family", owner=anna)
    group.add(clinic.bots.patients, rights=None)
    received = len(clinic.records.of("received"))
    group.member(anna.account).write(None, "/book")
    await group.until_sees("private")
    assert len(clinic.records.of("received")) == received


async def test_a_press_that_comes_again_books_nothing_twice(clinic: Clinic, api: BotApi, anna: Person) -> None:
    first = (await is_offered_times(anna))[0]
    await presses(anna, first, of="Which suits you better?")
    await anna.until_sees("booked")
    await clinic.until_quiet()
    heard = len(anna.sees())
    api.repeat(clinic.bots.patients)
    await clinic.until_quiet()
    assert len(anna.sees()) == heard
    assert len(clinic.records.of("appointment", status="booked")) == 1


async def test_a_quick_second_press_books_nothing_twice(clinic: Clinic, anna: Person) -> None:
    first, second = (await is_offered_times(anna))[:2]
    taps = anna.press(first), anna.press(second)
    for tap in taps:
        assert await tap.until_answered() == ""
    await anna.until_sees("belongs to an earlier question")
    assert len(clinic.records.of("appointment", status="booked")) == 1


async def test_a_second_touch_of_one_press_is_heard_of_no_more(clinic: Clinic, anna: Person) -> None:
    first = (await is_offered_times(anna))[0]
    message = anna.sees()[-1]
    for tap in [anna.press(first, message) for _ in range(2)]:
        assert await tap.until_answered() == ""
    await anna.until_sees("booked")
    await clinic.until_quiet()
    assert not any("belongs to an earlier question" in each.text for each in anna.sees())
    assert len(clinic.records.of("appointment", status="booked")) == 1


async def test_an_old_button_leads_to_what_is_open_now(clinic: Clinic, anna: Person) -> None:
    offered = await is_offered_times(anna)
    message = anna.sees()[-1]
    anna.write("other times please")
    await anna.until_sees("Which day suits you?")
    tap = anna.press(offered[0], message)
    assert await tap.until_answered() == ""
    await anna.until_sees("belongs to an earlier question")
    await anna.until_sees("Which day suits you?")
    assert clinic.records.of("appointment", status="booked") == []


async def test_a_press_on_a_message_the_messenger_forgot_counts(anna: Person) -> None:
    await is_offered_times(anna)
    message = anna.sees()[-1].message
    data = message.markup["inline_keyboard"][0][0]["callback_data"] if message.markup else ""
    anna.forget_history()
    tap = anna.press_data(message, data)
    assert await tap.until_answered() == ""
    await anna.until_sees("booked")


async def test_a_tap_that_can_be_answered_no_more_counts(clinic: Clinic, anna: Person) -> None:
    anna.press((await is_offered_times(anna))[0]).expire()
    await anna.until_sees("booked")
    assert len(clinic.records.of("appointment", status="booked")) == 1


async def test_another_persons_button_does_nothing(clinic: Clinic, api: BotApi, anna: Person) -> None:
    await is_offered_times(anna)
    message = anna.sees()[-1].message
    assert message.markup is not None
    bob = api.person("Bob")
    bob.start(clinic.bots.patients)
    await bob.until_sees("share your phone number")
    tap = bob.press_data(message, message.markup["inline_keyboard"][0][0]["callback_data"])
    assert await tap.until_answered() != ""
    await clinic.until_quiet()
    assert clinic.records.of("appointment", status="booked") == []


async def test_a_forged_button_does_nothing(clinic: Clinic, anna: Person) -> None:
    await is_offered_times(anna)
    tap = anna.press_data(anna.sees()[-1].message, "9:everything")
    assert "no longer" in await tap.until_answered()
    await clinic.until_quiet()
    assert clinic.records.of("appointment", status="booked") == []
