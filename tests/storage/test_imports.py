"""Importing patient lists on both databases: what comes in, what a second list changes, what no list can undo.

Longer than other files: what one list does and what the next one undoes are read as one story.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.vocabulary import Channel, ContactKind, Language, PatientStatus, Purpose, Sex
from storage.imports.columns import Column
from storage.imports.patients import ImportSettings, import_patients
from storage.imports.problems import Severity
from storage.imports.report import ImportReport
from storage.imports.rows import ReadSettings, read_patients
from storage.models import Address, Appointment, ChairTime, ImportRun, LedgerEntry
from storage.models import Patient as PatientRow
from storage.records.people import Patient
from storage.vocabulary import AppointmentStatus, BookedBy
from tests.storage.calendar_world import BERG, CHECK_UP, CLINIC, NOW, TODAY, VOS, ZONE, World, slot, worlds
from tests.storage.test_planning import STRICTEST

HEADERS = (
    "number,title,first name,patronymic,last name,sex,birth date,mobile,e-mail,language,last visit,recall interval,"
    "next appointment,concern,status,consent,dentist"
)
ANNA = "1,Ms,Anna,,Example,f,1980-05-17,+447700900123,anna@example.com,en,2025-06-01,6,,look at 26,,yes,Dr. Vos"


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def _settings(**changed: object) -> ImportSettings:
    known = {
        "policy": STRICTEST,
        "zone": ZONE,
        "dentists": {"Vos": VOS, "Dr. Vos": VOS, "berg": BERG},
        "visit_type_id": CHECK_UP,
        "visit_minutes": 30,
        **changed,
    }
    return ImportSettings(**known)  # type: ignore[arg-type]  # each test changes what it is about


def _import(world: World, *rows: str, headers: str = HEADERS, **changed: object) -> ImportReport:
    text = "\n".join([headers, *rows])
    parsed = read_patients(text.encode(), ReadSettings(country="NL", today=TODAY))
    return world.work(lambda uow: import_patients(uow, parsed, _settings(**changed), now=world.now))


def _patient(world: World, number: str = "1") -> Patient:
    found = world.work(lambda uow: uow.patients.by_number(number))
    assert found is not None
    return found


def _ledger(world: World, number: str = "1") -> tuple[LedgerEvent, ...]:
    patient_id = _patient(world, number).id
    return world.work(lambda uow: uow.ledger.events(patient_id))


def _tables(world: World) -> list[list[object]]:
    return [world.all(model) for model in (PatientRow, Address, Appointment, ChairTime, LedgerEntry)]


def test_a_patient_comes_in_whole(world: World) -> None:
    report = _import(world, ANNA)
    assert (report.rows, report.created, report.permitted, report.problems) == (1, 1, 1, ())
    anna = _patient(world)
    assert (anna.profile.given_name, anna.profile.family_name, anna.profile.sex) == ("Anna", "Example", Sex.FEMALE)
    assert anna.profile.birth_date == date(1980, 5, 17)
    assert (anna.language, anna.provider_id, anna.recall_months) == (Language.EN, VOS, 6)
    assert anna.last_visit_on == date(2025, 6, 1)
    assert anna.profile.concern == "look at 26"
    assert anna.recall_ok
    addresses = world.work(lambda uow: uow.addresses.of_patient(anna.id))
    assert {(one.channel, one.value, one.verified_at) for one in addresses} == {
        (Channel.PHONE, "+447700900123", None),
        (Channel.EMAIL, "anna@example.com", None),
    }
    (run,) = world.all(ImportRun)
    assert (run.rows, run.created, run.refused) == (1, 1, 0)


def test_the_same_list_again_changes_nothing(world: World) -> None:
    rows = [ANNA, "2,,Piet,,Voorbeeld,m,1970-01-05,,,nl,2024-01-01,,2026-12-01 10:00,,moved,no,Berg", "3,,,,Modèle"]
    first = _import(world, *rows)
    assert (first.created, first.refused, first.booked, first.denied) == (2, 1, 1, 1)
    before = _tables(world)
    second = _import(world, *rows)
    assert (second.created, second.updated, second.unchanged, second.refused) == (0, 0, 2, 1)
    assert (second.permitted, second.denied, second.booked, second.cancelled) == (0, 0, 0, 0)
    assert _tables(world) == before


def test_a_preview_is_the_same_work_rolled_back(world: World) -> None:
    parsed = read_patients(f"{HEADERS}\n{ANNA}\n".encode(), ReadSettings(country="NL", today=TODAY))
    with world.database.unit_of_work(CLINIC) as uow:
        preview = import_patients(uow, parsed, _settings(), now=world.now)
    assert preview.created == 1
    assert _tables(world) == [[], [], [], [], []]
    assert world.all(ImportRun) == []


def test_progress_is_told_by_batches(world: World) -> None:
    told: list[tuple[int, int]] = []
    rows = [f"{number},Example" for number in range(1001)]
    _import(world, *rows, headers="number,last name", progress=lambda done, of: told.append((done, of)))
    assert told == [(500, 1001), (1000, 1001), (1001, 1001)]


def test_a_yes_is_a_right_to_recall_with_the_files_hash_and_row_as_evidence(world: World) -> None:
    _import(world, "9,,,,Other" + "," * 12, ANNA)
    (event,) = _ledger(world)
    assert (event.act, event.acted_by, event.purpose) == (Act.PERMIT, ActedBy.IMPORT, Purpose.RECALL)
    assert (event.policy, event.policy_version) == ("strictest", 1)
    assert event.evidence.startswith("sha256:")
    assert event.evidence.endswith(":row:3")
    assert _ledger(world, "9") == ()


def test_a_no_denies_the_whole_programme(world: World) -> None:
    report = _import(world, ANNA.replace(",yes,", ",no,"))
    assert (report.permitted, report.denied) == (0, 1)
    assert {(event.act, event.purpose) for event in _ledger(world)} == {
        (Act.DENY, Purpose.RECALL),
        (Act.DENY, Purpose.POSTVISIT),
        (Act.DENY, Purpose.OFFER),
    }


def test_a_policy_that_gives_a_lists_yes_no_worth_gets_no_event(world: World) -> None:
    report = _import(world, ANNA, policy=replace(STRICTEST, imported_yes=frozenset()))
    assert report.permitted == 0
    assert _ledger(world) == ()


def test_no_list_turns_a_no_into_a_yes(world: World) -> None:
    _import(world, ANNA.replace(",yes,", ",no,"))
    _import(world, ANNA)
    assert not _patient(world).recall_ok
    _import(world, ANNA.replace("Anna", "Anne"))
    assert len(_ledger(world)) == 3


def test_an_old_no_of_a_list_does_not_undo_a_later_yes_of_the_patient(world: World) -> None:
    _import(world, ANNA.replace(",yes,", ",no,"))
    (first, *_) = _ledger(world)
    world.now += timedelta(days=1)
    own = LedgerEvent(
        id=world.work(lambda uow: uow.ledger.new_id()),
        patient_id=first.patient_id,
        at=world.now,
        acted_by=ActedBy.SELF,
        act=Act.PERMIT,
        purpose=Purpose.RECALL,
        basis=Basis.EXPRESS_CONSENT,
        address_id=None,
        channel=None,
        policy="strictest",
        policy_version=1,
        collected="chat",
        evidence="update:1",
        valid_from=world.now,
        valid_until=None,
    )
    world.work(lambda uow: uow.ledger.append([own]))
    _import(world, ANNA.replace(",yes,", ",no,").replace("Anna", "Anne"))
    assert _patient(world).profile.given_name == "Anne"
    assert _patient(world).recall_ok


def test_a_blank_cell_or_a_missing_column_leaves_what_is_known(world: World) -> None:
    _import(world, ANNA)
    report = _import(world, "1,,Anne,,Example" + "," * 12)
    assert report.updated == 1
    anne = _patient(world)
    assert (anne.profile.given_name, anne.profile.mobile, anne.profile.sex) == ("Anne", "+447700900123", Sex.FEMALE)
    assert (anne.last_visit_on, anne.language, anne.provider_id) == (date(2025, 6, 1), Language.EN, VOS)
    assert anne.profile.concern is None
    _import(world, ANNA)
    _import(world, "1,Exempel", headers="number,last name")
    assert _patient(world).profile.concern == "look at 26"
    assert _patient(world).profile.family_name == "Exempel"


def test_a_bad_cell_leaves_what_is_known_too(world: World) -> None:
    _import(world, ANNA)
    report = _import(world, ANNA.replace("+447700900123", "0123").replace("2025-06-01", "soon"))
    assert {problem.column for problem in report.problems} == {Column.LAST_VISIT, Column.MOBILE}
    assert report.count(Severity.WARNING) == 2
    anna = _patient(world)
    assert (anna.profile.mobile, anna.last_visit_on) == ("+447700900123", date(2025, 6, 1))


def test_where_a_patient_lives_is_kept_until_a_list_says_otherwise(world: World) -> None:
    headers = "number,last name,country"
    _import(world, "1,Example,Belgique", headers=headers)
    assert _patient(world).residence == "BE"
    _import(world, "1,Example,", headers=headers)
    _import(world, "1,Example,somewhere", headers=headers)
    assert _patient(world).residence == "BE"
    _import(world, "1,Example,ca-qc", "2,Model,", headers=headers)
    assert (_patient(world).residence, _patient(world, "2").residence) == ("CA-QC", None)
    assert world.work(lambda uow: uow.patients.residences()) == {"CA-QC"}


def test_a_list_does_not_undo_what_the_patient_changed_since(world: World) -> None:
    _import(world, ANNA)
    anna = _patient(world).id
    world.work(lambda uow: uow.patients.change_contact(anna, ContactKind.MOBILE, "+447700900999", now=world.now))
    _import(world, ANNA)
    _import(world, ANNA.replace("Anna", "Anne"))
    assert _patient(world).profile.mobile == "+447700900999"


def test_death_and_silence_are_not_taken_back_by_a_list(world: World) -> None:
    _import(world, ANNA.replace(",,yes", ",deceased,yes"), ANNA.replace("1,Ms", "2,Ms").replace(",,yes", ",moved,yes"))
    assert _patient(world).status is PatientStatus.DECEASED
    _import(world, ANNA, ANNA.replace("1,Ms", "2,Ms"))
    assert _patient(world).status is PatientStatus.DECEASED
    assert _patient(world, "2").status is PatientStatus.ACTIVE


def test_an_erased_person_is_not_brought_back(world: World) -> None:
    _import(world, ANNA)
    anna = _patient(world).id
    world.work(lambda uow: uow.patients.erase(anna, now=world.now))
    report = _import(world, ANNA.replace(",yes,", ",no,"))
    assert (report.erased, report.created, report.denied) == (1, 0, 0)
    assert world.work(lambda uow: uow.patients.by_number("1")) is None


def test_who_shares_a_mobile_or_mailbox_is_one_household(world: World) -> None:
    _import(
        world,
        "1,Example,+447700900123,",
        "2,Example,07700900123,family@example.com",
        "3,Model,,family@example.com",
        "4,Sample,+447700900124,",
        headers="number,last name,mobile,e-mail",
    )
    homes = [_patient(world, number).household_id for number in "1234"]
    # 2's number is not one of the Netherlands, where the clinic is.
    assert homes[0] is None
    assert homes[1] == homes[2] is not None
    assert homes[3] is None
    _import(world, "5,Example,+44 7700 900 123,", headers="number,last name,mobile,e-mail")
    assert _patient(world, "5").household_id == _patient(world, "1").household_id is not None


def test_an_appointment_made_elsewhere_takes_its_chair_time(world: World) -> None:
    report = _import(world, ANNA.replace(",6,,", ",6,24 November 2026 11:00,"))
    assert report.booked == 1
    tomorrow = slot(TODAY + timedelta(days=1), 11)
    (appointment,) = world.all(Appointment)
    assert (appointment.starts_at, appointment.booked_by) == (tomorrow.starts_at, BookedBy.IMPORT)
    assert len(world.all(ChairTime)) == 2
    assert _patient(world).next_visit_at == tomorrow.starts_at
    someone, _ = world.guest()
    assert world.work(lambda uow: uow.calendar.book(someone, None, tomorrow, NOW, BookedBy.STAFF)) is None


def test_an_appointment_on_taken_time_is_known_all_the_same(world: World) -> None:
    someone, chat = world.guest()
    tomorrow = slot(TODAY + timedelta(days=1), 11)
    world.work(lambda uow: uow.calendar.book(someone, chat, tomorrow, NOW, BookedBy.STAFF))
    report = _import(
        world,
        ANNA.replace(",6,,", ",6,2026-11-24 11:15,"),
        ANNA.replace("1,Ms", "2,Ms").replace(",6,,", ",6,2026-11-24 15:00,"),
        ANNA.replace("1,Ms", "3,Ms").replace(",6,,", ",6,2026-11-24 15:15,"),
    )
    assert report.booked == 1
    assert _patient(world).next_visit_at == slot(TODAY + timedelta(days=1), 11, 15).starts_at
    assert _patient(world, "3").next_visit_at is not None
    assert len(world.all(Appointment)) == 2
    assert len(world.all(ChairTime)) == 4


def test_an_appointment_without_a_time_or_a_known_dentist_is_the_next_visit_only(world: World) -> None:
    report = _import(
        world,
        ANNA.replace(",6,,", ",6,2026-11-24,"),
        ANNA.replace("1,Ms", "2,Ms").replace(",6,,", ",6,2026-11-24 10:00,").replace("Dr. Vos", "Dr Who"),
    )
    assert report.booked == 0
    assert _patient(world).next_visit_at == datetime(2026, 11, 24, 22, 59, tzinfo=UTC)
    assert _patient(world, "2").next_visit_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
    (problem,) = report.problems
    assert (problem.row, problem.column, problem.severity) == (3, Column.DENTIST, Severity.WARNING)


def test_a_list_moves_and_clears_the_appointments_of_earlier_lists_alone(world: World) -> None:
    _import(world, ANNA.replace(",6,,", ",6,2026-11-24 11:00,"))
    anna = _patient(world).id
    ours = slot(TODAY + timedelta(days=20), 9)
    world.work(lambda uow: uow.calendar.book(anna, None, ours, NOW, BookedBy.STAFF))
    moved = _import(world, ANNA.replace(",6,,", ",6,2026-11-25 11:00,"))
    assert (moved.booked, moved.cancelled) == (1, 1)
    assert _patient(world).next_visit_at == slot(TODAY + timedelta(days=2), 11).starts_at
    cleared = _import(world, ANNA)
    assert (cleared.booked, cleared.cancelled) == (0, 1)
    assert _patient(world).next_visit_at == ours.starts_at
    assert len(world.all(ChairTime)) == 2
    same = _import(world, ANNA.replace(",6,,", ",6,2026-12-13 09:00,"))
    assert (same.booked, same.cancelled) == (0, 0)


def test_a_date_of_an_earlier_list_is_cleared_by_a_blank_cell(world: World) -> None:
    _import(world, ANNA.replace(",6,,", ",6,2026-11-24,"))
    _import(world, ANNA)
    assert _patient(world).next_visit_at is None


def test_a_visit_the_list_says_took_place_is_kept(world: World) -> None:
    _import(world, ANNA.replace(",6,,", ",6,2026-11-24 11:00,"))
    world.now += timedelta(days=3)
    after = ANNA.replace("2025-06-01", "2026-11-24")
    parsed = read_patients(f"{HEADERS}\n{after}".encode(), ReadSettings(country="NL", today=TODAY + timedelta(days=3)))
    world.work(lambda uow: import_patients(uow, parsed, _settings(), now=world.now))
    assert [row.status for row in world.all(Appointment)] == [AppointmentStatus.KEPT]
    anna = _patient(world)
    assert (anna.last_visit_on, anna.next_visit_at) == (date(2026, 11, 24), None)


def test_an_appointment_that_passed_without_a_word_keeps_recall_away(world: World) -> None:
    row = ANNA.replace(",6,,", ",6,2026-11-20 11:00,")
    report = _import(world, row)
    assert report.booked == 0
    (problem,) = report.problems
    assert str(problem).startswith("row 2: next appointment has passed without a visit; tell the last visit or clear")
    assert _patient(world).next_visit_at is not None
    _import(world, row.replace("2025-06-01", "2026-11-20"))
    assert _patient(world).next_visit_at is None


def test_statements_a_batch_do_not_grow_with_its_rows(world: World) -> None:
    def statements(rows: int) -> int:
        seen: list[str] = []

        def count(*call: object) -> None:
            seen.append(str(call[2]))

        engine = world.database._engines.write  # noqa: SLF001  # to listen to it
        people = [ANNA.replace("1,Ms", f"{world.new_id()},Ms").replace("Anna", "Annabel") for _ in range(rows)]
        event.listen(engine, "before_cursor_execute", count)
        _import(world, *people)
        event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    few, many = statements(2), statements(120)
    assert many <= few + 1
