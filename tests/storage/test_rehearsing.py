"""What rehearsals need of storage: a copy of everything, work in the same thread, rows as they are, visits unmarked."""

import asyncio
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database, SameThread
from storage.engines import Lasting, open_engines
from storage.ids import IdMaker
from storage.sealing import Codec
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy
from tests.storage.conftest import KEY, NOW, SETUP, Clinic, Clock

HALF_AN_HOUR = timedelta(minutes=30)


def _in_file(folder: Path, *, lasting: Lasting = Lasting.SURELY) -> Clinic:
    clock = Clock()
    database = Database(
        engines=open_engines(f"sqlite:///{folder / 'original.sqlite'}", lasting=lasting),
        codec=Codec(KEY),
        ids=IdMaker(clock=clock, node=0),
        executor=SameThread(),
    )
    database.migrate()
    made = Clinic(database=database, clinic_id=database.clinic_id("de-linde"), clock=clock)
    made.do(lambda uow: uow.clinics.set_up(SETUP))
    return made


def test_a_copy_has_everything_and_is_changed_alone(tmp_path: Path) -> None:
    clinic = _in_file(tmp_path)
    patient_id = clinic.add_patient()
    clinic.database.copy_to(tmp_path / "copy.sqlite")
    copied = Database.open(f"sqlite:///{tmp_path / 'copy.sqlite'}", master_key=KEY, clock=clinic.clock)
    with copied.unit_of_work(clinic.clinic_id) as uow:
        assert set(uow.patients.get_many([patient_id])) == {patient_id}
        uow.clinics.stop_sending("only in the copy")
        uow.commit()
    assert clinic.do(lambda uow: uow.clinics.why_stopped()) is None
    assert (tmp_path / "copy.sqlite").stat().st_mode & 0o077 == 0
    copied.close_now()
    clinic.database.close_now()


def test_the_same_thread_does_the_work_and_passes_on_what_it_raises(tmp_path: Path) -> None:
    clinic = _in_file(tmp_path)
    where = asyncio.run(clinic.database.read(clinic.clinic_id, lambda _: threading.current_thread()))
    assert where is threading.current_thread()

    def fail(_: UnitOfWork) -> None:
        raise LookupError("as threads do")

    with pytest.raises(LookupError, match="as threads do"):
        asyncio.run(clinic.database.write(clinic.clinic_id, fail))
    clinic.database.close_now()


@pytest.mark.parametrize(("lasting", "synchronous"), [(Lasting.SURELY, 2), (Lasting.THROWN_AWAY, 0)])
def test_what_is_thrown_away_does_not_wait_for_the_disk(tmp_path: Path, lasting: Lasting, synchronous: int) -> None:
    sqlite3.connect(tmp_path / "some.sqlite").close()
    engines = open_engines(f"sqlite:///{tmp_path / 'some.sqlite'}", lasting=lasting)
    with engines.write.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == synchronous
    engines.dispose()


def test_rows_are_read_as_they_are_and_of_one_clinic(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    clinic.neighbour().add_patient()
    rows = clinic.do(lambda uow: uow.stored.of("patient", "id", "status"))
    assert [dict(row) for row in rows] == [{"id": patient_id, "status": "active"}]


def test_visits_that_are_over_and_not_marked_are_found_oldest_first(clinic: Clinic) -> None:
    patients = [clinic.add_patient() for _ in range(3)]
    starts = [NOW + timedelta(days=2), NOW + timedelta(days=1), NOW + timedelta(days=3)]
    visits = [clinic.add_appointment(*each, BookedBy.STAFF) for each in zip(patients, starts, strict=True)]
    later = starts[0] + HALF_AN_HOUR
    over = clinic.do(lambda uow: uow.calendar.over(later))
    assert [each.visit.appointment_id for each in over] == [visits[1], visits[0]]
    clinic.do(lambda uow: uow.visits.mark_missed(visits[1], later))
    assert [each.visit.appointment_id for each in clinic.do(lambda uow: uow.calendar.over(later))] == [visits[0]]
