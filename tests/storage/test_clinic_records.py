"""The clinic's own records on both databases: its configuration, the gate's decisions, signatures, what ran."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.messages.text import Money
from flows.outreach.ledger import Act
from flows.outreach.verdict import Refusal, Stage
from flows.vocabulary import Channel, Language, Purpose
from storage.database import Database
from storage.errors import ConstraintError, NotFoundError, WrongKeyError
from storage.records.clinics import Hours, ProviderSetup, VisitTypeSetup
from storage.repositories.decisions import Decided
from storage.repositories.jobs import ImportRecord
from storage.vocabulary import JobOutcome, Verdict
from tests.storage.conftest import NOW, SETUP, Clinic
from tests.storage.sql import run_sql


def test_a_clinic_reads_as_it_was_set_up_and_is_found_by_its_slug(clinic: Clinic, database: Database) -> None:
    stored = clinic.do(lambda uow: uow.clinics.get())
    assert (stored.slug, stored.name, stored.zone) == ("de-linde", "De Linde", ZoneInfo("Europe/Brussels"))
    assert (stored.language, stored.sending_stopped) == (Language.NL, None)
    assert database.clinic_id("de-linde") == clinic.clinic_id
    assert database.clinic_id("another") != clinic.clinic_id
    (visit_type,) = clinic.do(lambda uow: uow.clinics.visit_types())
    assert (visit_type.minutes, visit_type.price) == (30, Money(minor=4500, currency="EUR"))


def test_a_new_configuration_keeps_ids_and_retires_what_it_no_longer_names(clinic: Clinic, database: Database) -> None:
    before = {provider.key: provider.id for provider in clinic.do(lambda uow: uow.clinics.providers())}
    changed = replace(
        SETUP,
        name="De Nieuwe Linde",
        providers=(
            ProviderSetup(key="maes", name="Dr A. Maes", hours=(Hours(weekday=2, opens_minute=0, closes_minute=60),)),
            ProviderSetup(key="new", name="Dr New", hours=()),
        ),
        visit_types=(
            VisitTypeSetup(key="check-up", minutes=45),
            VisitTypeSetup(key="surgery", minutes=60, surgical=True),
        ),
    )
    clinic.do(lambda uow: uow.clinics.set_up(changed))
    providers = clinic.do(lambda uow: uow.clinics.providers())
    assert {(provider.key, provider.name, provider.active) for provider in providers} == {
        ("vos", "Dr Vos", False),
        ("maes", "Dr A. Maes", True),
        ("new", "Dr New", True),
    }
    assert {provider.key: provider.id for provider in providers}.items() >= before.items()
    visit_types = clinic.do(lambda uow: uow.clinics.visit_types())
    assert [(kind.key, kind.minutes, kind.price, kind.surgical) for kind in visit_types] == [
        ("check-up", 45, None, False),
        ("surgery", 60, None, True),
    ]
    assert run_sql(database, "SELECT weekday, closes_minute FROM working_hours") == [(2, 60)]
    assert clinic.do(lambda uow: uow.clinics.get()).name == "De Nieuwe Linde"


def test_two_clinics_cannot_share_a_slug(clinic: Clinic) -> None:
    elsewhere = clinic.neighbour()
    with pytest.raises(ConstraintError):
        elsewhere.do(lambda uow: uow.clinics.set_up(SETUP))


def test_sending_stops_with_a_reason_and_resumes(clinic: Clinic) -> None:
    clinic.do(lambda uow: uow.clinics.stop_sending("policy unreadable"))
    clinic.do(lambda uow: uow.clinics.set_up(SETUP))
    assert clinic.do(lambda uow: uow.clinics.get()).sending_stopped == "policy unreadable"
    assert clinic.do(lambda uow: uow.clinics.why_stopped()) == "policy unreadable"
    clinic.do(lambda uow: uow.clinics.resume_sending())
    assert clinic.do(lambda uow: uow.clinics.why_stopped()) is None
    assert clinic.do(lambda uow: uow.clinics.get()).sending_stopped is None


def test_a_wrong_master_key_is_noticed_before_anything_is_read(clinic: Clinic, database_url: str) -> None:
    other = Database.open(database_url, master_key=bytes(32), clock=clinic.clock)
    try:
        with other.unit_of_work(clinic.clinic_id) as uow:
            with pytest.raises(WrongKeyError):
                uow.clinics.get()
            with pytest.raises(WrongKeyError):
                uow.clinics.set_up(SETUP)
    finally:
        other.close_now()


def test_a_clinic_never_set_up_is_said_so(database: Database) -> None:
    with database.unit_of_work(database.clinic_id("nowhere")) as uow, pytest.raises(NotFoundError):
        uow.clinics.get()


def test_decisions_are_kept_with_what_they_rest_on_and_counted_by_reason(clinic: Clinic) -> None:
    patient_id, other = clinic.add_patient(), clinic.add_patient()
    right = clinic.append(patient_id, Act.PERMIT)
    permit = Decided(
        patient_id=patient_id,
        purpose=Purpose.RECALL,
        stage=Stage.PLANNED,
        verdict=Verdict.PERMIT,
        policy="strictest",
        policy_version=1,
        at=NOW,
        right_event_id=right.id,
    )
    refuse = replace(permit, patient_id=other, verdict=Verdict.REFUSE, right_event_id=None, reason=Refusal.NO_RIGHT)
    defer = replace(permit, verdict=Verdict.DEFER, right_event_id=None, until=NOW + timedelta(hours=3))
    clinic.do(lambda uow: uow.decisions.record([permit, refuse, defer]))
    clinic.do(lambda uow: uow.decisions.record([]))
    assert clinic.do(lambda uow: uow.decisions.of_patient(patient_id, 10)) == [defer, permit]
    assert clinic.do(lambda uow: uow.decisions.refusals(since=NOW)) == {Refusal.NO_RIGHT: 1}
    assert clinic.do(lambda uow: uow.decisions.refusals(since=NOW + timedelta(seconds=1))) == {}


def test_a_signature_holds_for_exactly_this_content(clinic: Clinic) -> None:
    def sign(who: str) -> bool:
        return clinic.do(lambda uow: uow.decisions.sign("strictest", 1, "c" * 64, signed_by=who, now=NOW))

    assert sign("Dr Vos")
    assert not sign("Somebody else")
    signature = clinic.do(lambda uow: uow.decisions.signature("strictest", 1, "c" * 64))
    assert signature is not None
    assert (signature.signed_by, signature.at) == ("Dr Vos", NOW)
    assert clinic.do(lambda uow: uow.decisions.signature("strictest", 1, "d" * 64)) is None
    assert clinic.do(lambda uow: uow.decisions.signature("strictest", 2, "c" * 64)) is None


def test_runs_of_jobs_and_imports_are_remembered(clinic: Clinic) -> None:
    assert clinic.do(lambda uow: uow.jobs.last("planning")) is None
    run_id = clinic.do(lambda uow: uow.jobs.started("planning", now=NOW))
    running = clinic.do(lambda uow: uow.jobs.last("planning"))
    assert running is not None
    assert (running.outcome, running.finished_at) == (JobOutcome.RUNNING, None)
    later = NOW + timedelta(seconds=4)
    clinic.do(lambda uow: uow.jobs.finished(run_id, JobOutcome.DONE, count=7, now=later))
    done = clinic.do(lambda uow: uow.jobs.last("planning"))
    assert done is not None
    assert (done.outcome, done.finished_at, done.count) == (JobOutcome.DONE, later, 7)
    record = ImportRecord(file_hash="f" * 64, at=NOW, rows=5, created=2, updated=1, unchanged=1, refused=1)
    clinic.do(lambda uow: uow.jobs.imported(record))
    assert clinic.do(lambda uow: uow.jobs.imports(10)) == [record]


def test_addresses_are_added_verified_closed_and_opened_again(clinic: Clinic) -> None:
    patient_id, other = clinic.add_patient(), clinic.add_patient()
    address_id = clinic.do(lambda uow: uow.addresses.add(patient_id, Channel.TELEGRAM, "123", now=NOW))
    clinic.do(lambda uow: uow.addresses.verify(address_id, how="link", now=NOW))
    clinic.do(lambda uow: uow.addresses.close(address_id, why="blocked", now=NOW))
    closed = clinic.do(lambda uow: uow.addresses.get(address_id))
    assert (closed.value, closed.verified_how, closed.closed_why) == ("123", "link", "blocked")
    assert clinic.do(lambda uow: uow.addresses.add(patient_id, Channel.TELEGRAM, "123", now=NOW)) == address_id
    opened = clinic.do(lambda uow: uow.addresses.get(address_id))
    assert (opened.closed_at, opened.verified_at) == (None, NOW)
    clinic.do(lambda uow: uow.addresses.close(address_id, why="blocked", now=NOW))
    clinic.do(lambda uow: uow.addresses.reopen(address_id))
    assert clinic.do(lambda uow: uow.addresses.find(Channel.TELEGRAM, "123")) == [opened]
    # A household may share an account of a messenger; a page belongs to one person.
    clinic.do(lambda uow: uow.addresses.add(other, Channel.TELEGRAM, "123", now=NOW))
    assert [found.patient_id for found in clinic.do(lambda uow: uow.addresses.find(Channel.TELEGRAM, "123"))] == [
        patient_id,
        other,
    ]
    clinic.do(lambda uow: uow.addresses.add(patient_id, Channel.WEBCHAT, "page", now=NOW))
    with pytest.raises(ConstraintError):
        clinic.do(lambda uow: uow.addresses.add(other, Channel.WEBCHAT, "page", now=NOW))
    nowhere = type(address_id)(address_id + 1)
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.addresses.get(nowhere))
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.addresses.reopen(nowhere))
