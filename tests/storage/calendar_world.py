"""A small clinic for calendar, import and planning tests, on either database."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from flows.ids import ClinicId, ConversationId, PatientId, ProviderId, StaffId, VisitTypeId
from flows.slots import Slot
from flows.vocabulary import Channel, Language, PatientStatus, Role
from storage.database import Database
from storage.engines import Lasting
from storage.models import (
    Address,
    Clinic,
    Conversation,
    Patient,
    Provider,
    Staff,
    VisitType,
    WorkingHours,
    table_of,
)
from storage.models import Row as Model
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
CLINIC = ClinicId(1)
ELSEWHERE = ClinicId(2)
ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday, nine in the morning in Amsterdam
TODAY = date(2026, 11, 23)
VOS, BERG, GONE = ProviderId(11), ProviderId(12), ProviderId(13)
CHECK_UP, EXTRACTION = VisitTypeId(21), VisitTypeId(22)
RECEPTION = StaffId(31)


@dataclass(kw_only=True)
class World:
    """A database with a clinic in it; `now` is what its clock says."""

    database: Database
    now: datetime = NOW
    _ids: list[int] = field(default_factory=lambda: [1000])

    def work(self, do: Callable[[UnitOfWork], T], clinic_id: ClinicId = CLINIC) -> T:
        """Do something in a transaction of its own, committed."""
        with self.database.unit_of_work(clinic_id) as uow:
            result = do(uow)
            uow.commit()
        return result

    def add(self, model: type[Model], **values: object) -> None:
        """Insert a row."""
        self.add_all(model, [values])

    def add_all(self, model: type[Model], rows: list[dict[str, Any]]) -> None:
        """Insert rows; the clinic is ours unless they name another."""
        with self.database.unit_of_work(CLINIC) as uow:
            uow.calendar._scope.execute(insert(table_of(model)), [{"clinic_id": CLINIC, **row} for row in rows])  # noqa: SLF001
            uow.commit()

    def all(self, model: type[Model]) -> list[Any]:
        """Read every row of a table, of all clinics."""
        with self.database.unit_of_work(CLINIC) as uow:
            return list(uow.calendar._scope.execute(select(table_of(model))).all())  # noqa: SLF001

    def new_id(self) -> int:
        """Make an id."""
        self._ids[0] += 1
        return self._ids[0]

    def patient(self, **values: object) -> PatientId:
        """Add a patient."""
        patient_id = PatientId(self.new_id())
        row: dict[str, object] = {
            "id": patient_id,
            "number_hash": secrets.token_bytes(32),
            "status": PatientStatus.ACTIVE,
            "language": Language.EN,
            "profile": b"",
            "created_at": NOW,
            "has_concern": False,
            "recall_ok": False,
            "postvisit_ok": False,
            "offer_ok": False,
            "frozen": False,
        }
        self.add(Patient, **row, **values)
        return patient_id

    def conversation(self, patient_id: PatientId, **values: object) -> ConversationId:
        """Add a web chat of a patient."""
        address_id, conversation_id = self.new_id(), ConversationId(self.new_id())
        self.add(
            Address,
            id=address_id,
            patient_id=patient_id,
            channel=Channel.WEBCHAT,
            lookup=secrets.token_bytes(32),
            value=b"",
            verified_at=NOW,
            verified_how="link",
        )
        self.add(
            Conversation,
            **{
                "id": conversation_id,
                "patient_id": patient_id,
                "address_id": address_id,
                "channel": Channel.WEBCHAT,
                "owner": "bot",
                "lock_version": 0,
                "created_at": NOW,
                **values,
            },
        )
        return conversation_id

    def guest(self) -> tuple[PatientId, ConversationId]:
        """Add a patient and their chat."""
        patient_id = self.patient()
        return patient_id, self.conversation(patient_id)

    def next_visit_at(self, patient_id: PatientId) -> datetime | None:
        """Read what planning goes by."""
        (found,) = (row for row in self.all(Patient) if row.id == patient_id)
        at: datetime | None = found.next_visit_at
        return at


def slot(day: date, hour: int, minute: int = 0, *, provider: ProviderId = VOS, minutes: int = 30) -> Slot:
    """Make a slot at a local time."""
    starts_at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)
    return Slot(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        provider_id=provider,
        visit_type_id=CHECK_UP,
    )


ELEVEN_TODAY = slot(TODAY, 11)


def open_world(url: str) -> World:
    """Make a clinic: Vos works Monday to Friday 9 to 12 and 13 to 18, Berg on Wednesday 17 to 20."""
    key = bytes(range(32))
    world = World(database=Database.open(url, master_key=key, clock=lambda: world.now, lasting=Lasting.THROWN_AWAY))
    for clinic_id, slug in ((CLINIC, "de-linde"), (ELSEWHERE, "elsewhere")):
        world.add(
            Clinic, clinic_id=clinic_id, slug=slug, name=slug, zone=ZONE.key, country="NL", language=Language.EN,
            config_hash="", key_check=b"",
        )  # fmt: skip
    world.add_all(
        Provider,
        [
            {"id": VOS, "key": "vos", "name": "Dr Vos", "active": True},
            {"id": BERG, "key": "berg", "name": "Dr Berg", "active": True},
            {"id": GONE, "key": "gone", "name": "Dr Gone", "active": False},
        ],
    )
    hours = [(VOS, day, opens, closes) for day in range(5) for opens, closes in ((540, 720), (780, 1080))]
    hours += [(BERG, 2, 1020, 1200), (GONE, 0, 0, 1440)]
    world.add_all(
        WorkingHours,
        [
            {"id": world.new_id(), "provider_id": who, "weekday": day, "opens_minute": opens, "closes_minute": closes}
            for who, day, opens, closes in hours
        ],
    )
    world.add_all(
        VisitType,
        [
            {"id": CHECK_UP, "key": "check_up", "minutes": 30, "surgical": False, "active": True},
            {"id": EXTRACTION, "key": "extraction", "minutes": 45, "surgical": True, "active": True},
        ],
    )
    world.add(Staff, id=RECEPTION, name="Desk", role=Role.RECEPTION, active=True, created_at=NOW)
    return world


def worlds(url: str) -> Iterator[World]:
    """Yield a world in the migrated, empty database at a URL."""
    world = open_world(url)
    yield world
    world.database.close_now()
