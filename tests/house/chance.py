"""The real house, driven step by step by chance: its people, its clock, its line, and what was done so far."""

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from bot.services.views import ButtonView, ConversationView, StaffMember
from flows.ids import ConversationId
from flows.vocabulary import Channel, Language, Purpose, Role
from storage.unit_of_work import UnitOfWork
from tests.house.line import Line
from tests.house.records import Everything, Records
from tests.world import World, make_world

T = TypeVar("T")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FURTHEST = timedelta(days=60)
BOTH = frozenset({Purpose.RECALL, Purpose.POSTVISIT})
PEOPLE = (
    (Language.EN, BOTH),
    (Language.FR, BOTH),
    (Language.NL, frozenset({Purpose.RECALL})),
    (Language.RU, frozenset({Purpose.POSTVISIT})),
)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An update that was sent, to be sent again."""

    update_id: str
    text: str | None = None
    payload: str | None = None


@dataclass(kw_only=True)
class Person:
    """A patient: their chat, every button they were ever shown, everything they ever sent."""

    conversation_id: ConversationId
    language: Language
    payloads: list[str] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A database with a clinic, its staff and its patients, to be copied for each run."""

    file: Path
    people: tuple[tuple[ConversationId, Language], ...]
    staff: tuple[StaffMember, ...]


def begin(folder: Path) -> Beginning:
    """Set up the clinic once."""
    file = folder / "beginning.sqlite"
    world = make_world(f"sqlite:///{file}")
    people = tuple((world.add_patient(language=language, permits=yes)[1], language) for language, yes in PEOPLE)
    staff = (world.add_staff(Role.RECEPTION), world.add_staff(Role.DENTIST))
    world.house.database.close_now()
    return Beginning(file=file, people=people, staff=staff)


class Chance:
    """One run on a database of its own."""

    def __init__(self, beginning: Beginning) -> None:
        """Open the house on a copy of the beginning."""
        self._folder = TemporaryDirectory(prefix="recare-laws-")
        self._file = Path(self._folder.name) / "recare.sqlite"
        copy(beginning.file, self._file)
        self._runner = asyncio.Runner()
        self.records = Records(self._url)
        self.line = Line()
        self.world = self._open(make_world(self._url))
        self.staff = beginning.staff
        self.people = [Person(conversation_id=talk, language=language) for talk, language in beginning.people]
        self.answered = 0

    def close(self) -> None:
        """Leave nothing behind."""
        self.world.house.database.close_now()
        self.records.__exit__(None, None, None)
        self._runner.close()
        self._folder.cleanup()

    def restart(self) -> None:
        """Stop the house and start it again on the same database."""
        self.world.house.database.close_now()
        self.world = self._open(make_world(self._url, start=self.world.clock.now()))

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        """Let something happen."""
        return self._runner.run(doing)

    def read(self) -> Everything:
        """What is stored now."""
        return self.records.read()

    def buttons(self, person: Person) -> tuple[ButtonView, ...]:
        """What the person can press now; remembered as shown."""
        shown = self.run(self.world.house.patient.chat(self.world.session(person.conversation_id))).buttons
        person.payloads.extend(each.payload for each in shown if each.payload not in person.payloads)
        return shown

    def writes(self, person: Person, text: str) -> None:
        """Let the person write."""
        self.send(person, Sent(update_id=secrets.token_hex(4), text=text))

    def presses(self, person: Person, payload: str) -> None:
        """Let the person press."""
        self.send(person, Sent(update_id=secrets.token_hex(4), payload=payload))

    def all_press(self, place: int) -> None:
        """Let everybody press the button at this place at the same moment, if they have as many."""
        page = self.world.house.patient
        pressing = []
        for person in self.people:
            shown = self.buttons(person)
            if place < len(shown):
                person.sent.append(Sent(update_id=secrets.token_hex(4), payload=shown[place].payload))
                session = self.world.session(person.conversation_id)
                pressing.append(page.press(session, person.sent[-1].update_id, shown[place].payload))

        async def press() -> None:
            await asyncio.gather(*pressing)

        self.run(press())

    def send(self, person: Person, what: Sent) -> None:
        """Let an update arrive, for the first time or again."""
        session, page = self.world.session(person.conversation_id), self.world.house.patient
        if what.text is not None:
            self.run(page.write(session, what.update_id, what.text))
        if what.payload is not None:
            self.run(page.press(session, what.update_id, what.payload))
        if what not in person.sent:
            person.sent.append(what)
        self.buttons(person)

    def view(self, person: Person, staff: StaffMember) -> ConversationView:
        """The person's conversation at the desk."""
        view = self.run(self.world.house.desk.conversation(staff, person.conversation_id))
        assert view is not None
        return view

    def stored_chats(self) -> list[object]:
        """Where everybody's chat stands, as it is stored; without those in which nothing was said yet."""

        def work(uow: UnitOfWork) -> list[object]:
            now = self.world.clock.now()
            states = [uow.conversations.snapshot(person.conversation_id, now=now).state for person in self.people]
            return [state["chat"] for state in states if state is not None]

        return self.run(self.world.house.database.read(self.world.house.clinic.id, work))

    def moves_to_what_is_next(self) -> None:
        """Move the clock to the next thing that is due."""
        now = self.world.clock.now()

        def work(uow: UnitOfWork) -> list[Any]:
            return [uow.outbox.next_due(now), uow.calendar.next_end(now), now + FURTHEST]

        moments = self.run(self.world.house.database.read(self.world.house.clinic.id, work))
        self.world.clock.move_to(min(moment for moment in moments if moment is not None))

    def moves_to_the_next_evening(self) -> None:
        """Move the clock to the next half past five and a little, when messages leave."""
        now = self.world.clock.now().astimezone(self.world.house.clinic.zone)
        evening = now.replace(hour=17, minute=31)
        self.world.clock.move_to(evening if evening > now else evening + DAY)

    @property
    def _url(self) -> str:
        return f"sqlite:///{self._file}"

    def _open(self, world: World) -> World:
        world.house.delivery.channels[Channel.WEBCHAT] = self.line
        return world
