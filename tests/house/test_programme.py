"""The programme over weeks, on the real house: messages, calls, letters, the dentist's list, and rest.

Longer than other files: the steps of one programme follow each other, and every end of it is a way through them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise

import pytest

from bot.services import candidates
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.pacing import due_query
from bot.services.work_ports import CallOutcome, Decision
from bot.settings.clinic import MailPart
from flows.ids import ConversationId, PatientId
from flows.messages.recall import INVITATIONS
from flows.outreach.facts import Mode
from flows.outreach.policy_book import PolicyBook
from flows.vocabulary import Channel, Purpose, Role, StayingAway
from storage.unit_of_work import UnitOfWork
from tests.house.acts import DAY, EVENING, HOUR, SECOND_TIME, books, comes, days_pass, invites, proactive
from tests.house.records import Records
from tests.world import MONDAY_MORNING, World

PHONE = "+31612345678"


def with_clinic(world: World, **changes: object) -> None:
    """Let the whole house work for a clinic that departs from its file in some respects."""
    clinic = replace(world.house.clinic, **changes)  # type: ignore[arg-type]  # each test names fields and their types
    house = world.house
    for part in (house.planning, house.delivery._departures, house.worklist):  # noqa: SLF001 - only the clinic differs
        part._clinic = clinic  # noqa: SLF001 - as above


def with_recall(world: World, **changes: object) -> None:
    """Let the clinic's file say something else of the programme."""
    settings = world.house.clinic.settings
    recall = settings.recall.model_copy(update=changes)
    with_clinic(world, settings=settings.model_copy(update={"recall": recall}))


def with_generous_caps(world: World) -> None:
    """Let the policy allow as many messages, calls and letters as the programme has."""
    book = world.house.clinic.policies
    rules = tuple(
        replace(rule, caps=replace(rule.caps, cycle=9, year=9, household=9, gap_days=3))
        if rule.purpose is Purpose.RECALL
        else rule
        for rule in book.own.rules
    )
    generous = replace(book.own, rules=rules)
    with_clinic(
        world, policies=PolicyBook(own=generous, by_residence={}, by_channel={}, fallback=generous, home=book.home)
    )


def change(world: World, work: Callable[[UnitOfWork], object]) -> None:
    """Change something stored past the house."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        work(uow)
        uow.commit()


def give_address(world: World, patient_id: PatientId, channel: Channel, value: str) -> None:
    """Let the clinic know how a patient is reached; nobody has proven it."""
    now = world.clock.now()
    change(world, lambda uow: uow.addresses.add(patient_id, channel, value, verified_how=None, now=now))


def give_phone(world: World, patient_id: PatientId) -> None:
    """Let the clinic know a patient's number."""
    give_address(world, patient_id, Channel.PHONE, PHONE)


@pytest.fixture(name="generous")
def _generous(world: World) -> World:
    with_generous_caps(world)
    return world


async def until_a_call_is_due(world: World, records: Records) -> int:
    """Let the messages pass unanswered until a call is to be made; returns the item."""
    await invites(world)
    for _ in range(60):
        await days_pass(world, 1)
        waiting = records.of("worklist_item", kind="call")
        if waiting and waiting[0]["outcome"] is None and waiting[0]["due_at"] <= world.clock.now():
            found: int = waiting[0]["id"]
            return found
    raise AssertionError("no call came")


async def at_noon(world: World) -> None:
    """Let the next working day's noon come, when calls may be made."""
    clinic = world.house.clinic
    at = world.clock.now().astimezone(clinic.zone).replace(hour=12, minute=0) + DAY
    while at.weekday() > 4 or at.date() in clinic.holidays_for(None):
        at += DAY
    await comes(world, at)


async def test_three_messages_with_different_words_then_a_call(generous: World, records: Records) -> None:
    patient_id, talk = generous.add_patient()
    give_phone(generous, patient_id)
    await until_a_call_is_due(generous, records)
    rows = [row for row in records.of("outbox", conversation_id=talk) if row["status"] == "sent"]
    assert [row["step"] for row in rows] == [1, 2, 3]
    steps = generous.house.clinic.programme.messages
    for row, step in zip(rows, steps, strict=True):
        assert row["message_key"] in step.wordings
    gaps = [later["sent_at"] - earlier["sent_at"] for earlier, later in pairwise(rows)]
    assert gaps[0] >= 7 * DAY - HOUR
    assert gaps[1] >= 21 * DAY - HOUR
    (call,) = records.of("worklist_item")
    assert (call["kind"], call["step"], call["campaign"]) == ("call", 4, rows[0]["campaign"])
    asked = records.of("gate_decision", patient_id=patient_id, stage="planned", verdict="permit")
    assert len(asked) >= 3


