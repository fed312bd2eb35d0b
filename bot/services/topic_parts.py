"""What the parts of the desk in a forum group share: where things are stored and shown, and whose account one is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.services.clinic import Clinic
from bot.services.ports import Clock
from bot.services.topic_ports import Board
from bot.services.views import StaffMember
from bot.wording import PageWords
from bot.wording.page_text import PageText
from flows.vocabulary import Language
from storage.database import Database
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicParts:
    """What topics are made of."""

    database: Database
    clinic: Clinic
    clock: Clock
    board: Board
    words: PageWords

    @property
    def now(self) -> datetime:
        """What time it is (UTC)."""
        return self.clock.now()

    def page(self, language: Language | None = None) -> PageText:
        """The page texts in a language; None: in the clinic's, which its staff share."""
        return self.words.page(self.clinic.language_of(language), self.now)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Read something, in one transaction."""
        return await self.database.read(self.clinic.id, work)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Change something, in one transaction that is kept."""

        def kept(uow: UnitOfWork) -> T:
            done = work(uow)
            uow.commit()
            return done

        return await self.database.write(self.clinic.id, kept)

    def member(self, uow: UnitOfWork, user_id: int) -> StaffMember | None:
        """Who of the active staff an account belongs to; user_id: the messenger's."""
        staff_id = uow.staff_accounts.whose(user_id)
        if staff_id is None:
            return None
        known = uow.staff.get(staff_id)
        language: Language = self.clinic.settings.clinic.language
        return StaffMember(staff_id=known.id, name=known.name, role=known.role, language=language)
