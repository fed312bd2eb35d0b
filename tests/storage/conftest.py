"""A migrated database of each kind, a small clinic in it, and the verbs by which tests fill it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from flows.ids import (
    AddressId,
    AppointmentId,
    ClinicId,
    ConversationId,
    PatientId,
    ProviderId,
    StaffId,
    VisitTypeId,
)
from flows.messages.text import Money
from flows.outreach.ledger import Act, LedgerEvent
from flows.slots import Slot
from flows.vocabulary import Channel, Language, Role
from storage.database import Database
from storage.engines import Lasting, open_engines
from storage.migrations.upgrade import upgrade
from storage.records.clinics import ClinicSetup, Hours, ProviderSetup, VisitTypeSetup
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy
from tests.storage.given import ledger_event, listed

T = TypeVar("T")
KEY = bytes(range(32))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETUP = ClinicSetup(
    slug="de-linde",
    name="De Linde",
    zone="Europe/Brussels",
    country="BE",
    language=Language.NL,
    config_hash="a" * 64,
    providers=(
        ProviderSetup(key="vos", name="Dr Vos", hours=(Hours(weekday=0, opens_minute=540, closes_minute=1020),)),
        ProviderSetup(key="maes", name="Dr Maes", hours=()),
    ),
    visit_types=(VisitTypeSetup(key="check-up", minutes=30, price=Money(minor=4500, currency="EUR")),),
)


@dataclass
class Clock:
    """A clock that moves when told."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def forward(self, **by: float) -> datetime:
        """Move on; arguments as of timedelta."""
        self.now += timedelta(**by)
        return self.now


def migrated(url: str, clock: Callable[[], datetime]) -> Database:
    """Open a database and bring it to the newest schema."""
    database = Database.open(url, master_key=KEY, clock=clock, lasting=Lasting.THROWN_AWAY)
    database.migrate()
    return database


@pytest.fixture(autouse=True)
def each_migration_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here what a test opens gets its schema from the migrations, and not from what those made before."""
    monkeypatch.setattr("storage.database.upgrade", upgrade)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engines = open_engines(f"sqlite:///{path}", lasting=Lasting.THROWN_AWAY)
    upgrade(engines.write)
    engines.dispose()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a migrated database of this test alone, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "recare.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    yield request.getfixturevalue("postgres_database")


@pytest.fixture
def clock() -> Clock:
    """The clock of the test's database."""
    return Clock()


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    """An open database, empty but for its schema."""
    opened = Database.open(database_url, master_key=KEY, clock=clock, lasting=Lasting.THROWN_AWAY)
    yield opened
    opened.close_now()


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A patient with a chat."""

    patient_id: PatientId
    address_id: AddressId
    conversation_id: ConversationId


@dataclass
class Clinic:
    """A clinic that was set up, and what tests do in it."""

    database: Database
    clinic_id: ClinicId
    clock: Clock
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    def do(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run work in a unit of work that commits."""
        with self.database.unit_of_work(self.clinic_id) as uow:
            result = work(uow)
            uow.commit()
        return result

    def add_patient(self, **changes: Any) -> PatientId:  # noqa: ANN401  # each test's own
        """Bring in a patient by a list."""
        row = listed(f"N{next(self._numbers)}", **changes)
        return self.do(lambda uow: uow.patients.upsert_many([row], now=self.clock.now))[0].patient_id

    def add_talk(self, patient_id: PatientId | None = None, channel: Channel = Channel.WEBCHAT) -> Talk:
        """Begin a chat, with a new patient unless one is given."""
        whose = patient_id if patient_id is not None else self.add_patient()
        value = f"chat-{next(self._numbers)}"

        def begin(uow: UnitOfWork) -> Talk:
            address_id = uow.addresses.add(whose, channel, value, verified_how="link", now=self.clock.now)
            conversation_id = uow.conversations.create(whose, address_id, channel, now=self.clock.now)
            return Talk(patient_id=whose, address_id=address_id, conversation_id=conversation_id)

        return self.do(begin)

    def add_staff(self, name: str = "Reception One") -> StaffId:
        """Take somebody on."""
        return self.do(lambda uow: uow.staff.add(name, Role.RECEPTION, now=self.clock.now))

    @property
    def provider_id(self) -> ProviderId:
        """The first provider."""
        return self.do(lambda uow: uow.clinics.providers())[0].id

    @property
    def visit_type_id(self) -> VisitTypeId:
        """The only type of visit."""
        return self.do(lambda uow: uow.clinics.visit_types())[0].id

    def add_appointment(self, patient_id: PatientId, starts_at: datetime, booked_by: BookedBy) -> AppointmentId:
        """Book half an hour with the first provider."""
        provider_id, visit_type_id = self.provider_id, self.visit_type_id
        slot = Slot(
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
            provider_id=provider_id,
            visit_type_id=visit_type_id,
        )
        booked = self.do(lambda uow: uow.calendar.book(patient_id, None, slot, self.clock.now, booked_by))
        assert booked is not None
        return booked.appointment_id

    def neighbour(self) -> "Clinic":
        """Set up another clinic in the same database."""
        other = Clinic(database=self.database, clinic_id=self.database.clinic_id("elsewhere"), clock=self.clock)
        other.do(lambda uow: uow.clinics.set_up(replace(SETUP, slug="elsewhere")))
        return other

    def append(self, patient_id: PatientId, act: Act, **changes: Any) -> LedgerEvent:  # noqa: ANN401  # each test's own
        """Add an event to a person's chain."""

        def add(uow: UnitOfWork) -> LedgerEvent:
            event = ledger_event(uow.ledger.new_id(), patient_id, act, at=self.clock.now, **changes)
            uow.ledger.append([event])
            return event

        return self.do(add)


@pytest.fixture
def clinic(database: Database, clock: Clock) -> Clinic:
    """A clinic with two providers and one type of visit."""
    made = Clinic(database=database, clinic_id=database.clinic_id("de-linde"), clock=clock)
    made.do(lambda uow: uow.clinics.set_up(SETUP))
    return made