@pytest.mark.long
async def test_an_answer_keeps_a_person_off_the_worklist(generous: World, records: Records) -> None:
    patient_id, talk = generous.add_patient()
    give_phone(generous, patient_id)
    await until_a_call_is_due(generous, records)
    await generous.writes(talk, "thank you")
    await days_pass(generous, 1)
    (call,) = records.of("worklist_item")
    assert call["outcome"] == "ended"
    await days_pass(generous, 60)
    assert len(records.of("worklist_item")) == 1, "nothing comes after an answer"


@pytest.mark.long
async def test_a_stop_takes_them_off_the_worklist(generous: World, records: Records) -> None:
    patient_id, talk = generous.add_patient()
    give_phone(generous, patient_id)
    await until_a_call_is_due(generous, records)
    await generous.writes(talk, "stop")
    staff = generous.add_staff(Role.RECEPTION)
    (call,) = records.of("worklist_item")
    with pytest.raises(ConflictError, match="changed"):
        await generous.house.worklist.begin_call(staff, call["id"])


@pytest.mark.long
async def test_a_number_is_shown_to_whoever_holds_the_call_and_to_nobody_else(
    generous: World, records: Records
) -> None:
    patient_id, _ = generous.add_patient()
    give_phone(generous, patient_id)
    item = await until_a_call_is_due(generous, records)
    await at_noon(generous)
    worklist, reception, colleague = generous.house.worklist, generous.add_staff(Role.RECEPTION), generous.add_staff()
    (before,) = await worklist.to_do(reception)
    assert not before.held_by_me
    await worklist.begin_call(reception, item)
    (mine,), (theirs,) = await worklist.to_do(reception), await worklist.to_do(colleague)
    assert mine.held_by_me
    assert (theirs.held_by_me, theirs.mobile) == (False, None)
    with pytest.raises(ConflictError, match="held"):
        await worklist.begin_call(colleague, item)
    with pytest.raises(ConflictError, match="nothing_held"):
        await worklist.called(colleague, item, CallOutcome.NOT_REACHED)
    asked = records.of("gate_decision", patient_id=patient_id, stage="sending", verdict="permit")
    assert len(asked) == 4, "three messages and the call"


@pytest.mark.long
async def test_a_call_outside_the_hours_is_put_off(generous: World, records: Records) -> None:
    patient_id, _ = generous.add_patient()
    give_phone(generous, patient_id)
    item = await until_a_call_is_due(generous, records)
    night = generous.clock.now().astimezone(generous.house.clinic.zone).replace(hour=22)
    generous.clock.move_to(night)
    with pytest.raises(ConflictError, match="not_now"):
        await generous.house.worklist.begin_call(generous.add_staff(), item)
    assert records.of("worklist_item", id=item)[0]["due_at"] > night


@pytest.mark.long
async def test_after_calls_that_reach_nobody_come_a_letter_the_dentist_and_rest(
    generous: World, records: Records
) -> None:
    patient_id, talk = generous.add_patient()
    give_phone(generous, patient_id)
    give_address(generous, patient_id, Channel.LETTER, "1 Example Street")
    item = await until_a_call_is_due(generous, records)
    staff, dentist = generous.add_staff(Role.RECEPTION), generous.add_staff(Role.DENTIST)
    worklist = generous.house.worklist
    for attempt in range(3):
        await at_noon(generous)
        await worklist.begin_call(staff, item)
        await worklist.called(staff, item, CallOutcome.NOT_REACHED)
        row = records.of("worklist_item", id=item)[0]
        assert (row["attempts"], row["outcome"]) == ((attempt + 1, None) if attempt < 2 else (2, "not_reached"))
    await days_pass(generous, 9)
    await at_noon(generous)
    (letter,) = records.of("worklist_item", kind="letter")
    await worklist.posted(staff, letter["id"])
    posted = [row for row in records.of("outbox", channel="letter") if row["status"] == "sent"]
    assert [(row["campaign"], row["step"]) for row in posted] == [(letter["campaign"], 5)]
    await days_pass(generous, 23)
    with pytest.raises(NotAllowedError):
        await worklist.for_the_dentist(staff)
    (waiting,) = await worklist.for_the_dentist(dentist)
    await worklist.decide(dentist, waiting.id, Decision.TAKE_OFF)
    assert records.of("patient", id=patient_id)[0]["off_list_at"] is not None
    sent = len(proactive(records, talk))
    await days_pass(generous, 30)
    assert len(proactive(records, talk)) == sent


