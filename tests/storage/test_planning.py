"""Planning on both databases: nobody the gate would permit is missed, and everybody else is counted with a reason.

Longer than other files: the people of one clinic, told apart reason by reason, are set up once.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

import flows.outreach
from bot.services.campaigns import reminder_name
from flows.ids import PatientId
from flows.outreach.bands import Band, Concern
from flows.outreach.facts import NEVER_SENT, Sent
from flows.outreach.gate import Permit, Refusal, Refuse, Stage
from flows.outreach.ledger import Act, ActedBy
from flows.outreach.policy import Policy
from flows.outreach.policy_reading import parse_policy
from flows.vocabulary import Channel, Language, Owner, PatientStatus, Purpose
from storage.records.outgoing import Lease
from storage.records.planning import Asked, Campaigned, Candidate, Counts, Since
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy
from tests.storage.calendar_world import CLINIC, ELSEWHERE, TODAY, World, slot, worlds
from tests.storage.planning_people import LATER, Contact, Person, add, query, verdict, waiting

MAY = Person()


def _policy() -> Policy:
    path = Path(flows.outreach.__path__[0]) / "policies" / "strictest.toml"
    return parse_policy(tomllib.loads(path.read_text("utf-8")), source=path.name)


STRICTEST = _policy()


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def _counted(world: World, *people: Person) -> Counts:
    def work(uow: UnitOfWork) -> Counts:
        for number, person in enumerate(people):
            add(uow, f"N{number}", person)
        return uow.planning.counts(query())

    return world.work(work)


REASONS = [
    (replace(MAY, erased=True), Refusal.KEY_MISSING),
    (replace(MAY, status=PatientStatus.MOVED), Refusal.NEVER_CONTACT),
    (replace(MAY, status=PatientStatus.DECEASED), Refusal.DECEASED),
    (replace(MAY, events=(*MAY.events, (Act.DECEASED, ActedBy.SYSTEM, None, 3))), Refusal.DECEASED),
    (replace(MAY, events=(*MAY.events, (Act.SUPPRESSED, ActedBy.SYSTEM, None, 3))), Refusal.SUPPRESSED),
    (replace(MAY, events=(*MAY.events, (Act.FREEZE, ActedBy.SYSTEM, None, 3))), Refusal.FROZEN),
    (
        replace(MAY, events=(*MAY.events, (Act.FREEZE, ActedBy.SYSTEM, None, 3)), source="complaint"),
        Refusal.COMPLAINT_OPEN,
    ),
    (replace(MAY, next_visit_at=LATER + timedelta(days=9)), Refusal.BOOKED),
    (replace(MAY, next_visit_at=LATER - timedelta(days=9)), Refusal.BOOKED),
    (replace(MAY, last_visit_on=None), Refusal.NEVER_VISITED),
    (replace(MAY, last_visit_on=date(2023, 11, 22)), Refusal.LAPSED_OUT),
    (replace(MAY, last_visit_on=date(2025, 11, 24)), Refusal.NOT_DUE),
    (replace(MAY, recall_months=18), Refusal.NOT_DUE),
    (replace(MAY, recall_months=60), Refusal.NOT_DUE),
    (replace(MAY, contacted_days=100), Refusal.RESTING),
    (replace(MAY, birth_date=None), Refusal.UNKNOWN_AGE),
    (replace(MAY, birth_date=date(2015, 5, 5)), Refusal.MINOR),
    (replace(MAY, language=None), Refusal.UNKNOWN_LANGUAGE),
    (replace(MAY, events=()), Refusal.NO_RIGHT),
    (replace(MAY, events=(*MAY.events, (Act.WITHDRAW, ActedBy.SELF, None, 3))), Refusal.WITHDRAWN),
    (replace(MAY, events=(*MAY.events, (Act.PAUSE, ActedBy.SELF, None, 3))), Refusal.PAUSED),
    (replace(MAY, contact=Contact.NONE), Refusal.UNREACHED),
    (replace(MAY, contact=Contact.UNPROVEN), Refusal.UNREACHED),
    (replace(MAY, contact=Contact.CLOSED), Refusal.UNREACHED),
    (replace(MAY, owner=Owner.STAFF), Refusal.STAFF_OWNS),
    (replace(MAY, waiting=True), Refusal.DUPLICATE),
]


@pytest.mark.parametrize(("person", "reason"), REASONS, ids=[f"{n}-{reason}" for n, (_, reason) in enumerate(REASONS)])
def test_who_falls_out_is_counted_with_the_reason_of_the_gate(world: World, person: Person, reason: Refusal) -> None:
    def work(uow: UnitOfWork) -> None:
        added = add(uow, "N1", person)
        assert uow.planning.counts(query()) == Counts(due={}, out={reason: 1})
        assert uow.planning.due(query(), limit=9) == []
        assert verdict(uow, added.patient_id, STRICTEST) == Refuse(reason=reason)

    world.work(work)


def test_who_may_be_invited_is_a_candidate_with_an_address(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        added = add(uow, "N1", replace(MAY, concern="look at 26"))
        (found,) = uow.planning.due(query(), limit=9)
        assert (found.patient_id, found.band, found.concern) == (added.patient_id, Band.A, Concern.NOTED)
        assert found.language is Language.EN
        assert found.reached.channel is Channel.WEBCHAT
        assert found.reached.conversation_id == added.conversation_id
        assert isinstance(verdict(uow, added.patient_id, STRICTEST), Permit)

    world.work(work)


def test_everybody_is_counted_once(world: World) -> None:
    people = [person for person, _ in REASONS]
    counts = _counted(world, *people, MAY, replace(MAY, last_visit_on=date(2024, 12, 1)))
    assert sum(counts.out.values()) == len(people)
    assert counts.due == {Band.A: 1, Band.B: 1}


def test_another_clinics_patients_are_neither_due_nor_counted(world: World) -> None:
    _counted(world, MAY)
    assert world.work(lambda uow: uow.planning.counts(query()), ELSEWHERE) == Counts(due={}, out={})
    assert world.work(lambda uow: uow.planning.due(query(), limit=9), ELSEWHERE) == []


def test_candidates_come_in_the_order_of_the_programme_page_by_page(world: World) -> None:
    visits = [date(2024, 3, 1), date(2025, 9, 1), date(2025, 3, 1), date(2024, 3, 1), date(2025, 9, 1)]
    people = [replace(MAY, last_visit_on=on, concern=concern) for on in visits for concern in (None, "look at 26")]

    def work(uow: UnitOfWork) -> list[Candidate]:
        for number, person in enumerate(people):
            add(uow, f"N{number}", person)
        return uow.planning.due(query(), limit=99)

    whole = world.work(work)
    assert len(whole) == len(people)
    keys = [("abc".index(one.band), one.concern is Concern.NONE, one.last_visit_on, one.patient_id) for one in whole]
    assert keys == sorted(keys)
    paged: list[Candidate] = []
    with world.database.unit_of_work(CLINIC) as uow:
        while page := uow.planning.due(query(), limit=3, after=paged[-1] if paged else None):
            paged += page
    assert paged == whole


def test_more_people_may_be_asked_about_than_a_statement_may_have_parameters(world: World) -> None:
    everybody = [PatientId(number) for number in range(100_000)]
    assert world.work(lambda uow: uow.planning.reached_on(Channel.WEBCHAT, everybody)) == frozenset()


def test_the_preferred_of_two_ways_to_reach_somebody_is_taken(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        patient_id = add(uow, "N1", MAY).patient_id
        uow.addresses.add(patient_id, Channel.TELEGRAM, "t1", verified_how="link", now=LATER)
        (found,) = uow.planning.due(query(), limit=9)
        assert found.reached.channel is Channel.WEBCHAT
        other = replace(query(), channels=(Channel.TELEGRAM, Channel.WEBCHAT))
        (found,) = uow.planning.due(other, limit=9)
        assert found.reached.channel is Channel.TELEGRAM
        assert found.reached.conversation_id is None

    world.work(work)


def test_a_silence_they_asked_for_ends_the_rest(world: World) -> None:
    paused = (*MAY.events, (Act.PAUSE, ActedBy.SELF, None, 90))
    asked_back = replace(MAY, contacted_days=100, events=paused, pause_days=-1)
    assert _counted(world, asked_back).due == {Band.A: 1}


def test_a_child_whose_guardian_agreed_may_be_invited(world: World) -> None:
    child = replace(MAY, birth_date=date(2015, 5, 5), events=((Act.PERMIT, ActedBy.GUARDIAN, Purpose.RECALL, 900),))

    def work(uow: UnitOfWork) -> None:
        added = add(uow, "N1", child)
        assert len(uow.planning.due(query(), limit=9)) == 1
        assert isinstance(verdict(uow, added.patient_id, STRICTEST), Permit)

    world.work(work)


def _invited(uow: UnitOfWork, number: str, person: Person, *, days_ago: int) -> PatientId:
    """Add somebody whose first invitation left some days ago."""
    patient_id = add(uow, number, person).patient_id
    at = LATER - timedelta(days=days_ago)
    lease = Lease(token="t", until=at + timedelta(minutes=1))  # noqa: S106  # no secret here
    (outbox_id,) = uow.outbox.put([replace(waiting(patient_id, at), lease=lease)], now=at)
    assert uow.outbox.mark_sent({outbox_id: None}, "t", at) == 1
    return patient_id


def test_who_did_not_answer_gets_the_next_step_of_the_same_campaign(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        silent = _invited(uow, "N1", MAY, days_ago=31)
        _invited(uow, "N2", replace(MAY, heard_days=20), days_ago=31)
        _invited(uow, "N3", MAY, days_ago=29)
        _invited(uow, "N4", replace(MAY, events=(*MAY.events, (Act.WITHDRAW, ActedBy.SELF, None, 3))), days_ago=31)
        _invited(uow, "N5", MAY, days_ago=500)
        _invited(uow, "N6", replace(MAY, next_visit_at=LATER + timedelta(days=3)), days_ago=31)
        before = LATER - timedelta(days=30)
        (found,) = uow.planning.follow_ups(query(), step=2, sent_before=before, limit=9)
        assert found.patient_id == silent
        assert found.running == Campaigned(
            campaign="reactivation:2026-11-01", step=1, sent_at=LATER - timedelta(days=31)
        )
        assert uow.planning.follow_ups(query(), step=3, sent_before=before, limit=9) == []
        uow.outbox.plan(waiting(silent, LATER, step=2), now=LATER)
        assert uow.planning.follow_ups(query(), step=2, sent_before=before, limit=9) == []
        assert uow.planning.counts(query()).out[Refusal.RESTING] == 4

    world.work(work)


def test_the_facts_count_what_left_and_know_a_step_again(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        patient_id = _invited(uow, "N1", replace(MAY, heard_days=40), days_ago=3)
        asked = Asked(
            patient_id=patient_id,
            purpose=Purpose.RECALL,
            channel=Channel.WEBCHAT,
            campaign="reactivation:2026-11-01",
            step=1,
        )
        facts = uow.planning.facts([asked])[patient_id]
        left = LATER - timedelta(days=3)
        since = Since(
            day_began=LATER - timedelta(days=1),
            week_began=LATER - timedelta(days=7),
            cycle_began=LATER - timedelta(days=2),
            year_began=LATER - timedelta(days=365),
        )
        counted = Sent(today=0, week=1, cycle=0, year=1, household=1, last_at=left)
        assert facts.sent(since, Stage.PLANNED) == facts.sent(since, Stage.SENDING) == counted
        assert facts.last_contacted_at == left
        assert facts.heard_at == LATER - timedelta(days=40)
        assert facts.state == {"chat": {}}
        assert facts.duplicate(Stage.PLANNED)
        assert facts.duplicate(Stage.SENDING)
        reminder = replace(asked, purpose=Purpose.APPOINTMENT, campaign="reminder:1:0")
        about_visit = uow.planning.facts([reminder])[patient_id]
        assert not about_visit.duplicate(Stage.PLANNED)
        assert about_visit.sent(since, Stage.SENDING) == NEVER_SENT
        assert uow.planning.facts([replace(asked, patient_id=PatientId(5))]) == {}
        assert uow.planning.facts([]) == {}

    world.work(work)


def test_the_facts_of_an_erased_person_hold_nothing_of_them(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        patient_id = add(uow, "N1", replace(MAY, heard_days=4)).patient_id
        uow.patients.erase(patient_id, now=LATER)
        asked = Asked(
            patient_id=patient_id, purpose=Purpose.RECALL, channel=Channel.WEBCHAT, campaign="reactivation:x", step=1
        )
        facts = uow.planning.facts([asked])[patient_id]
        assert not facts.key_present
        assert (facts.birth_date, facts.state, facts.address_id) == (None, None, None)

    world.work(work)


def test_facts_cost_the_same_number_of_statements_for_one_and_for_many(world: World) -> None:
    def statements(people: int) -> int:
        with world.database.unit_of_work(CLINIC) as uow:
            ids = [add(uow, f"N{number}", MAY).patient_id for number in range(people)]
            first = Asked(
                patient_id=ids[0], purpose=Purpose.RECALL, channel=Channel.WEBCHAT, campaign="reactivation:x", step=1
            )
            asked = [replace(first, patient_id=one) for one in ids]
            seen: list[str] = []
            engine = world.database._engines.write  # noqa: SLF001  # to listen to it
            listener = lambda *call: seen.append(str(call[2]))  # noqa: E731
            event.listen(engine, "before_cursor_execute", listener)
            uow.planning.facts(asked)
            event.remove(engine, "before_cursor_execute", listener)
            return len(seen)

    assert statements(1) == statements(25) <= 7


def test_a_visit_ahead_is_reminded_of_once_for_each_time_it_has(world: World) -> None:
    tomorrow = slot(TODAY + timedelta(days=1), 9)
    until = LATER + timedelta(days=7)
    channels = (Channel.TELEGRAM, Channel.WEBCHAT)

    def work(uow: UnitOfWork) -> None:
        patient_id = add(uow, "N1", MAY).patient_id
        unreached = add(uow, "N2", replace(MAY, contact=Contact.NONE)).patient_id
        visit = uow.calendar.book(patient_id, None, tomorrow, LATER, BookedBy.STAFF)
        assert visit is not None
        uow.calendar.book(unreached, None, slot(TODAY + timedelta(days=1), 10), LATER, BookedBy.STAFF)
        uow.calendar.book(patient_id, None, slot(TODAY + timedelta(days=15), 10), LATER, BookedBy.STAFF)
        (due,) = uow.planning.reminders_due(LATER, until=until, channels=channels, limit=9)
        assert (due.appointment_id, due.patient_id, due.sequence) == (visit.appointment_id, patient_id, 0)
        assert (due.starts_at, due.agreed_at) == (tomorrow.starts_at, LATER)
        assert due.reached.channel is Channel.WEBCHAT
        asked = Asked(
            patient_id=patient_id,
            purpose=Purpose.APPOINTMENT,
            channel=Channel.WEBCHAT,
            campaign=reminder_name(visit.appointment_id, 0),
            step=1,
            about=visit.appointment_id,
        )
        assert uow.planning.facts([asked])[patient_id].visit_at == tomorrow.starts_at
        planned = replace(
            waiting(patient_id, LATER, campaign=reminder_name(due.appointment_id, due.sequence)),
            purpose=Purpose.APPOINTMENT,
        )
        uow.outbox.plan(planned, now=LATER)
        assert uow.planning.reminders_due(LATER, until=until, channels=channels, limit=9) == []
        later = slot(TODAY + timedelta(days=2), 9)
        uow.calendar.book(patient_id, None, later, LATER, BookedBy.STAFF, moving=visit.appointment_id)
        (again,) = uow.planning.reminders_due(LATER, until=until, channels=channels, limit=9)
        assert again.sequence == 1
        assert uow.planning.reminders_due(later.starts_at, until=until, channels=channels, limit=9) == []
        uow.calendar.cancel(visit.appointment_id, LATER)
        assert uow.planning.reminders_due(LATER, until=until, channels=channels, limit=9) == []
        assert uow.planning.facts([asked])[patient_id].visit_at is None

    world.work(work)


def test_a_check_in_is_due_after_its_visit_with_the_address_it_goes_to(world: World) -> None:
    afterwards = LATER + timedelta(days=5)

    def work(uow: UnitOfWork) -> None:
        people = [add(uow, f"N{n}", replace(MAY, contact=how)).patient_id for n, how in enumerate(Contact)]
        starts = [slot(TODAY + timedelta(days=1), 9 + n) for n in range(len(people))]
        for patient_id, at in zip(people, starts, strict=True):
            visit = uow.calendar.book(patient_id, None, at, LATER, BookedBy.STAFF)
            if visit is not None:
                uow.visits.mark_visited(visit.appointment_id, LATER + timedelta(days=1), None)
        assert uow.planning.check_ins_due(LATER, channels=(Channel.WEBCHAT,), limit=9) == []
        due = uow.planning.check_ins_due(afterwards, channels=(Channel.WEBCHAT,), limit=9)
        assert [(one.visit.patient_id, one.reached is not None) for one in due] == [
            (patient_id, n == 0) for n, patient_id in enumerate(people[: len(due)])
        ]
        asked = Asked(
            patient_id=people[0],
            purpose=Purpose.POSTVISIT,
            channel=Channel.WEBCHAT,
            campaign=f"check_in:{due[0].visit.visit_id}",
            step=1,
            about=due[0].visit.visit_id,
        )
        assert uow.planning.facts([asked])[people[0]].visit_at == starts[0].starts_at

    world.work(work)
