"""A clinic on Telegram as tests hold it: a running house, its two bots, its patients and staff, and what is stored."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from bot.app import House
from bot.app.listening import Listening
from bot.clocks import RehearsalClock
from bot.services.links import make_link
from bot.services.nursery import Nursery
from bot.services.views import StaffMember
from flows.ids import ConversationId, PatientId, StaffId
from flows.vocabulary import Channel, Language, PatientStatus, Role
from storage.records.people import NewPatient, Profile
from storage.unit_of_work import UnitOfWork
from tests.botapi.api import BotApi
from tests.botapi.hub import BotAccount
from tests.botapi.people import Person
from tests.house.records import Records

PATIENCE = 5.0
ON_ITS_WAY = "SELECT 1 FROM outbox WHERE status = 'leased'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bots:
    """The clinic's two bots, as @BotFather made them."""

    patients: BotAccount
    desk: BotAccount

    @classmethod
    def made_by(cls, api: BotApi) -> "Bots":
        """Make them."""
        return cls(patients=api.bot("clinic_bot"), desk=api.bot("clinic_desk_bot", sees_all=True))


@dataclass(kw_only=True)
class Clinic:
    """A running house and the people around it. address: of its web."""

    api: BotApi
    bots: Bots
    house: House
    clock: RehearsalClock
    records: Records
    listening: Listening
    address: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def change(self, work: Callable[[UnitOfWork], object]) -> None:
        """Change something stored past the house."""
        with self.house.database.unit_of_work(self.house.clinic.id) as uow:
            work(uow)
            uow.commit()

    def add_patient(self, profile: Profile | None = None, *, language: Language = Language.EN) -> PatientId:
        """Put a plainly synthetic patient, who was never asked anything, into the clinic's books."""
        patient = NewPatient(
            profile=profile
            or Profile(
                number=f"T-{next(self.numbers)}",
                given_name="Anna",
                family_name="Example",
                birth_date=date(1984, 5, 2),
            ),
            provider_id=self.house.clinic.providers[0],
            language=language,
            status=PatientStatus.ACTIVE,
            last_visit_on=date(2025, 3, 23),
            recall_months=12,
            next_visit_at=None,
        )
        with self.house.database.unit_of_work(self.house.clinic.id) as uow:
            patient_id = uow.patients.upsert_many([patient], now=self.clock.now())[0].patient_id
            uow.commit()
        return patient_id

    def add_staff(self, role: Role = Role.MANAGER) -> StaffMember:
        """Add a member of staff who is signed in."""
        with self.house.database.unit_of_work(self.house.clinic.id) as uow:
            staff_id: StaffId = uow.staff.add("Robin Example", role, now=self.clock.now())
            uow.commit()
        return StaffMember(staff_id=staff_id, name="Robin Example", role=role, language=Language.EN)

    def link_for(self, patient_id: PatientId) -> str:
        """Make a personal link, and give what the chat is started with."""
        with self.house.database.unit_of_work(self.house.clinic.id) as uow:
            link = make_link(uow, patient_id, self.house.clinic.settings, self.clock.now())
            uow.commit()
        assert link.telegram is not None
        return link.telegram.rpartition("?start=")[2]

    async def comes(self, moment: datetime) -> None:
        """Let a moment come, and what is due happen."""
        self.clock.move_to(moment)
        await self.house.ticks.run_all()

    async def until(self, holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Wait until something holds of what is stored."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():  # noqa: ASYNC110  # what others store tells nobody
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"never came true: {what}") from None

    async def until_quiet(self) -> None:
        """Wait until the bots have taken in everything, nothing is on its way to anybody, and all desks know of it.

        That a message left is stored a moment before the desks are told.
        """
        for bot in (self.bots.patients, self.bots.desk):
            if not bot.is_revoked:
                await self.api.until_fetched(bot)
        await self.until(lambda: not self.records.has(ON_ITS_WAY), "nothing is on its way")
        await self.until(lambda: not _is_anything_going_on(), "nothing goes on by itself")

    def talk_of(self, person: Person) -> ConversationId:
        """The talk that an account is in."""
        with self.house.database.reading(self.house.clinic.id) as uow:
            found = uow.accounts.find(Channel.TELEGRAM, str(person.id))
        assert found is not None
        return found.conversation_id


def _is_anything_going_on() -> bool:
    """Whether the house goes on with something whose caller was answered before."""
    watched = Nursery._watch.__code__  # noqa: SLF001  # what a nursery has started, nobody else needs to be told
    return any(getattr(task.get_coro(), "cr_code", None) is watched for task in asyncio.all_tasks())
