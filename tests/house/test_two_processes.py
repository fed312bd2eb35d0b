"""Two processes on one PostgreSQL: whoever takes an update or a message, each has its effect once."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from bot.services.leaving import Leaving
from bot.services.proactive import Departures
from flows.ids import ClinicId
from flows.vocabulary import Channel
from storage.records.outgoing import DueOutbox, Lease
from storage.unit_of_work import UnitOfWork
from tests.house.acts import EVENING, FIRST_TIME
from tests.house.judge import breaks
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World, make_world

MANY = 12


@pytest.fixture
def two(postgres_database: str) -> Iterator[tuple[World, World]]:
    """Two houses, as two processes would be, each with a line of its own."""
    worlds = (make_world(postgres_database), make_world(postgres_database))
    for world in worlds:
        world.house.delivery.channels[Channel.WEBCHAT] = Line()
    yield worlds
    for world in worlds:
        world.house.database.close_now()


@pytest.fixture
def stored(postgres_database: str) -> Iterator[Records]:
    """What is stored, read past the houses."""
    with Records(postgres_database) as found:
        yield found


def arrived(world: World) -> list[str]:
    """The keys of what left through a house's own line."""
    line = world.house.delivery.channels[Channel.WEBCHAT]
    assert isinstance(line, Line)
    return [each.key for each in line.arrived]


def come(two: tuple[World, World]) -> None:
    """Let the evening come for both."""
    for world in two:
        world.clock.move_to(EVENING)


async def test_the_same_update_at_both_at_once_has_one_effect(two: tuple[World, World], stored: Records) -> None:
    _, talk = two[0].add_patient()
    for number in range(MANY):
        session = two[0].session(talk)
        await asyncio.gather(
            *(world.house.patient.write(session, f"update-{number}", "look for a time please") for world in two)
        )
    rows = stored.read()
    assert len(rows["received"]) == len(rows["claimed_update"]) == len(rows["outbox"]) == MANY
    assert sorted([*arrived(two[0]), *arrived(two[1])]) == sorted(str(row["id"]) for row in rows["outbox"])
    assert {row["status"] for row in rows["outbox"]} == {"sent"}


async def test_different_updates_of_one_chat_at_once_all_have_their_effect(
    two: tuple[World, World], stored: Records
) -> None:
    _, talk = two[0].add_patient()
    await asyncio.gather(*(world.writes(talk, "look for a time please") for world in two for _ in range(4)))
    assert len(stored.of("received")) == 8
    assert stored.of("conversation", id=talk)[0]["lock_version"] == 8
    assert breaks(stored.read()) == []


async def test_the_same_outbox_delivered_by_both_sends_each_message_once(
    two: tuple[World, World], stored: Records
) -> None:
    talks = [two[0].add_patient()[1] for _ in range(MANY)]
    await asyncio.gather(*(world.house.planning.plan_due() for world in two))
    come(two)
    await asyncio.gather(*(world.house.delivery.send_due() for world in two for _ in range(2)))
    rows = stored.read()
    assert len(rows["outbox"]) == MANY
    assert {row["conversation_id"] for row in rows.of("outbox", status="sent")} == set(talks)
    assert sorted([*arrived(two[0]), *arrived(two[1])]) == sorted(str(row["id"]) for row in rows["outbox"])
    assert breaks(rows) == []


async def test_one_slot_pressed_at_both_at_once_is_booked_for_one_patient(
    two: tuple[World, World], stored: Records
) -> None:
    talks = [two[0].add_patient()[1] for _ in range(4)]
    await two[0].house.planning.plan_due()
    come(two)
    await two[0].house.delivery.send_due()
    await asyncio.gather(*(two[number % 2].presses(talk, FIRST_TIME) for number, talk in enumerate(talks)))
    rows = stored.read()
    assert len(rows.of("appointment", status="booked")) == 1
    assert len(rows.of("outbox", message_key="times.just_taken", status="sent")) == 3
    assert breaks(rows) == []


async def test_two_members_of_staff_at_both_at_once_make_one_owner(two: tuple[World, World], stored: Records) -> None:
    _, talk = two[0].add_patient()
    members = [world.add_staff() for world in two]
    taken = await asyncio.gather(
        *(world.house.desk.take(member, talk) for world, member in zip(two, members, strict=True)),
        return_exceptions=True,
    )
    assert len([outcome for outcome in taken if outcome is None]) == 1
    assert [row["action"] for row in stored.of("staff_action")] == ["took_over"]
    assert breaks(stored.read()) == []


