"""A stop wins: over what is planned, over what is claimed, in every language, whoever owns the chat."""

import pytest

from flows.engine.choices import Choice
from flows.vocabulary import Language
from tests.house.acts import DAY, EVENING, books, chooses, comes, days_pass, invites, passes, proactive, said
from tests.house.line import Line
from tests.house.phrases import STOP
from tests.house.records import Records
from tests.world import World


async def test_a_stop_in_flight_cancels_what_was_planned(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    await world.house.ticks.run_all()
    assert proactive(records, talk) == [("recall", "planned", None)]
    await world.writes(talk, "stop")
    await comes(world, EVENING)
    assert proactive(records, talk) == [("recall", "withdrawn", "stopped")]
    assert [each.key for each in line.arrived] == [str(records.of("outbox", message_key="stop.done")[0]["id"])]


async def test_a_stop_between_claim_and_wording_keeps_the_message_in(
    world: World, records: Records, line: Line
) -> None:
    (_, first), (_, second) = world.add_patient(), world.add_patient()
    await world.house.ticks.run_all()
    claimed: list[str] = []

    async def stop() -> None:
        claimed.extend(row["status"] for row in records.of("outbox", conversation_id=second))
        await world.writes(second, "stop")

    line.meanwhile = stop
    await comes(world, EVENING)
    assert claimed == ["leased"]
    assert proactive(records, first) == [("recall", "sent", None)]
    assert proactive(records, second) == [("recall", "withdrawn", "stopped")]
    assert said(records, second)[1:] == [("stop.done", "sent")]


async def test_after_a_stop_there_is_one_confirmation_and_then_silence(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    await invites(world)
    await world.writes(talk, "stop")
    await passes(world, 200 * DAY, step=5 * DAY)
    assert said(records, talk) == [("recall.first", "sent"), ("stop.done", "sent")]
    assert len(line.arrived) == 2


@pytest.mark.parametrize("language", Language)
async def test_a_stop_is_heard_in_every_language_while_staff_own_the_chat(
    world: World, records: Records, language: Language
) -> None:
    staff = world.add_staff()
    patient_id, talk = world.add_patient(language=language)
    await world.house.desk.take(staff, talk)
    await world.writes(talk, STOP[language])
    assert said(records, talk) == [("stop.done", "sent")]
    stopped = records.of("ledger_event", patient_id=patient_id, collected="stop")
    assert {row["purpose"] for row in stopped} == {"recall", "offer", "postvisit"}


async def test_a_reminder_goes_out_after_a_stop_unless_it_is_refused_too(world: World, records: Records) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    for talk in (one, other):
        await books(world, records, talk, place=1)
        await world.writes(talk, "stop")
    await chooses(world, other, Choice.STOP_VISIT_TOO)
    await days_pass(world, 7)
    assert [row for row in proactive(records, one) if row[0] == "appointment"] == [("appointment", "sent", None)]
    assert not [row for row in proactive(records, other) if row[1] == "sent"]
    assert records.of("appointment", status="booked"), "the visits stay"


async def test_who_asks_to_be_written_to_again_is_invited_again(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "stop")
    await days_pass(world, 3)
    assert proactive(records, talk) == []
    await chooses(world, talk, Choice.START_AGAIN)
    await days_pass(world, 3)
    assert ("recall", "sent", None) in proactive(records, talk)
