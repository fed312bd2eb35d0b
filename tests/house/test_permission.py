"""The right rules for each person, and every answer of the gate written down with its reason."""

from tests.house.acts import EVENING, HOUR, comes, invites, proactive
from tests.house.line import Line
from tests.house.records import Records
from tests.laws.auditing import wrongly_sent
from tests.world import MONDAY_MORNING, World


def lives_in(records: Records, patient_id: int, residence: str) -> None:
    records.change("UPDATE patient SET residence = :residence WHERE id = :id", residence=residence, id=patient_id)


async def test_who_lives_abroad_is_judged_by_the_stricter_of_both_rules(
    world: World, records: Records, line: Line
) -> None:
    patient_id, talk = world.add_patient()
    _, neighbour = world.add_patient()
    lives_in(records, patient_id, "RU")
    await invites(world)
    strictest, both = world.house.clinic.policy, world.house.clinic.policy_for("RU", None)
    assert set(strictest.parts) < set(both.parts)
    assert proactive(records, talk) == [("recall", "refused", "not_released")], "there a person releases the batch"
    assert proactive(records, neighbour) == [("recall", "sent", None)]
    judged = records.of("gate_decision", patient_id=patient_id)
    assert [(row["stage"], row["reason"]) for row in judged] == [("planned", None), ("sending", "not_released")]
    assert {(row["policy"], row["policy_hash"]) for row in judged} == {(both.id, both.content_hash)}
    others = [row for row in records.of("gate_decision", verdict="permit") if row["patient_id"] != patient_id]
    assert {row["policy"] for row in others} == {strictest.id}
    assert len(line.arrived) == 1


async def test_why_a_message_waits_is_written_down(world: World, records: Records) -> None:
    world.add_patient()
    await world.house.ticks.run_all()
    await comes(world, MONDAY_MORNING + 14 * HOUR)
    (waited,) = records.of("gate_decision", stage="sending")
    assert (waited["verdict"], waited["reason"], waited["wait"]) == ("defer", None, "quiet_hours")
    assert waited["until"] == MONDAY_MORNING + 25 * HOUR
    (planned,) = records.of("gate_decision", stage="planned")
    assert (planned["verdict"], planned["wait"], planned["policy_hash"]) == (
        "permit",
        None,
        world.house.clinic.policy.content_hash,
    )


async def test_three_of_a_household_are_not_all_invited_in_one_week(world: World, records: Records, line: Line) -> None:
    people = [world.add_patient()[0] for _ in range(3)]
    records.change("INSERT INTO household (clinic_id, id) SELECT clinic_id, 1 FROM clinic")
    records.change("UPDATE patient SET household_id = 1")
    before = records.read()
    await invites(world)
    after = records.read()
    assert sorted(row["status"] for row in after.of("outbox", kind="proactive")) == ["refused", "sent", "sent"]
    assert [row["reason"] for row in after.of("gate_decision", verdict="refuse")] == ["cap_household"]
    assert wrongly_sent(before, after) == []
    for day in range(8):
        await comes(world, EVENING + (day + 1) * 24 * HOUR)
    assert len(line.arrived) == len(people), "a week later the third is invited too"
