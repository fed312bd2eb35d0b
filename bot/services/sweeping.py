"""Forgets strangers: whoever never said who they are, or nobody recognised, is erased 30 days after their last word.

Whoever writes again from the same account is somebody new.
"""

from datetime import timedelta

from bot.services.clinic import Clinic
from bot.services.news import News
from bot.services.ports import Clock
from flows.ids import ConversationId
from storage.database import Database
from storage.unit_of_work import UnitOfWork

KEPT = timedelta(days=30)
BATCH = 100
"""So many a transaction: nobody who writes meanwhile waits long."""


class Sweeping:
    """Sweeps one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, news: News) -> None:
        """Take the database to sweep."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._news = news

    async def sweep_strangers(self) -> int:
        """Erase strangers who have been silent long enough; tells how many."""
        swept = 0
        while talks := await self._database.write(self._clinic.id, self._sweep):
            swept += len(talks)
            await self._news.changed(*talks)
        return swept

    def _sweep(self, uow: UnitOfWork) -> tuple[ConversationId, ...]:
        now = self._clock.now()
        swept: list[ConversationId] = []
        for patient_id in uow.placeholders.silent(before=now - KEPT, limit=BATCH):
            for talk in uow.conversations.of_patient(patient_id):
                uow.conversations.lock(talk)
                uow.accounts.forget(talk)
                uow.tickets.close_all(talk, now=now)
                swept.append(talk)
            uow.placeholders.erase(patient_id, now=now)
        uow.commit()
        return tuple(swept)
