"""Why somebody was written to or was not, told from the stored facts and from the gate as it stands now."""

from datetime import date, timedelta
from typing import Any

from bot.cli.why_data import patient_data
from bot.cli.why_text import Telling
from bot.services.why import MessageWhy, PatientWhy, why_message, why_patient
from bot.services.why_views import WhyView
from bot.services.work_ports import CallOutcome
from flows.ids import ConversationId, OutboxId, PatientId
from flows.outreach.cadence import Campaign
from flows.outreach.ledger import Basis
from flows.outreach.verdict import Refusal, Stage
from flows.vocabulary import Channel, Purpose
from storage.vocabulary import OutboxStatus, Verdict
from tests.house.acts import DAY, EVENING, HOUR, SECOND_TIME, books, comes, days_pass, invites, passes
from tests.house.records import Records
from tests.world import World


def why(world: World, patient_id: PatientId) -> PatientWhy:
    """All that is known of a patient now."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        return why_patient(uow, world.house.clinic, uow.patients.get(patient_id), world.clock.now())


def told(world: World, patient_id: PatientId) -> str:
    """The same in words."""
    return "\n".join(Telling(zone=world.house.clinic.zone).patient(why(world, patient_id)))


def against(world: World, patient_id: PatientId, channel: Channel = Channel.WEBCHAT) -> list[Refusal]:
    """All that speaks against a message by a channel now."""
    outlook = next(each for each in why(world, patient_id).now if each.channel is channel)
    return [each.reason for each in outlook.against]


async def card(world: World, talk: ConversationId) -> WhyView:
    """What the desk's card tells."""
    view = await world.house.desk.conversation(world.add_staff(), talk)
    assert view is not None
    assert view.why is not None
    return view.why


async def test_a_message_that_left_is_told_from_the_right_to_the_delivery(world: World) -> None:
    patient_id, _ = world.add_patient()
    await invites(world)
    (message,) = why(world, patient_id).messages
    assert message.campaign is Campaign.REACTIVATION
    assert message.right is not None
    assert (message.right.purpose, message.right.basis) == (Purpose.RECALL, Basis.EXPRESS_CONSENT)
    assert message.rules is not None
    assert [each.part.id for each in message.rules.parts or ()] == ["strictest"]
    assert [len(message.said(stage)) for stage in (Stage.PLANNED, Stage.SENDING)] == [1, 1]
    assert message.message.status is OutboxStatus.SENT
    assert message.message.text is not None
    words = told(world, patient_id)
    for part in (
        "Invitation 1 on the web page",
        "express consent to write about coming back for a check-up, given by the patient",
        "rules     strictest 1 (not signed)",
        "planned   Mon 23 Nov 2026 09:00: allowed",
        "sending   Mon 23 Nov 2026 17:31: allowed",
        "delivery  left, Mon 23 Nov 2026 17:31",
    ):
        assert part in words, words


async def test_a_planned_message_has_its_time_and_no_words_yet(world: World) -> None:
    patient_id, _ = world.add_patient()
    await world.house.ticks.run_all()
    words = told(world, patient_id)
    assert "A message is planned for Mon 23 Nov 2026 17:30" in words
    assert "no words yet" in words
    assert against(world, patient_id) == [], "nothing speaks against it at the moment it is planned for"


async def test_a_message_put_off_and_then_refused_says_why_each_time(world: World) -> None:
    patient_id, talk = world.add_patient()
    staff = world.add_staff()
    await world.house.ticks.run_all()
    await comes(world, EVENING + 5 * HOUR)
    await world.house.desk.take(staff, talk)
    await comes(world, EVENING + 17 * HOUR)
    words = told(world, patient_id)
    assert "put off until Tue 24 Nov 2026 10:00: outside the hours in which messages leave" in words
    assert "refused: a member of staff is talking with them" in words
    assert "delivery  was not sent (a member of staff is talking with them)" in words


