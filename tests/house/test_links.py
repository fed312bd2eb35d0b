"""Doors: a link opens once and not for ever, a session opens one chat, a file belongs to one conversation."""

from datetime import timedelta

import pytest

from bot.services.links import make_link
from bot.services.staff import add_staff
from flows.engine.choices import Choice
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Language, Role
from storage.vocabulary import PassKind
from tests.house.acts import DAY, books, chooses, said
from tests.house.records import Records
from tests.world import World


def link_of(world: World, patient_id: PatientId) -> str:
    """The token of a fresh personal link."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = make_link(uow, patient_id, world.house.clinic.settings, world.clock.now())
        uow.commit()
    return link.url.rpartition("/")[2]


async def test_a_personal_link_opens_once(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    token = link_of(world, patient_id)
    for _ in range(2):
        assert await world.house.patient.peek_link(token) is Language.EN
    redeemed = await world.house.patient.redeem_link(token)
    assert redeemed is not None
    secret, session = redeemed
    assert session.conversation_id == talk
    assert await world.house.patient.session(secret) == session
    assert len(said(records, talk)) == 1, "greeted"
    assert await world.house.patient.redeem_link(token) is None
    assert len(said(records, talk)) == 1


async def test_a_second_link_opens_the_same_chat_without_a_second_greeting(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    sessions = [await world.house.patient.redeem_link(link_of(world, patient_id)) for _ in range(2)]
    assert {session[1].conversation_id for session in sessions if session is not None} == {talk}
    assert len({session[0] for session in sessions if session is not None}) == 2
    assert len(said(records, talk)) == 1


async def test_an_expired_link_opens_nothing(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    token = link_of(world, patient_id)
    world.clock.move_to(world.clock.now() + timedelta(days=world.house.clinic.settings.recall.link_days) + DAY)
    assert await world.house.patient.peek_link(token) is None
    assert await world.house.patient.redeem_link(token) is None
    assert said(records, talk) == []


async def test_a_session_ends(world: World) -> None:
    patient_id, _ = world.add_patient()
    redeemed = await world.house.patient.redeem_link(link_of(world, patient_id))
    assert redeemed is not None
    world.clock.move_to(world.clock.now() + timedelta(days=3650))
    assert await world.house.patient.session(redeemed[0]) is None


@pytest.mark.parametrize("token", ["", "x", "../..", "a" * 5000, "ключ", "\x00"])
async def test_a_guessed_secret_opens_nothing(world: World, token: str) -> None:
    world.add_patient()
    assert await world.house.patient.peek_link(token) is None
    assert await world.house.patient.redeem_link(token) is None
    assert await world.house.patient.session(token) is None
    assert await world.house.desk.staff(token) is None
    assert await world.house.desk.redeem_staff_link(token) is None


async def test_a_secret_of_one_kind_opens_no_other_door(world: World) -> None:
    patient_id, _ = world.add_patient()
    token = link_of(world, patient_id)
    assert await world.house.patient.session(token) is None
    assert await world.house.desk.redeem_staff_link(token) is None
    redeemed = await world.house.patient.redeem_link(token)
    assert redeemed is not None
    assert await world.house.desk.staff(redeemed[0]) is None
    assert await world.house.patient.redeem_link(redeemed[0]) is None


async def test_each_session_opens_its_own_conversation_only(world: World) -> None:
    people = [world.add_patient() for _ in range(2)]
    for patient_id, talk in people:
        redeemed = await world.house.patient.redeem_link(link_of(world, patient_id))
        assert redeemed is not None
        session = await world.house.patient.session(redeemed[0])
        assert session is not None
        assert session.conversation_id == talk
        await world.house.patient.write(session, "1", "look for a time please")
    lines = [await world.lines(talk) for _, talk in people]
    assert all(len(each) == 3 for each in lines)


async def file_line(world: World, talk: ConversationId) -> int:
    """The line of a conversation that carries a file."""
    chat = await world.house.patient.chat(world.session(talk))
    return next(line.id for line in chat.lines if line.file_name is not None)


async def test_the_calendar_file_is_given_to_its_own_conversation_alone(world: World, records: Records) -> None:
    (_, own), (_, other) = world.add_patient(), world.add_patient()
    await books(world, records, own)
    line = await file_line(world, own)
    given = await world.house.patient.file(world.session(own), line)
    assert given is not None
    name, content = given
    assert name.endswith(".ics")
    assert content.startswith(b"BEGIN:VCALENDAR")
    assert await world.house.patient.file(world.session(other), line) is None
    assert await world.house.patient.file(world.session(own), 1) is None


async def test_a_line_without_a_file_gives_none(world: World) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    await chooses(world, talk, Choice.PERSON)
    chat = await world.house.patient.chat(world.session(talk))
    assert [await world.house.patient.file(world.session(talk), line.id) for line in chat.lines] == (
        [None] * len(chat.lines)
    )


async def test_a_staff_link_opens_once_and_signing_out_ends_the_session(world: World, records: Records) -> None:
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = add_staff(uow, world.house.clinic.settings, "Robin Example", Role.RECEPTION, world.clock.now())
        uow.commit()
    token = link.url.rpartition("/")[2]
    secret = await world.house.desk.redeem_staff_link(token)
    assert secret is not None
    assert await world.house.desk.redeem_staff_link(token) is None
    member = await world.house.desk.staff(secret)
    assert member is not None
    assert (member.name, member.role) == ("Robin Example", Role.RECEPTION)
    await world.house.desk.sign_out(secret)
    assert await world.house.desk.staff(secret) is None
    assert [row["action"] for row in records.of("staff_action")] == ["signed_in", "signed_out"]


async def test_an_expired_staff_link_opens_nothing(world: World) -> None:
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = add_staff(uow, world.house.clinic.settings, "Robin Example", Role.RECEPTION, world.clock.now())
        uow.commit()
    world.clock.move_to(link.expires_at)
    assert await world.house.desk.redeem_staff_link(link.url.rpartition("/")[2]) is None


async def test_no_secret_stands_in_the_database(world: World) -> None:
    patient_id, _ = world.add_patient()
    token = link_of(world, patient_id)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        assert uow.passes.look_up(PassKind.PATIENT_LINK, token, now=world.clock.now()) is not None
    stored = world.house.database._engines.read.url.database  # noqa: SLF001 - the file is read as a thief would
    assert stored is not None
    world.house.database.close_now()
    with open(stored, "rb") as file:  # noqa: PTH123, ASYNC230 - the whole file, once
        assert token.encode() not in file.read()
