"""The judge of the laws notices each break; a law that could not be broken would prove nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from flows.vocabulary import Role
from tests.house.judge import breaks, spoke_over_staff
from tests.house.records import Records
from tests.world import World

DELAYED = "UPDATE outbox SET sent_at = datetime(sent_at, :by) WHERE kind = 'proactive'"


async def lived_in(world: World) -> None:
    """Let two patients be invited; one books and is reminded, the other has a person take over."""
    staff = world.add_staff(Role.MANAGER)
    (_, first), (_, second) = world.add_patient(), world.add_patient()
    await world.house.ticks.run_all()
    world.clock.move_to(world.clock.now() + timedelta(hours=9))
    await world.house.ticks.run_all()
    await world.presses(first, 1)
    await world.writes(second, "I want to talk to a person")
    await world.house.desk.take(staff, second)
    for _ in range(6):
        world.clock.move_to(world.clock.now() + timedelta(hours=12))
        await world.house.ticks.run_all()


async def test_a_house_at_peace_breaks_no_law(world: World, records: Records) -> None:
    await lived_in(world)
    rows = records.read()
    assert {row["purpose"] for row in rows.of("outbox", kind="proactive", status="sent")} == {"recall", "appointment"}
    assert breaks(rows) == []


@pytest.mark.parametrize(
    ("law", "fault"),
    [
        ("stop_wins", "UPDATE outbox SET purpose = 'recall', sent_at = '2027-06-01 12:00:00' WHERE kind = 'proactive'"),
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
    _, conversation_id = world.add_patient()
    await world.writes(conversation_id, "stop")
    if law == "stop_wins":
        talk = records.of("conversation", id=conversation_id)[0]
        fault = fault.replace("SET", f"SET patient_id = {talk['patient_id']},").replace("WHERE", "WHERE step = 1 AND")
        fault += " AND campaign LIKE 'reminder%'"
    records.change(fault)
    assert any(broken.startswith(law) for broken in breaks(records.read()))


def _owner(owner: str) -> str:
    return f"UPDATE conversation SET owner = '{owner}'"


@pytest.mark.parametrize(("reach", "silent"), [("bot_only", False), ("always", True)])
async def test_the_judge_notices_who_spoke_over_staff(
    world: World, records: Records, reach: str, silent: Callable[[], bool]
) -> None:
    staff = world.add_staff()
    _, conversation_id = world.add_patient()
    await world.house.desk.take(staff, conversation_id)
    before = records.read()
    await world.house.desk.answer(staff, conversation_id, "1", "Good morning")
    assert spoke_over_staff(before, records.read()) == []
    records.change("UPDATE outbox SET kind = 'reply', reach = :reach", reach=reach)
    assert (spoke_over_staff(before, records.read()) == []) is silent
