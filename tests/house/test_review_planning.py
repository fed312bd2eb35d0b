"""Planning keeps to the free times there are, passes nobody over, and says why somebody gets nothing."""

from dataclasses import replace
from datetime import timedelta

from bot.services.pacing import invitation_room
from bot.services.preview import preview
from flows.ids import PatientId
from flows.meaning import ANY_TIME
from flows.vocabulary import Purpose
from storage.vocabulary import BookedBy
from tests.house.acts import DAY, EVENING, HOUR, MINUTE, comes, proactive
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World, make_world


def with_share(world: World, share: float) -> None:
    """Let the clinic give this share of its free times to the programme."""
    clinic = world.house.clinic
    recall = clinic.settings.recall.model_copy(update={"share_of_free_times": share})
    paced = replace(clinic, settings=clinic.settings.model_copy(update={"recall": recall}))
    for part in (world.house.planning, world.house.delivery._departures):  # noqa: SLF001 - only the settings differ
        part._clinic = paced  # noqa: SLF001 - as above


def room(world: World) -> int:
    """How many may still be invited."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        return invitation_room(uow, world.house.planning._clinic, world.clock.now())  # noqa: SLF001 - as above


async def test_never_more_people_are_invited_than_the_free_times_allow_however_often_planning_looks(
    world: World, records: Records
) -> None:
    with_share(world, 0.05)
    most = room(world)
    assert 0 < most < 20
    for _ in range(most + 5):
        world.add_patient()
    for _ in range(4):
        await world.house.planning.plan_due()
        world.clock.move_to(world.clock.now() + MINUTE)
    assert len(records.of("outbox", kind="proactive")) == most
    await comes(world, EVENING)
    await comes(world, EVENING + HOUR)
    assert len(records.of("outbox", kind="proactive")) == most
    await comes(world, EVENING + 8 * DAY)
    assert len(records.of("outbox", kind="proactive")) == most + 5


async def test_the_plan_shows_who_goes_first_and_who_waits_for_free_times(world: World, records: Records) -> None:
    with_share(world, 0.05)
    most = room(world)
    people = [world.add_patient()[0] for _ in range(most + 3)]
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        shown = preview(uow, world.house.planning._clinic, world.clock.now())  # noqa: SLF001 - only the settings differ
        numbers = {uow.patients.get(person).profile.number: person for person in people}
    going = [numbers[each.number] for each in shown if each.at is not None]
    assert len(going) == most
    assert sum(each.waits_for_free_time for each in shown) == 3
    await world.house.planning.plan_due()
    assert sorted(going) == sorted(row["patient_id"] for row in records.of("outbox", kind="proactive"))


async def test_people_the_gate_refuses_do_not_stand_in_the_way_of_those_behind_them(
    world: World, records: Records
) -> None:
    refused = []
    for _ in range(5):
        patient_id, talk = world.add_patient()
        await world.writes(talk, "can I change my e-mail address")
        refused.append(patient_id)
    patient_id, _ = world.add_patient()
    with_share(world, 0.02)
    assert 0 < room(world) < 5
    await world.house.planning.plan_due()
    assert [row["patient_id"] for row in records.of("outbox", kind="proactive")] == [patient_id]
    asked = records.of("gate_decision", verdict="refuse")
    assert {(row["patient_id"], row["reason"]) for row in asked} == {(each, "in_conversation") for each in refused}
    await world.house.planning.plan_due()
    assert len(records.of("gate_decision", verdict="refuse")) == len(refused), "the same no is kept once"


def visited(world: World, records: Records, patient_id: PatientId, days_ago: int) -> None:
    """Let a visit of some days ago have been kept."""
    now = world.clock.now()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        free = uow.calendar.free_slots(
            ANY_TIME,
            count=1,
            visit_type_id=world.house.clinic.recall_type,
            provider_ids=world.house.clinic.providers,
            now=now - timedelta(days=days_ago),
        ).slots
        visit = uow.calendar.book(patient_id, None, free[0], now - timedelta(days=days_ago), booked_by=BookedBy.STAFF)
        assert visit is not None
        assert uow.visits.mark_visited(visit.appointment_id, now, None) is not None
        uow.commit()
    assert records.of("visit", patient_id=patient_id)


async def test_a_check_in_that_is_refused_is_settled_with_its_reason(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient(permits=frozenset({Purpose.RECALL}))
    visited(world, records, patient_id, 3)
    await world.house.planning.plan_due()
    assert proactive(records, talk) == []
    assert records.of("visit")[0]["check_in_due_at"] is None
    asked = [(row["purpose"], row["verdict"], row["reason"]) for row in records.of("gate_decision")]
    assert asked == [("postvisit", "refuse", "no_right")]


async def test_a_check_in_waits_until_staff_have_given_the_chat_back(
    world: World, records: Records, line: Line
) -> None:
    staff = world.add_staff()
    patient_id, talk = world.add_patient()
    visited(world, records, patient_id, 3)
    await world.house.desk.take(staff, talk)
    await world.house.planning.plan_due()
    assert proactive(records, talk) == []
    assert [row["reason"] for row in records.of("gate_decision")] == ["staff_owns"]
    await world.house.desk.hand_back(staff, talk)
    await world.house.planning.plan_due()
    await comes(world, EVENING)
    assert proactive(records, talk) == [("postvisit", "sent", None)]
    assert len(line.arrived) == 2


async def test_pacing_and_its_reasons_are_the_same_on_postgresql(postgres_database: str) -> None:
    world = make_world(postgres_database)
    with_share(world, 0.05)
    most = room(world)
    talking = world.add_patient()[1]
    await world.writes(talking, "can I change my e-mail address")
    for _ in range(most + 2):
        world.add_patient()
    for _ in range(2):
        await world.house.planning.plan_due()
    with Records(postgres_database) as records:
        assert len(records.of("outbox", kind="proactive")) == most
        assert [row["reason"] for row in records.of("gate_decision", verdict="refuse")] == ["in_conversation"]
        world.clock.move_to(EVENING)
        assert await world.house.delivery.send_due() == most
        assert len(records.of("outbox", kind="proactive", status="sent")) == most
    world.house.database.close_now()
