"""What attackers try at the messenger's boundary, or chance brings about: nothing said is lost, nobody gets further."""

import asyncio
from datetime import timedelta

import pytest

from bot.services.arriving import ArrivedContent, CameByLink, ChatClosed, Edited, SharedPhone
from bot.services.ports import AddressClosedError, Busy, NotSentError
from bot.services.updates import Pressed, SentFile, Taken, Wrote
from flows.engine.choices import Choice, Payload
from flows.vocabulary import AttachmentKind, Channel
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, keys, link_for, talk_of, whose
from tests.world import World

DANGER = "my face is swollen and I cannot breathe"
HALF = "\ud800"


async def test_a_stop_that_waited_while_staff_said_who_it_is_is_the_patients(
    world: World, phone: Phone, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    await phone.writes(DANGER)
    stranger, gate = talk_of(world, phone.account), asyncio.Event()

    async def slowly() -> None:
        await gate.wait()

    phone.line.meanwhile = slowly
    async with world.house.delivery.going_on(), asyncio.TaskGroup() as tasks:
        await phone.writes("hello")
        tasks.create_task(phone.writes("stop"))
        await asyncio.sleep(0.1)
        tasks.create_task(world.house.identifying.confirm(world.add_staff(), stranger, patient_id))
        await asyncio.sleep(0.1)
        gate.set()
    assert whose(records, talk_of(world, phone.account)) == patient_id
    assert not records.of("patient", id=patient_id)[0]["recall_ok"]
    assert "stop.done" in keys(records, talk_of(world, phone.account))


async def test_a_stand_in_whose_last_message_is_refused_stays_away(world: World, phone: Phone) -> None:
    patient_id, _ = world.add_patient()
    await phone.writes(DANGER)
    gate = asyncio.Event()

    async def recognised() -> None:
        phone.line.meanwhile = greeted
        tasks.create_task(phone.does(CameByLink(token=link_for(world, patient_id))))
        await gate.wait()
        raise AddressClosedError("closed")

    async def greeted() -> None:
        gate.set()

    phone.line.meanwhile = recognised
    async with asyncio.TaskGroup() as tasks:
        await phone.writes("hello")
    await phone.writes("hello again")
    with world.house.database.reading(world.house.clinic.id) as uow:
        members = uow.accounts.members_at(Channel.TELEGRAM, phone.account)
    assert [member.patient_id for member in members] == [patient_id]


async def test_a_stand_in_that_was_blocked_is_none_of_the_family(world: World, phone: Phone) -> None:
    await phone.writes("hello")
    await phone.does(ChatClosed())
    talk = await comes_by_link(phone, world.add_patient()[0])
    with world.house.database.reading(world.house.clinic.id) as uow:
        assert uow.conversations.snapshot(talk, now=world.clock.now()).household == 1


@pytest.mark.parametrize(
    ("later", "heard"),
    [("stop. I want to kill myself", "safety.crisis"), (f"stop, {DANGER}", "safety.emergency")],
)
async def test_an_alarm_added_to_a_stop_is_heard(
    world: World, phone: Phone, records: Records, later: str, heard: str
) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await phone.does(Wrote(text="stop"), message_id="41")
    said = len(keys(records, talk))
    await phone.does(Edited(text=later, message_id="41"), message_id="41")
    assert heard in keys(records, talk)[said:]


async def test_a_stop_edited_after_sending_was_allowed_again_is_a_stop(
    world: World, phone: Phone, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    await comes_by_link(phone, patient_id)
    await phone.does(Wrote(text="stop"), message_id="41")
    await phone.does(Pressed(payload=Payload(choice=Choice.START_AGAIN, argument=0, asked=0)))
    assert records.of("patient", id=patient_id)[0]["recall_ok"]
    await phone.does(Edited(text="STOP!", message_id="41"), message_id="41")
    assert not records.of("patient", id=patient_id)[0]["recall_ok"]


@pytest.mark.parametrize("choice", [Choice.STOP, Choice.PERSON, Choice.LOOK_FOR_TIME])
async def test_danger_behind_a_command_is_heard(world: World, phone: Phone, records: Records, choice: Choice) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await phone.does(Pressed(payload=Payload(choice=choice, argument=0, asked=0), words=DANGER))
    assert keys(records, talk)[-1] == "safety.emergency"


async def test_a_command_with_other_words_is_the_command(world: World, phone: Phone, records: Records) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await phone.does(Pressed(payload=Payload(choice=Choice.STOP, argument=0, asked=0), words="1"))
    assert keys(records, talk)[-1] == "stop.done"


@pytest.mark.parametrize(
    "content",
    [
        SentFile(kind=AttachmentKind.PICTURE, media_type=f"image/{HALF}", content=b"x"),
        SharedPhone(number=HALF, own=True),
        CameByLink(token=HALF),
    ],
    ids=["file", "phone", "link"],
)
async def test_half_a_character_puts_nothing_aside(phone: Phone, content: ArrivedContent) -> None:
    assert (await phone.does(content)).taken is Taken.DONE


@pytest.mark.parametrize("busy", Busy)
async def test_an_answer_put_off_by_the_messenger_is_overtaken_by_no_later_one(
    world: World, phone: Phone, records: Records, busy: Busy
) -> None:
    await comes_by_link(phone, world.add_patient()[0])
    before = len(phone.heard)
    phone.line.troubles.append(NotSentError("busy", wait=timedelta(seconds=3), busy=busy))
    await phone.writes("hello")
    await phone.writes("are you a robot?")
    assert len(phone.heard) == before
    world.clock.move_to(world.clock.now() + timedelta(seconds=4))
    await phone.writes("where are you?")
    arrived = [message.key for message in phone.line.arrived]
    assert len(arrived) > before + 2
    assert arrived == sorted(arrived)
    assert {row["status"] for row in records.of("outbox")} == {"sent"}
