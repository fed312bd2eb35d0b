"""What the gate is told from the tables: counts of a household, addresses of each kind, decisions and signatures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.ids import HouseholdId, OutboxId, PatientId
from flows.outreach.facts import NEVER_SENT, Sent
from flows.outreach.gate import Stage
from flows.outreach.policy import PolicyPart
from flows.outreach.verdict import Wait
from flows.vocabulary import Channel, Purpose
from storage.models import Household, Patient, table_of
from storage.records.outgoing import Lease
from storage.records.planning import Asked, Since
from storage.repositories.decisions import Decided
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import Verdict
from tests.storage.calendar_world import CLINIC, World, worlds
from tests.storage.planning_people import CAMPAIGN, LATER, Contact, Person, add, waiting

MAY = Person()
DAY = timedelta(days=1)
SINCE = Since(
    day_began=LATER - timedelta(hours=14),
    week_began=LATER - 7 * DAY,
    cycle_began=LATER - 365 * DAY,
    year_began=LATER - 365 * DAY,
)


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def asked(patient_id: PatientId, channel: Channel = Channel.WEBCHAT) -> Asked:
    return Asked(patient_id=patient_id, purpose=Purpose.RECALL, channel=channel, campaign=CAMPAIGN, step=1)


def house(uow: UnitOfWork, *people: PatientId) -> None:
    """Let people share a home."""
    home = HouseholdId(min(people))
    scope = uow.calendar._scope  # noqa: SLF001 - households come from imports
    scope.execute(table_of(Household).insert(), {"clinic_id": CLINIC, "id": home})
    rows = table_of(Patient)
    scope.execute(update(rows).where(rows.c.clinic_id == CLINIC, rows.c.id.in_(people)).values(household_id=home))


def left(uow: UnitOfWork, patient_id: PatientId, *, days_ago: int) -> None:
    at = LATER - days_ago * DAY
    lease = Lease(token="t", until=at + DAY)  # noqa: S106 - no secret here
    (outbox_id,) = uow.outbox.put([replace(waiting(patient_id, at), lease=lease)], now=at)
    assert uow.outbox.mark_sent({outbox_id: None}, "t", at) == 1


def under_way(uow: UnitOfWork, patient_id: PatientId) -> OutboxId:
    """Let a message that waited for days be claimed, by a process that has not worded it yet."""
    lease = Lease(token="t", until=LATER)  # noqa: S106 - no secret here
    (outbox_id,) = uow.outbox.put([replace(waiting(patient_id, LATER - 9 * DAY), lease=lease)], now=LATER - 9 * DAY)
    return outbox_id


def sent(uow: UnitOfWork, patient_id: PatientId, stage: Stage) -> Sent:
    return uow.planning.facts([asked(patient_id)])[patient_id].sent(SINCE, stage)


def test_what_another_process_is_handing_over_counts_as_soon_as_it_has_words(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, boris = (add(uow, f"N{number}", MAY).patient_id for number in range(2))
        house(uow, anna, boris)
        outbox_id = under_way(uow, boris)
        assert sent(uow, anna, Stage.SENDING) == sent(uow, boris, Stage.SENDING) == NEVER_SENT
        uow.outbox.word(outbox_id, "t", {"text": "words"}, patient_id=boris, message_key="invitation", level=1)
        assert sent(uow, anna, Stage.SENDING).household == 1
        assert sent(uow, boris, Stage.SENDING) == Sent(today=1, week=1, cycle=1, year=1, household=1, last_at=LATER)

    world.work(work)


def test_the_household_counts_what_its_members_got_this_week_and_what_waits_for_them(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, boris, vera, stranger = (add(uow, f"N{number}", MAY).patient_id for number in range(4))
        house(uow, anna, boris, vera)
        left(uow, boris, days_ago=3)
        left(uow, stranger, days_ago=3)
        uow.outbox.plan(waiting(vera, LATER + DAY), now=LATER)
        assert sent(uow, anna, Stage.SENDING) == Sent(today=0, week=0, cycle=0, year=0, household=1, last_at=None)
        assert sent(uow, anna, Stage.PLANNED).household == 2
        assert sent(uow, boris, Stage.SENDING).household == 1
        assert sent(uow, boris, Stage.PLANNED).household == 2
        assert sent(uow, stranger, Stage.PLANNED).household == 1
        left(uow, anna, days_ago=8)
        assert sent(uow, boris, Stage.SENDING).household == 1

    world.work(work)


def test_a_chat_must_be_proven_and_what_the_clinic_was_given_need_not(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        patient_id = add(uow, "N1", replace(MAY, contact=Contact.UNPROVEN)).patient_id
        given = {
            channel: uow.addresses.add(patient_id, channel, f"any-{channel}", now=LATER)
            for channel in (Channel.TELEGRAM, Channel.EMAIL, Channel.LETTER, Channel.PHONE)
        }

        def found(channel: Channel) -> int | None:
            return uow.planning.facts([asked(patient_id, channel)])[patient_id].address_id

        assert found(Channel.WEBCHAT) is found(Channel.TELEGRAM) is None
        assert {found(channel) for channel in (Channel.EMAIL, Channel.LETTER, Channel.PHONE)} == {
            given[Channel.EMAIL],
            given[Channel.LETTER],
            given[Channel.PHONE],
        }
        proven = uow.addresses.add(patient_id, Channel.EMAIL, "proven", verified_how="link", now=LATER)
        later = uow.addresses.add(patient_id, Channel.EMAIL, "given later", now=LATER)
        assert found(Channel.EMAIL) == proven
        uow.addresses.close(proven, why="bounced", now=LATER)
        assert found(Channel.EMAIL) == later

    world.work(work)


def test_why_a_message_waits_is_kept_with_the_rules_it_was_judged_by(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        patient_id = add(uow, "N1", MAY).patient_id
        decided = Decided(
            patient_id=patient_id,
            purpose=Purpose.RECALL,
            stage=Stage.SENDING,
            verdict=Verdict.DEFER,
            policy="be+strictest",
            policy_version=2,
            policy_hash="f" * 64,
            at=LATER,
            wait=Wait.HOLIDAY,
            until=LATER + DAY,
        )
        uow.decisions.record([decided])
        assert uow.decisions.of_patient(patient_id, 9) == [decided]
        assert uow.decisions.waits(since=LATER) == {Wait.HOLIDAY: 1}
        assert uow.decisions.waits(since=LATER + DAY) == {}
        assert uow.decisions.refusals(since=LATER) == {}

    world.work(work)


def test_a_merged_policy_is_signed_once_every_part_of_it_is(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        parts = [PolicyPart(id=name, version=1, content_hash=name * 4) for name in ("be", "nl")]
        assert uow.decisions.signed([])
        for part in parts:
            assert not uow.decisions.signed(parts)
            uow.decisions.sign(part.id, part.version, part.content_hash, signed_by="Robin Example", now=LATER)
        assert uow.decisions.signed(parts)
        assert not uow.decisions.signed([replace(parts[0], content_hash="changed")])
        assert uow.decisions.signatures() == frozenset(parts)

    world.work(work)