async def test_who_is_off_the_list_is_back_when_they_write(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    change(world, lambda uow: uow.patients.take_off_list([patient_id], now=world.clock.now()))
    await invites(world)
    assert proactive(records, talk) == []
    counted(world, "off_list", 1)
    await world.writes(talk, "hello")
    counted(world, "off_list", 0)


def counted(world: World, reason: str, people: int) -> None:
    """Hold that the plan counts so many people with this reason."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        clinic = world.house.planning._clinic  # noqa: SLF001 - the clinic of the test
        out = uow.planning.counts(due_query(clinic, world.clock.now())).out
    assert {each.value: count for each, count in out.items()}.get(reason, 0) == people


async def test_the_hold_out_is_not_contacted_and_counted_by_itself(world: World, records: Records) -> None:
    with_recall(world, hold_out=0.5)
    people = [world.add_patient()[0] for _ in range(40)]
    held = {row["id"] for row in records.of("patient") if row["lot"] < 5000}
    assert 0 < len(held) < len(people)
    counted(world, "held_out", len(held))
    await invites(world)
    written = {row["patient_id"] for row in records.of("outbox", kind="proactive")}
    assert written
    assert not written & held


@pytest.mark.parametrize(
    ("reason", "invitations"),
    [
        (StayingAway.MONEY, 1),
        (StayingAway.OTHER_DENTIST, 0),
        (StayingAway.BAD_EXPERIENCE, 0),
        (StayingAway.MOVED, 0),
        (StayingAway.LATER, 1),
    ],
)
async def test_the_reason_for_staying_away_decides_what_comes_next(
    world: World, records: Records, reason: StayingAway, invitations: int
) -> None:
    patient_id, talk = world.add_patient()
    change(world, lambda uow: uow.patients.set_staying_away(patient_id, reason, now=world.clock.now() - 500 * DAY))
    await invites(world)
    assert len(proactive(records, talk)) == invitations
    counted(world, "reason_given", 1 - invitations)


async def test_after_a_bad_experience_a_person_clears_the_way(world: World) -> None:
    patient_id, talk = world.add_patient()
    change(
        world,
        lambda uow: uow.patients.set_staying_away(patient_id, StayingAway.BAD_EXPERIENCE, now=world.clock.now()),
    )
    counted(world, "reason_given", 1)
    await world.house.desk.clear_freeze(world.add_staff(Role.MANAGER), talk)
    counted(world, "reason_given", 0)


@pytest.mark.long
async def test_an_e_mail_goes_before_a_letter_where_one_can_leave(generous: World, records: Records) -> None:
    patient_id, _ = generous.add_patient()
    give_address(generous, patient_id, Channel.EMAIL, "anna@example.org")
    give_address(generous, patient_id, Channel.LETTER, "1 Example Street")
    clinic = generous.house.planning._clinic  # noqa: SLF001 - the clinic of the test
    mail = MailPart.model_validate({"host": "127.0.0.1", "from": "a@example.org", "reply_to": "b@example.org"})
    with_clinic(
        generous,
        policies=clinic.policies,
        mode=Mode.LIVE,
        settings=clinic.settings.model_copy(update={"mail": mail}),
    )
    own = clinic.policy
    change(
        generous,
        lambda uow: uow.decisions.sign(
            own.id, own.version, own.content_hash, signed_by="Robin Example", now=generous.clock.now()
        ),
    )
    await invites(generous)
    mailed = records.of("outbox", channel="email")
    while not mailed and generous.clock.now() < EVENING + 60 * DAY:
        await days_pass(generous, 1)
        mailed = records.of("outbox", channel="email")
    assert [(row["campaign"][:13], row["step"], row["purpose"]) for row in mailed] == [("reactivation:", 5, "recall")]
    work = [(row["kind"], row["outcome"]) for row in records.of("worklist_item")]
    assert work == [("call", "skipped"), ("letter", "mailed")], "nobody has their number"
    # This house has no mail server: the e-mail reaches nobody, and the letter is to be written after all.
    await days_pass(generous, 40)
    assert records.of("outbox", channel="email")[0]["status"] == "failed"
    work = [(row["kind"], row["outcome"]) for row in records.of("worklist_item")]
    assert work == [("call", "skipped"), ("letter", None)], "the dentist's list waits for the letter"
    (letter,) = records.of("worklist_item", kind="letter")
    await at_noon(generous)
    await generous.house.worklist.posted(generous.add_staff(), letter["id"])
    posted = records.of("outbox", channel="letter")
    assert [(row["campaign"], row["step"], row["status"]) for row in posted] == [(letter["campaign"], 5, "sent")]


async def test_who_is_afraid_is_called_first(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    give_phone(world, patient_id)
    change(world, lambda uow: uow.patients.set_staying_away(patient_id, StayingAway.FEAR, now=world.clock.now()))
    await invites(world)
    assert proactive(records, talk) == []
    (call,) = records.of("worklist_item")
    assert (call["kind"], call["step"]) == ("call", 4)
    await at_noon(world)
    staff = world.add_staff()
    await world.house.worklist.begin_call(staff, call["id"])
    await world.house.worklist.called(staff, call["id"], CallOutcome.REACHED_LATER, 3)
    paused = records.of("patient", id=patient_id)[0]["paused_until"]
    assert paused >= world.clock.now() + 85 * DAY
    await days_pass(world, 20)
    assert len(records.of("worklist_item")) == 1


async def test_a_wrong_number_is_not_called_again(world: World, records: Records) -> None:
    patient_id, _ = world.add_patient()
    give_phone(world, patient_id)
    change(world, lambda uow: uow.patients.prefer_channel(patient_id, Channel.PHONE))
    await invites(world)
    (call,) = records.of("worklist_item")
    staff = world.add_staff()
    await at_noon(world)
    await world.house.worklist.begin_call(staff, call["id"])
    await world.house.worklist.called(staff, call["id"], CallOutcome.WRONG_NUMBER)
    assert [row["act"] for row in records.of("ledger_event", act="wrong_person")] == ["wrong_person"]


async def test_a_stop_said_on_the_phone_is_a_stop(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    give_phone(world, patient_id)
    change(world, lambda uow: uow.patients.prefer_channel(patient_id, Channel.PHONE))
    await invites(world)
    (call,) = records.of("worklist_item")
    staff = world.add_staff()
    await at_noon(world)
    await world.house.worklist.begin_call(staff, call["id"])
    await world.house.worklist.called(staff, call["id"], CallOutcome.ASKED_TO_STOP)
    assert records.of("patient", id=patient_id)[0]["recall_ok"] == 0
    await days_pass(world, 10)
    assert proactive(records, talk) == []
    assert [row["action"] for row in records.of("staff_action", patient_id=patient_id)][-1] == "called"


async def a_call_is_due(world: World, records: Records) -> tuple[PatientId, ConversationId, int]:
    """Let somebody be called whom a chat reaches too; returns who, their chat and the call."""
    patient_id, talk = world.add_patient()
    give_phone(world, patient_id)
    change(world, lambda uow: uow.patients.prefer_channel(patient_id, Channel.PHONE))
    await invites(world)
    (call,) = records.of("worklist_item")
    await at_noon(world)
    return patient_id, talk, call["id"]


async def test_who_is_on_the_phone_can_book_and_say_so(world: World, records: Records) -> None:
    patient_id, talk, call = await a_call_is_due(world, records)
    staff = world.add_staff()
    await world.house.worklist.begin_call(staff, call)
    await books(world, records, talk, SECOND_TIME)
    await world.house.ticks.run_all()
    booked_at = world.clock.now()
    await world.house.worklist.called(staff, call, CallOutcome.REACHED_BOOKED)
    assert records.of("worklist_item", id=call)[0]["outcome"] == "reached_booked"
    assert records.of("patient", id=patient_id)[0]["last_contacted_at"] >= booked_at


async def test_a_stop_said_on_the_phone_holds_whatever_they_wrote_meanwhile(world: World, records: Records) -> None:
    patient_id, talk, call = await a_call_is_due(world, records)
    staff = world.add_staff()
    await world.house.worklist.begin_call(staff, call)
    await world.writes(talk, "hello")
    await world.house.worklist.called(staff, call, CallOutcome.ASKED_TO_STOP)
    assert records.of("patient", id=patient_id)[0]["recall_ok"] == 0


async def test_a_call_that_nobody_ended_falls_off_the_list_after_all(world: World, records: Records) -> None:
    _, talk, call = await a_call_is_due(world, records)
    await world.house.worklist.begin_call(world.add_staff(), call)
    await world.writes(talk, "stop")
    await comes(world, world.clock.now() + HOUR)
    assert records.of("worklist_item", id=call)[0]["outcome"] == "ended"


async def test_while_sending_is_stopped_nobody_is_called_and_no_call_is_lost(world: World, records: Records) -> None:
    _, _, call = await a_call_is_due(world, records)
    change(world, lambda uow: uow.clinics.stop_sending("somebody looks"))
    with pytest.raises(ConflictError, match="not_now"):
        await world.house.worklist.begin_call(world.add_staff(), call)
    assert records.of("worklist_item", id=call)[0]["outcome"] is None
    change(world, lambda uow: uow.clinics.resume_sending())
    await world.house.worklist.begin_call(world.add_staff(), call)


async def test_who_mostly_writes_at_noon_is_written_to_at_noon(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    _, other = world.add_patient()
    for day in range(3):
        world.clock.move_to(MONDAY_MORNING + day * DAY + timedelta(hours=3))
        await world.writes(talk, "thank you")
    await days_pass(world, 4)
    first = {row["conversation_id"]: row["not_before"] for row in records.of("outbox", kind="proactive", step=1)}
    zone = world.house.clinic.zone
    assert first[talk].astimezone(zone).hour == 12
    assert (first[other].astimezone(zone).hour, first[other].astimezone(zone).minute) == (17, 30)


async def test_whoever_is_refused_again_and_again_keeps_nobody_from_their_turn(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "PAGE", 2)
    monkeypatch.setattr(candidates, "MOST_PAGES", 2)
    for _ in range(7):
        seldom, _ = world.add_patient(last_visit_on=date(2025, 3, 1))
        long_ago = world.clock.now() - 400 * DAY
        change(world, partial(_written_to, patient_id=seldom, at=long_ago, rhythm=24))
    _, talk = world.add_patient(last_visit_on=date(2025, 4, 23))
    await days_pass(world, 2)
    assert len(proactive(records, talk)) == 1


def _written_to(uow: UnitOfWork, *, patient_id: PatientId, at: datetime, rhythm: int) -> None:
    uow.patients.contacted([patient_id], now=at)
    uow.patients.set_rhythm(patient_id, rhythm)


async def test_the_hours_of_the_patients_place_decide_when_an_invitation_leaves(world: World, records: Records) -> None:
    book = world.house.clinic.policies
    rules = tuple(replace(rule, hours=replace(rule.hours, closes=time(16))) for rule in book.own.rules)
    there = replace(book.own, rules=rules)
    with_clinic(world, policies=replace(book, by_residence={"BE": there}))
    _, talk = world.add_patient(residence="BE")
    await world.house.ticks.run_all()
    (planned,) = records.of("outbox", conversation_id=talk)
    assert planned["not_before"].astimezone(world.house.clinic.zone).hour == 15
    await comes(world, planned["not_before"])
    assert len(proactive(records, talk)) == 1


@pytest.mark.long
async def test_a_booking_ends_it(generous: World, records: Records) -> None:
    patient_id, talk = generous.add_patient(last_visit_on=date(2025, 3, 23))
    give_phone(generous, patient_id)
    await invites(generous)
    await books(generous, records, talk)
    await days_pass(generous, 45)
    assert records.of("worklist_item") == []


async def test_wordings_are_given_by_lot_and_stay(world: World, records: Records) -> None:
    for _ in range(24):
        world.add_patient()
    await invites(world)
    await comes(world, EVENING + HOUR)
    said = [row["message_key"] for row in records.of("outbox", kind="proactive", status="sent")]
    assert set(said) == {"recall.first", "recall.first_in_mind"} <= set(INVITATIONS)


def test_a_lot_is_the_same_whenever_it_is_drawn(world: World) -> None:
    patient_id, _ = world.add_patient()

    def drawn(uow: UnitOfWork) -> int:
        return uow.planning.lot("reactivation:2026-11-23:1", patient_id)

    lots = set()
    for _ in range(3):
        with world.house.database.reading(world.house.clinic.id) as uow:
            lots.add(drawn(uow))
    assert len(lots) == 1
