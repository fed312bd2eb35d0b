"""Keeps the house in order as time passes: expired holds, ended leases of chats, the log of jobs, health."""

from collections.abc import Mapping
from datetime import timedelta

from bot.services.clinic import Clinic
from bot.services.desk_report import standing_of
from bot.services.last_words import only_closes
from bot.services.news import News
from bot.services.ports import Clock
from bot.services.tickets import ask_staff
from flows.vocabulary import TicketReason
from storage.database import Database
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import JobOutcome

LONGEST_JOB = 64
"""The column's length; PostgreSQL refuses a longer name, and then the failure would go unrecorded."""

DELIVERED_AGAIN = timedelta(days=30)
"""So long an update may come a second time: a messenger gives up after a day, a page left open may be weeks late."""


class Keeping:
    """Housekeeping of one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, news: News) -> None:
        """Take the database to keep in order."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._news = news

    async def expire_holds(self) -> int:
        """Give back times that were kept long enough; tells how many."""

        def work(uow: UnitOfWork) -> int:
            expired = uow.calendar.expire_holds(self._clock.now())
            uow.commit()
            return expired

        return await self._database.write(self._clinic.id, work)

    async def end_leases(self) -> int:
        """Give chats back to the bot whose member of staff left them; their tickets are open again. Tells how many.

        What a patient said there last, and no ticket asks anybody to look at, is asked of everybody, unless it is
        nothing but thanks or a goodbye.
        """

        def work(uow: UnitOfWork) -> tuple[int, ...]:
            now = self._clock.now()
            ended = uow.conversations.end_leases(now)
            uow.tickets.release_all(ended)
            for conversation_id in uow.conversations.left_unanswered(ended):
                if not only_closes(uow, conversation_id):
                    ask_staff(uow, conversation_id, TicketReason.QUESTION, self._clinic, now)
            uow.commit()
            return tuple(ended)

        ended = await self._database.write(self._clinic.id, work)
        if ended:
            await self._news.changed(*ended)
        return len(ended)

    async def sweep_passes(self) -> int:
        """Forget links and sessions that have expired; tells how many."""

        def work(uow: UnitOfWork) -> int:
            gone = uow.passes.sweep(now=self._clock.now())
            uow.commit()
            return gone

        return await self._database.write(self._clinic.id, work)

    async def forget_updates(self) -> int:
        """Forget the ids of updates that nobody delivers again; tells how many."""

        def work(uow: UnitOfWork) -> int:
            gone = uow.updates.forget_claims(before=self._clock.now() - DELIVERED_AGAIN)
            uow.commit()
            return gone

        return await self._database.write(self._clinic.id, work)

    async def ran(self, job: str, *, count: int) -> None:
        """Record a run that did something."""
        await self._record(job, JobOutcome.DONE, count)

    async def failed(self, job: str, *, kind: str) -> None:
        """Record a run that failed, by the kind of error only."""
        await self._record(f"{job}:{kind}"[:LONGEST_JOB], JobOutcome.FAILED, 0)

    async def health(self) -> Mapping[str, object]:
        """Tell whether the database answers, whether sending is stopped, and how the staff's group stands.

        Not why: anybody may ask.
        """
        try:
            stored, group = await self._database.read(
                self._clinic.id, lambda uow: (uow.clinics.get(), uow.desk_groups.get())
            )
        except StorageError as wrong:
            return {"status": "failing", "database": type(wrong).__name__}
        told = {
            "status": "ok",
            "clinic": self._clinic.settings.clinic.name,
            "mode": self._clinic.mode.value,
            "sending": "on" if stored.sending_stopped is None else "stopped",
        }
        # Staff have the web desk whatever becomes of their group, so its problem fails nothing.
        return told if group is None else told | {"desk_group": standing_of(group)}

    async def _record(self, job: str, outcome: JobOutcome, count: int) -> None:
        def work(uow: UnitOfWork) -> None:
            now = self._clock.now()
            uow.jobs.finished(uow.jobs.started(job, now=now), outcome, count=count, now=now)
            uow.commit()

        await self._database.write(self._clinic.id, work)
