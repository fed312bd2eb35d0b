"""Somebody unknown: slowed down when guessing, nobody's patient, and what they said goes on or is forgotten."""

import secrets
from datetime import timedelta

from bot.services.arriving import CameByLink
from bot.services.pacing import due_query
from bot.services.preview import preview
from flows.vocabulary import Channel
from tests.house.acts import HOUR, MINUTE
from tests.house.records import Records
from tests.house.telephone import (
    Phone,
    comes_by_link,
    keys,
    talk_of,
    whose,
)
from tests.world import World


async def test_guessing_is_slowed_down_and_reported(world: World, phone: Phone, records: Records) -> None:
    for _ in range(5):
        await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
    talk = talk_of(world, phone.account)
    assert records.of("ticket", conversation_id=talk) == []
    await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
    assert keys(records, talk)[-1] == "knowing.too_many"
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["guessing"]
    said = len(keys(records, talk))
    await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
    await phone.shares("+32470123123")
    assert len(keys(records, talk)) == said
    await phone.writes("my face is swollen and I cannot breathe")
    assert "safety.emergency" in keys(records, talk)[said:]


async def test_whoever_was_looked_for_and_then_guesses_is_reported_as_guessing(
    world: World, phone: Phone, records: Records
) -> None:
    await phone.writes("hello")
    await phone.writes("Anna Example, 2 May 1984")
    talk = talk_of(world, phone.account)
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["identify"]
    for _ in range(8):
        await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["identify", "guessing"]
    await world.house.identifying.reject(world.add_staff(), talk)
    assert {row["status"] for row in records.of("ticket", conversation_id=talk)} == {"closed"}


async def test_whoever_waits_to_guess_again_waits_longer_each_time(world: World, phone: Phone) -> None:
    waits = []
    for _ in range(4):
        for _ in range(6):
            await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
        with world.house.database.reading(world.house.clinic.id) as uow:
            account = uow.accounts.find(Channel.TELEGRAM, phone.account)
        assert account is not None
        assert account.slowed_until is not None
        waits.append(round((account.slowed_until - world.clock.now()) / MINUTE))
        world.clock.move_to(account.slowed_until + timedelta(seconds=1))
    assert waits == [1, 5, 30, 30]


async def test_five_misses_spread_over_hours_slow_nobody_down(world: World, phone: Phone, records: Records) -> None:
    for _ in range(12):
        await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
        world.clock.move_to(world.clock.now() + HOUR / 4)
    assert "knowing.too_many" not in keys(records, talk_of(world, phone.account))


async def test_a_right_link_works_while_somebody_waits(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    for _ in range(7):
        await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
    assert whose(records, await comes_by_link(phone, patient_id)) == patient_id


async def test_a_stop_said_before_anybody_was_known_holds_afterwards(
    world: World, phone: Phone, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    await phone.writes("stop")
    await comes_by_link(phone, patient_id)
    assert not records.of("patient", id=patient_id)[0]["recall_ok"]


async def test_an_emergency_of_a_stranger_goes_on_in_the_patients_name(
    world: World, phone: Phone, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    await phone.writes("my face is swollen and I cannot breathe")
    stranger = talk_of(world, phone.account)
    talk = await comes_by_link(phone, patient_id)
    assert [(row["reason"], row["status"]) for row in records.of("ticket", conversation_id=talk)] == [
        ("emergency", "open")
    ]
    assert [row["status"] for row in records.of("ticket", conversation_id=stranger)] == ["closed"]
    assert records.of("patient", id=patient_id)[0]["frozen"]


async def test_a_stranger_who_has_the_wrong_number_hears_an_apology_and_staff_look(
    phone: Phone, world: World, records: Records
) -> None:
    await phone.writes("hello")
    await phone.writes("sorry, wrong number")
    talk = talk_of(world, phone.account)
    assert keys(records, talk) == ["knowing.hello", "safety.wrong_person"]
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["wrong_person"]


async def test_a_wrong_number_that_was_the_right_one_after_all_opens_the_patients_chat(
    phone: Phone, world: World, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    await phone.writes("sorry, wrong number")
    talk = await comes_by_link(phone, patient_id)
    assert whose(records, talk) == patient_id
    assert keys(records, talk)[0] == "knowing.recognised"


async def test_what_a_stranger_said_is_erased_once_they_are_known(world: World, phone: Phone) -> None:
    patient_id, _ = world.add_patient()
    await phone.writes("hello")
    stranger = talk_of(world, phone.account)
    staff = world.add_staff()
    assert await world.house.desk.conversation(staff, stranger) is not None
    await comes_by_link(phone, patient_id)
    assert await world.house.desk.conversation(staff, stranger) is None


async def test_a_stranger_is_erased_a_month_after_their_last_word(world: World, phone: Phone, records: Records) -> None:
    await phone.writes("hello")
    stranger = talk_of(world, phone.account)
    world.clock.move_to(world.clock.now() + timedelta(days=29))
    assert await world.house.ticks.run("sweep_strangers") == 0
    world.clock.move_to(world.clock.now() + timedelta(days=2))
    assert await world.house.ticks.run("sweep_strangers") == 1
    assert await world.house.ticks.run("sweep_strangers") == 0
    await phone.writes("hello again")
    assert talk_of(world, phone.account) != stranger
    assert {row["status"] for row in records.of("patient")} == {"unknown"}


async def test_the_programme_never_sees_a_stranger(world: World, phone: Phone) -> None:
    world.add_patient()
    before = counted(world)
    await phone.writes("hello")
    assert counted(world) == before


def counted(world: World) -> object:
    """What planning counts, and whom the plan lists."""
    now = world.clock.now()
    with world.house.database.reading(world.house.clinic.id) as uow:
        query = due_query(world.house.clinic, now)
        listed = [one.number for one in preview(uow, world.house.clinic, now)]
        return uow.planning.counts(query), listed, uow.planning.due(query, limit=100)