async def test_a_reminder_rests_on_the_visit(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    await books(world, records, talk, SECOND_TIME)
    await world.house.ticks.run_all()
    reminder = why(world, patient_id).messages[0]
    assert reminder.campaign is Campaign.REMINDER
    assert reminder.rests_on_a_visit
    assert "right     the booked visit it is about" in told(world, patient_id)


async def test_who_is_not_written_to_is_told_every_objection_and_when_it_could_end(world: World) -> None:
    silent, _ = world.add_patient(permits=frozenset(), last_visit_on=date(2026, 8, 3))
    assert against(world, silent) == [Refusal.NOT_DUE, Refusal.NO_RIGHT]
    words = told(world, silent)
    assert "No message now, whichever way:" in words
    assert "  - is not due yet: when they are due. By itself: Fri 03 Sep 2027 00:00." in words
    assert "  - nobody said we may write: they can allow it on their page, or on a form that staff keep." in words


async def test_what_speaks_against_one_way_only_is_told_of_that_way(world: World) -> None:
    patient_id, _ = world.add_patient()
    assert Refusal.UNREACHED not in against(world, patient_id)
    assert Refusal.UNREACHED in against(world, patient_id, Channel.LETTER)
    words = told(world, patient_id)
    assert "A message on the web page: not before Mon 23 Nov 2026 10:00" in words
    assert "No message by letter now:\n  - no postal address is known: once a list names it." in words


async def test_after_a_stop_the_right_is_gone_and_the_planned_message_taken_back(world: World) -> None:
    patient_id, talk = world.add_patient()
    await world.house.ticks.run_all()
    await world.writes(talk, "stop")
    assert against(world, patient_id)[0] is Refusal.WITHDRAWN
    assert "was taken back before it left (they said stop)" in told(world, patient_id)


async def test_who_was_invited_and_says_nothing_is_asked_about_the_next_step(world: World) -> None:
    patient_id, _ = world.add_patient()
    await invites(world)
    await passes(world, 3 * DAY)
    outlook = why(world, patient_id).now[0]
    assert outlook.step == 2
    assert Refusal.RESTING not in [each.reason for each in outlook.against]


async def test_a_message_is_found_by_its_id_also_once_the_person_was_erased(world: World, records: Records) -> None:
    patient_id, _ = world.add_patient()
    await invites(world)
    outbox_id = OutboxId(records.of("outbox")[0]["id"])
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(patient_id, now=world.clock.now())
        uow.commit()
    found = _message(world, outbox_id)
    assert found is not None
    assert found.message.text is None
    assert found.right is not None
    assert "no longer readable" in "\n".join(Telling(zone=world.house.clinic.zone).message(found))
    assert _message(world, OutboxId(7)) is None


def _message(world: World, outbox_id: OutboxId) -> MessageWhy | None:
    with world.house.database.reading(world.house.clinic.id) as uow:
        return why_message(uow, world.house.clinic, outbox_id)


async def test_the_data_says_what_the_words_say(world: World) -> None:
    patient_id, _ = world.add_patient()
    await invites(world)
    data: Any = patient_data(why(world, patient_id))
    (message,) = data["messages"]
    assert message["right"]["basis"] == "express_consent"
    assert [each["stage"] for each in message["judged"]] == ["planned", "sending"]
    assert message["delivery"]["outcome"] == "sent"


async def test_the_card_tells_the_last_message_what_it_rested_on_and_why_none_comes_now(world: World) -> None:
    _, talk = world.add_patient()
    before = await card(world, talk)
    assert (before.last, before.planned_at, before.against) == (None, None, ())
    await world.house.ticks.run_all()
    assert (await card(world, talk)).planned_at == EVENING - timedelta(minutes=1)
    await comes(world, EVENING)
    await world.writes(talk, "stop")
    after = await card(world, talk)
    assert after.last is not None
    assert (after.last.what, after.last.basis) == ("reactivation", "express_consent")
    assert after.planned_at is None
    assert [each.reason for each in after.against] == ["resting", "withdrawn"]


async def test_what_a_person_must_release_is_told_before_and_after_they_did(world: World) -> None:
    patient_id, _ = world.add_patient(residence="BE")
    assert against(world, patient_id) == []
    assert "once a person has released it" in told(world, patient_id)
    staff = world.add_staff()
    await world.house.ticks.run_all()
    assert against(world, patient_id) == [Refusal.NOT_RELEASED]
    (batch,) = await world.house.releasing.batches(staff)
    waiting = why(world, patient_id).now[0].waiting
    assert waiting is not None
    await world.house.releasing.release(staff, batch.name, shown=[waiting.id], ticked=[waiting.id])
    assert against(world, patient_id) == []
    assert "batch     released by Robin Example, Mon 23 Nov 2026 09:00" in told(world, patient_id)


async def test_whoever_was_left_out_of_a_batch_is_told_so(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient(residence="BE")
    staff = world.add_staff()
    await world.house.ticks.run_all()
    (batch,) = await world.house.releasing.batches(staff)
    shown = [row["id"] for row in records.of("outbox")]
    await world.house.releasing.release(staff, batch.name, shown=shown, ticked=())
    await days_pass(world, 1)
    words = told(world, patient_id)
    assert "A message to them was left out of a batch: no other is planned before Wed 23 Dec 2026" in words
    assert "batch     left out by Robin Example, Mon 23 Nov 2026 09:00" in words
    assert (await card(world, talk)).held == "left_out"


async def test_a_call_is_told_like_a_message_and_let_go_by_whoever_makes_it(world: World, records: Records) -> None:
    patient_id, _ = world.add_patient(residence="BE")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.addresses.add(patient_id, Channel.PHONE, "+31612345678", verified_how=None, now=world.clock.now())
        uow.patients.prefer_channel(patient_id, Channel.PHONE)
        uow.commit()
    await invites(world)
    (call,) = records.of("worklist_item")
    assert "a call, step 4 of reactivation:" in told(world, patient_id)
    staff = world.add_staff()
    await comes(world, EVENING + 18 * HOUR)
    await world.house.worklist.begin_call(staff, call["id"])
    await world.house.worklist.called(staff, call["id"], CallOutcome.REACHED_LATER, 3)
    message = why(world, patient_id).messages[0]
    assert (message.message.channel, message.message.status) == (Channel.PHONE, OutboxStatus.SENT)
    assert message.right is not None
    assert [each.verdict for each in message.said(Stage.SENDING)] == [Verdict.PERMIT]
    assert "reached later" in told(world, patient_id)
