"""Works that store a row, and what is stored."""

import sqlite3
import threading
from collections.abc import Callable
from typing import NamedTuple

from flows.ids import ClinicId, StaffId
from flows.vocabulary import Role
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.world import MONDAY_MORNING


class Hired(NamedTuple):
    """What was stored, and in which thread."""

    staff_id: StaffId
    thread: threading.Thread


def hires(name: str) -> Callable[[UnitOfWork], Hired]:
    """Work that stores one row and commits it."""

    def work(uow: UnitOfWork) -> Hired:
        staff_id = uow.staff.add(name, Role.RECEPTION, now=MONDAY_MORNING)
        uow.commit()
        return Hired(staff_id, threading.current_thread())

    return work


class Held:
    """Work that stores a row once it may go on. begun: it has the pen."""

    def __init__(self, name: str) -> None:
        """Take the row's name."""
        self._hires = hires(name)
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, uow: UnitOfWork) -> Hired:
        """Do it."""
        self.begun.set()
        assert self.go_on.wait(10)
        return self._hires(uow)


async def names(database: Database, clinic_id: ClinicId) -> set[str]:
    """Everybody who is stored, as another connection sees it."""
    return set((await database.read(clinic_id, lambda uow: uow.staff.names())).values())


def breaks_the_commit(uow: UnitOfWork) -> None:
    """What no repository would do: a row that refers to nobody, which shows only at the commit."""
    driver = uow._connection.connection.driver_connection  # noqa: SLF001  # see above
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("PRAGMA defer_foreign_keys = ON")
    driver.execute("INSERT INTO household (clinic_id, id) VALUES (-5, 1)")
    uow.commit()
