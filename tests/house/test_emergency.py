"""Danger first: at any moment, whoever owns the chat; frozen until a dentist or the manager clears it."""

import pytest

from bot.services.desk_ports import NotAllowedError
from bot.services.views import ConversationView
from flows.vocabulary import Language, Role, TicketReason, Urgency
from tests.house.acts import EVENING, comes, days_pass, proactive, said
from tests.house.phrases import EMERGENCY
from tests.house.records import Records
from tests.world import World

DANGER = EMERGENCY[Language.EN]


async def test_an_emergency_in_the_middle_of_a_booking_freezes_and_alarms(world: World, records: Records) -> None:
    staff = world.add_staff(Role.RECEPTION)
    patient_id, talk = world.add_patient()
    world.add_patient()
    await world.house.ticks.run_all()
    await world.writes(talk, "look for a time please")
    await world.writes(talk, DANGER)
    assert said(records, talk)[-1] == ("safety.emergency", "sent")
    assert records.of("hold", conversation_id=talk) == []
    assert [(row["reason"], row["urgency"]) for row in records.of("ticket")] == [("emergency", "now")]
    assert records.of("patient", id=patient_id)[0]["frozen"]
    rows = await world.house.desk.conversations(staff)
    assert (rows[0].conversation_id, rows[0].alarm, rows[0].urgency) == (talk, True, Urgency.NOW)
    assert not any(row.alarm for row in rows[1:])
    await comes(world, EVENING)
    assert proactive(records, talk) == [("recall", "withdrawn", "frozen")]


async def test_the_alarm_rings_until_somebody_has_seen_it(world: World) -> None:
    staff = world.add_staff(Role.RECEPTION)
    _, talk = world.add_patient()
    await world.writes(talk, DANGER)
    await days_pass(world, 1)
    row = (await world.house.desk.conversations(staff))[0]
    assert (row.alarm, row.overdue) == (True, True)
    await world.house.desk.acknowledge(staff, talk)
    assert not (await world.house.desk.conversations(staff))[0].alarm
    await world.writes(talk, DANGER)
    tickets = (await _view(world, talk)).tickets
    assert [ticket.reason for ticket in tickets] == [TicketReason.EMERGENCY]


async def _view(world: World, talk: int) -> ConversationView:
    view = await world.house.desk.conversation(world.add_staff(), talk)
    assert view is not None
    return view


@pytest.mark.parametrize("role", [Role.DENTIST, Role.MANAGER])
async def test_a_freeze_is_cleared_by_a_dentist_or_the_manager(world: World, records: Records, role: Role) -> None:
    reception, cleared_by = world.add_staff(Role.RECEPTION), world.add_staff(role)
    patient_id, talk = world.add_patient()
    await world.writes(talk, DANGER)
    with pytest.raises(NotAllowedError):
        await world.house.desk.clear_freeze(reception, talk)
    assert records.of("patient", id=patient_id)[0]["frozen"]
    await days_pass(world, 2)
    assert proactive(records, talk) == []
    await world.house.desk.clear_freeze(cleared_by, talk)
    assert not records.of("patient", id=patient_id)[0]["frozen"]
    cleared = records.of("ledger_event", patient_id=patient_id, act="clear")
    assert [(row["acted_by"], row["evidence"]) for row in cleared] == [("staff", f"desk:{cleared_by.staff_id}")]
    await days_pass(world, 3)
    assert ("recall", "sent", None) in proactive(records, talk)


async def test_danger_is_answered_while_staff_own_the_chat_and_nothing_else_is(world: World, records: Records) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    await world.writes(talk, "look for a time please")
    assert said(records, talk) == []
    await world.writes(talk, DANGER)
    assert said(records, talk) == [("safety.emergency", "sent")]
    assert records.of("conversation", id=talk)[0]["owner"] == "staff"


@pytest.mark.parametrize("language", Language)
async def test_danger_is_heard_in_every_language(world: World, records: Records, language: Language) -> None:
    _, talk = world.add_patient(language=language)
    await world.writes(talk, EMERGENCY[language])
    assert [key for key, _ in said(records, talk)] == ["safety.emergency"]