async def test_a_press_understood_before_staff_booked_elsewhere_makes_no_second_visit(
    two: tuple[World, World], stored: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = two[0].add_patient()
    staff, desk = two[0].add_staff(), two[0].house.desk
    await two[1].writes(talk, "look for a time please")
    free = (await desk.free_times(staff, talk))[-1]
    chat = await two[1].house.patient.chat(two[1].session(talk))
    read = two[1].house.database.read
    looked: list[object] = []

    async def staff_are_faster(clinic_id: ClinicId, work: Callable[[UnitOfWork], object]) -> object:
        snapshot = await read(clinic_id, work)
        if not looked:
            looked.append(snapshot)
            await desk.book(staff, talk, free)
        return snapshot

    monkeypatch.setattr(two[1].house.database, "read", staff_are_faster)
    await two[1].house.patient.press(two[1].session(talk), "one", chat.buttons[FIRST_TIME].payload)
    assert looked
    assert [row["starts_at"] for row in stored.of("appointment", status="booked")] == [free.starts_at]
    assert breaks(stored.read()) == []


async def test_a_stop_at_one_keeps_in_what_the_other_has_claimed(two: tuple[World, World], stored: Records) -> None:
    talks = [two[0].add_patient()[1] for _ in range(2)]
    await two[0].house.planning.plan_due()
    come(two)
    line = two[0].house.delivery.channels[Channel.WEBCHAT]
    assert isinstance(line, Line)

    async def stop() -> None:
        await two[1].house.patient.write(two[1].session(talks[1]), secrets.token_hex(4), "stop")

    line.meanwhile = stop
    await two[0].house.delivery.send_due()
    assert [row["status"] for row in stored.of("outbox", conversation_id=talks[0])] == ["sent"]
    withdrawn = stored.of("outbox", conversation_id=talks[1], kind="proactive")
    assert [(row["status"], row["status_reason"]) for row in withdrawn] == [("withdrawn", "stopped")]


async def one_of_a_household_is_written_to(two: tuple[World, World], stored: Records) -> None:
    """Let three people be planned before they are known to be one household, which gets two messages a week at most."""
    people = [two[0].add_patient()[0] for _ in range(3)]
    await two[0].house.planning.plan_due()
    home = min(people)
    stored.change("INSERT INTO household (clinic_id, id) SELECT clinic_id, id FROM patient WHERE id = :home", home=home)
    for patient_id in people:
        stored.change("UPDATE patient SET household_id = :home WHERE id = :patient", home=home, patient=patient_id)
    come(two)
    await two[0].house.delivery.send_due()
    assert len(arrived(two[0])) == 1


async def test_while_one_writes_to_a_household_the_other_writes_to_nobody_else_in_it(
    two: tuple[World, World], stored: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.delivery.BATCH", 1)
    monkeypatch.setattr("bot.services.draining.GO_SECONDS", 0)
    await one_of_a_household_is_written_to(two, stored)
    line = two[0].house.delivery.channels[Channel.WEBCHAT]
    assert isinstance(line, Line)

    async def the_other_sends() -> None:
        await two[1].house.delivery.send_due()

    line.meanwhile = the_other_sends
    await two[0].house.delivery.send_due()
    assert (len(arrived(two[0])), len(arrived(two[1]))) == (2, 0)


async def test_two_that_judge_a_household_at_once_write_to_one_of_it(
    two: tuple[World, World], stored: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.delivery.BATCH", 1)
    monkeypatch.setattr("bot.services.draining.GO_SECONDS", 0)
    word, both = Departures._word, threading.Barrier(2)  # noqa: SLF001 - the moment between the gate and the commit

    def both_would(*about: Any) -> Leaving | None:  # noqa: ANN401 - handed on as it is
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return word(*about)

    await one_of_a_household_is_written_to(two, stored)
    monkeypatch.setattr(Departures, "_word", both_would)
    await asyncio.gather(*(world.house.delivery.send_due() for world in two))
    assert len([*arrived(two[0]), *arrived(two[1])]) == 2


async def test_a_stop_at_the_other_after_the_words_were_found_keeps_them_in(
    two: tuple[World, World], stored: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = two[0].add_patient()
    await two[0].house.planning.plan_due()
    come(two)
    prepare = Departures.prepare

    async def a_stop_is_faster(departures: Departures, due: DueOutbox, lease: Lease) -> Leaving | None:
        ready = await prepare(departures, due, lease)
        assert ready is not None
        await two[1].house.patient.write(two[1].session(talk), secrets.token_hex(4), "stop")
        return ready

    monkeypatch.setattr(Departures, "prepare", a_stop_is_faster)
    await two[0].house.delivery.send_due()
    assert arrived(two[0]) == []
    withdrawn = stored.of("outbox", kind="proactive")
    assert [(row["status"], row["status_reason"]) for row in withdrawn] == [("withdrawn", "stopped")]
    assert breaks(stored.read()) == []


async def test_a_job_that_failed_is_recorded_however_long_its_name(two: tuple[World, World], stored: Records) -> None:
    await two[0].house.keeping.failed(
        "a_job_of_the_house", kind="AnErrorWithANameThatIsMuchLongerThanAnyoneWouldExpect"
    )
    assert [row["outcome"] for row in stored.of("job_run")] == ["failed"]
