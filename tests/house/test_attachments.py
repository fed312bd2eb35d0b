"""What patients send beside text: kept sealed, shown to staff, within limits, erased with the person."""

from datetime import timedelta

import pytest

from bot.services.received import FILES_A_DAY, LARGEST_FILE
from bot.services.updates import SentFile
from flows.ids import AttachmentId, ConversationId
from flows.vocabulary import AttachmentKind, Channel
from storage.errors import NotFoundError
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, keys, talk_of
from tests.world import World

PICTURE = b"\xff\xd8\xff only for tests"


def picture(content: bytes | None = PICTURE, caption: str = "") -> SentFile:
    """A photo as it comes in."""
    return SentFile(
        kind=AttachmentKind.PICTURE, name="tooth.jpg", media_type="image/jpeg", content=content, caption=caption
    )


async def kept(world: World, talk: ConversationId) -> list[int]:
    """The files the desk shows in a talk."""
    view = await world.house.desk.conversation(world.add_staff(), talk)
    assert view is not None
    return [line.attachment for line in view.lines if line.attachment is not None]


@pytest.fixture
async def talk(world: World, phone: Phone) -> ConversationId:
    """The talk of a known patient at the messenger."""
    return await comes_by_link(phone, world.add_patient()[0])


async def test_a_picture_is_kept_and_a_person_looks_at_it(
    world: World, phone: Phone, records: Records, talk: ConversationId
) -> None:
    await phone.does(picture(caption="here it is"))
    staff = world.add_staff()
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    line = next(line for line in view.lines if line.attachment is not None)
    assert (line.text, line.file_name, line.sent) == ("here it is", "tooth.jpg", AttachmentKind.PICTURE)
    file = await world.house.attachments.file(staff, talk, line.attachment or 0)
    assert file is not None
    assert (file.content, file.media_type, file.size) == (PICTURE, "image/jpeg", len(PICTURE))
    assert len(records.of("ticket", conversation_id=talk)) == 1


async def test_a_file_is_found_only_by_its_own_talk(world: World, phone: Phone, talk: ConversationId) -> None:
    await phone.does(picture())
    (attachment_id,) = await kept(world, talk)
    _, page = world.add_patient()
    assert await world.house.attachments.file(world.add_staff(), page, attachment_id) is None
    assert await world.house.attachments.file(world.add_staff(), talk, 17) is None


async def test_danger_beside_a_picture_comes_first(
    world: World, phone: Phone, records: Records, talk: ConversationId
) -> None:
    await phone.does(picture(caption="my face is swollen and I cannot breathe"))
    assert keys(records, talk)[-1] == "safety.emergency"
    assert len(await kept(world, talk)) == 1


async def test_a_threat_with_the_law_beside_a_picture_is_heard(
    phone: Phone, records: Records, talk: ConversationId
) -> None:
    await phone.does(picture(caption="you will hear from my lawyer"))
    assert keys(records, talk)[-1] == "safety.legal"
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["legal"]


@pytest.mark.parametrize("caption", ["enough", "my data"])
async def test_what_may_be_meant_beside_a_picture_is_for_staff_to_read(
    phone: Phone, records: Records, talk: ConversationId, caption: str
) -> None:
    await phone.does(picture(caption=caption))
    assert keys(records, talk)[-1] == "repair.attachment"
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["question"]


async def test_a_stop_beside_a_picture_is_a_stop(phone: Phone, records: Records, talk: ConversationId) -> None:
    await phone.does(picture(caption="stop"))
    assert keys(records, talk)[-1].startswith("stop.")


@pytest.mark.parametrize("content", [None, b"\0" * (LARGEST_FILE + 1)])
async def test_what_is_too_large_is_not_kept_but_a_person_hears_of_it(
    world: World, phone: Phone, records: Records, talk: ConversationId, content: bytes | None
) -> None:
    said = len(keys(records, talk))
    await phone.does(picture(content))
    assert await kept(world, talk) == []
    assert len(keys(records, talk)) > said
    assert [row["kind"] for row in records.of("received", conversation_id=talk)] == ["attachment"]


async def test_only_so_many_are_kept_in_a_day(world: World, phone: Phone, talk: ConversationId) -> None:
    for _ in range(FILES_A_DAY + 2):
        await phone.does(picture(b"small"))
    assert len(await kept(world, talk)) == FILES_A_DAY
    world.clock.move_to(world.clock.now() + timedelta(days=1, minutes=1))
    await phone.does(picture(b"small"))
    assert len(await kept(world, talk)) == FILES_A_DAY + 1


async def test_there_is_room_until_as_many_were_kept_in_a_day_for_the_whole_account(
    world: World, phone: Phone, talk: ConversationId
) -> None:
    async def has_room(account: str = phone.account) -> bool:
        return await world.house.entrance.has_room(Channel.TELEGRAM, account)

    assert await has_room("nobody yet")
    for _ in range(FILES_A_DAY - 1):
        await phone.does(picture(b"small"))
    assert await has_room()
    await phone.does(picture(b"small"))
    assert not await has_room()
    await comes_by_link(phone, world.add_patient()[0])
    assert talk_of(world, phone.account) != talk
    assert not await has_room(), "whoever else of the family writes"
    assert await has_room("502")
    world.clock.move_to(world.clock.now() + timedelta(days=1, minutes=1))
    assert await has_room()


async def test_a_sticker_opens_no_ticket(phone: Phone, records: Records, talk: ConversationId) -> None:
    await phone.does(SentFile(kind=AttachmentKind.STICKER))
    assert records.of("ticket", conversation_id=talk) == []


async def test_a_stranger_may_send_a_picture_too(world: World, phone: Phone, records: Records) -> None:
    await phone.does(picture())
    stranger = talk_of(world, phone.account)
    assert len(await kept(world, stranger)) == 1
    assert records.of("ticket", conversation_id=stranger)


async def test_what_was_sent_is_erased_with_the_person(world: World, phone: Phone, talk: ConversationId) -> None:
    await phone.does(picture())
    (attachment_id,) = await kept(world, talk)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(uow.conversations.lock(talk).patient_id, now=world.clock.now())
        uow.commit()
        with pytest.raises(NotFoundError):
            uow.attachments.get(AttachmentId(attachment_id))
    assert await world.house.attachments.file(world.add_staff(), talk, attachment_id) is None
