"""A small real world for tests of the whole house: a clinic, patients with open pages, a clock that is set.

Only the clock is not the real thing.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from bot.app import House, build_house
from bot.clocks import RehearsalClock
from bot.services.desk_ports import ChatSession
from bot.services.patient_page import open_page
from bot.services.rights import consent_events
from bot.services.situation import Situation
from bot.services.topic_ports import Board
from bot.services.views import StaffMember
from bot.settings import read_clinic
from bot.settings.policies import read_book
from flows.ids import ConversationId, PatientId, StaffId
from flows.outreach.facts import Mode
from flows.vocabulary import Channel, Language, PatientStatus, Purpose, Role, Sex
from storage.database import Database
from storage.engines import Lasting
from storage.records.people import NewPatient, Profile

CLINIC_FILE = Path(__file__).parents[1] / "examples" / "clinic.toml"
MONDAY_MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KEY = b"only for tests, only for tests.."


# Asyncio words a finished task with its result, and the house takes long to be worded.
@dataclass(kw_only=True, repr=False)
class World:
    """A house and the people around it."""

    house: House
    clock: RehearsalClock
    numbers: "count[int]" = field(default_factory=count)

    def add_patient(
        self,
        *,
        language: Language = Language.EN,
        permits: frozenset[Purpose] = frozenset({Purpose.RECALL, Purpose.POSTVISIT}),
        last_visit_on: date = date(2025, 3, 23),
        residence: str | None = None,
        born: date | None = date(1984, 5, 2),
    ) -> tuple[PatientId, ConversationId]:
        """Add a plainly synthetic patient whose page is open."""
        number = f"T-{next(self.numbers)}"
        profile = Profile(
            number=number,
            given_name="Anna",
            family_name=f"Example-{number}",
            sex=Sex.FEMALE,
            birth_date=born,
        )
        patient = NewPatient(
            profile=profile,
            provider_id=self.house.clinic.providers[0],
            language=language,
            status=PatientStatus.ACTIVE,
            last_visit_on=last_visit_on,
            recall_months=12,
            next_visit_at=None,
            residence=residence,
        )
        now = self.clock.now()
        with self.house.database.unit_of_work(self.house.clinic.id) as uow:
            patient_id = uow.patients.upsert_many([patient], now=now)[0].patient_id
            conversation_id = open_page(uow, patient_id, now)
            here = Situation(
                uow=uow,
                clinic=self.house.clinic,
                conversation_id=conversation_id,
                patient_id=patient_id,
                channel=Channel.WEBCHAT,
                treated_by=None,
                now=now,
                source="test",
            )
            uow.ledger.append(consent_events(here, permitted=permits, refused=frozenset()))
            uow.commit()
        return patient_id, conversation_id

    def add_staff(self, role: Role = Role.MANAGER) -> StaffMember:
        """Add a member of staff who is signed in."""
        with self.house.database.unit_of_work(self.house.clinic.id) as uow:
            staff_id: StaffId = uow.staff.add("Robin Example", role, now=self.clock.now())
            uow.commit()
        return StaffMember(staff_id=staff_id, name="Robin Example", role=role, language=Language.EN)

    def session(self, conversation_id: ConversationId) -> ChatSession:
        """The open page of a conversation."""
        return ChatSession(conversation_id=conversation_id, language=Language.EN)

    async def writes(self, conversation_id: ConversationId, text: str) -> None:
        """Let the patient write."""
        await self.house.patient.write(self.session(conversation_id), secrets.token_hex(8), text)

    async def presses(self, conversation_id: ConversationId, place: int) -> None:
        """Let the patient press one of the buttons there are now."""
        chat = await self.house.patient.chat(self.session(conversation_id))
        payload = chat.buttons[place].payload
        await self.house.patient.press(self.session(conversation_id), secrets.token_hex(8), payload)

    async def lines(self, conversation_id: ConversationId) -> list[str]:
        """All lines of the conversation, as the patient sees them."""
        chat = await self.house.patient.chat(self.session(conversation_id))
        return [f"{line.voice.value}: {line.text}" for line in chat.lines]


def make_world(
    url: str, *, start: datetime = MONDAY_MORNING, mode: Mode = Mode.REHEARSAL, board: Board | None = None
) -> World:
    """Build a world on a database that is new or was used by another world before; board: of a forum group.

    What it stores outlives the process, not a power cut: no test waits for the disk.
    """
    clock = RehearsalClock(start)
    database = Database.open(url, master_key=KEY, clock=clock.now, lasting=Lasting.THROWN_AWAY)
    database.migrate()
    settings = read_clinic(CLINIC_FILE)
    policies = read_book(settings)
    house = build_house(settings=settings, policies=policies, database=database, clock=clock, mode=mode, board=board)
    return World(house=house, clock=clock)
