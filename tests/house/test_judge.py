"""The judge of the laws notices each break; a law that could not be broken would prove nothing."""

from datetime import timedelta

import pytest

from flows.vocabulary import Role
from tests.house.judge import breaks, spoke_over_staff
from tests.house.records import Records
from tests.world import World


async def lived_in(world: World) -> None:
    """Let two patients be invited; one books and is reminded, the other says stop and has a person take over."""
    staff = world.add_staff(Role.MANAGER)
    (_, first), (_, second) = world.add_patient(), world.add_patient()
    await world.house.ticks.run_all()
    world.clock.move_to(world.clock.now() + timedelta(hours=9))
    await world.house.ticks.run_all()
    await world.presses(first, 1)
    await world.writes(second, "stop")
    for _ in range(6):
        world.clock.move_to(world.clock.now() + timedelta(hours=12))
        await world.house.ticks.run_all()
    await world.writes(second, "I want to talk to a person")
    await world.house.desk.take(staff, second)


async def test_a_house_at_peace_breaks_no_law(world: World, records: Records) -> None:
    await lived_in(world)
    rows = records.read()
    assert {row["purpose"] for row in rows.of("outbox", kind="proactive", status="sent")} == {"recall", "appointment"}
    assert breaks(rows) == []


@pytest.mark.parametrize(
    ("law", "fault"),
    [
        ("stop_wins", "UPDATE outbox SET sent_at = '2027-06-01 12:00:00' WHERE purpose = 'recall'"),
        ("right_was_there", "UPDATE gate_decision SET verdict = 'defer' WHERE stage = 'sending'"),
        ("right_was_there", "UPDATE gate_decision SET right_event_id = NULL WHERE purpose = 'recall'"),
        ("right_was_there", "UPDATE appointment SET sequence = 7"),
        ("right_was_there", "UPDATE appointment SET status = 'cancelled', updated_at = created_at"),
        ("hours_are_kept", "UPDATE outbox SET sent_at = '2026-11-28 12:00:00' WHERE purpose = 'recall'"),
        ("hours_are_kept", "UPDATE outbox SET sent_at = '2026-11-24 08:59:00' WHERE purpose = 'recall'"),
        ("hours_are_kept", "UPDATE outbox SET sent_at = '2026-11-24 18:00:00' WHERE purpose = 'recall'"),
        ("caps_are_kept", "UPDATE outbox SET purpose = 'recall', sent_at = '2026-11-24 12:00:00'"),
        ("owners_are_single", "UPDATE conversation SET staff_id = NULL"),
        ("owners_are_single", "UPDATE conversation SET owner = 'bot', staff_id = NULL, lease_until = NULL"),
        ("slots_are_single", "DELETE FROM chair_time"),
        ("slots_are_single", "UPDATE appointment SET status = 'cancelled'"),
        ("next_visits_are_true", "UPDATE patient SET next_visit_at = '2026-11-30 10:00:00'"),
        ("jobs_run_well", "UPDATE job_run SET outcome = 'failed'"),
    ],
)
async def test_the_judge_notices(world: World, records: Records, law: str, fault: str) -> None:
    await lived_in(world)
    records.change(fault)
    assert any(broken.startswith(law) for broken in breaks(records.read()))


@pytest.mark.parametrize(("reach", "breaches"), [("bot_only", 1), ("always", 0)])
async def test_the_judge_notices_who_spoke_over_staff(
    world: World, records: Records, reach: str, breaches: int
) -> None:
    staff = world.add_staff()
    _, conversation_id = world.add_patient()
    await world.house.desk.take(staff, conversation_id)
    before = records.read()
    await world.house.desk.answer(staff, conversation_id, "1", "Good morning")
    assert spoke_over_staff(before, records.read()) == []
    records.change("UPDATE outbox SET kind = 'reply', reach = :reach", reach=reach)
    assert len(spoke_over_staff(before, records.read())) == breaches
