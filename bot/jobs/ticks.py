"""The ticks of the house, on APScheduler: how often the services look for due work.

A tick is safe to miss and safe to run twice: due work is found by a query on `now`, so a stall, a day of downtime or a
jump of the clock loses nothing. A failing job is recorded and tried again at its next tick; it never stops the others.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

LONGEST_JOB_SECONDS = 300.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A named piece of due work. `work` tells how many things it did; `every_seconds` is how often to look."""

    name: str
    every_seconds: float
    work: Callable[[], Awaitable[int]]


class JobLog(Protocol):
    """Where runs are recorded."""

    async def ran(self, job: str, *, count: int) -> None:
        """Record a run that did something."""
        ...

    async def failed(self, job: str, *, kind: str) -> None:
        """Record a run that failed, by the kind of error only."""
        ...


class Ticks:
    """Runs jobs in turn: one run of a job at a time, jobs side by side."""

    def __init__(self, jobs: tuple[Job, ...], job_log: JobLog) -> None:
        """Take the jobs; nothing runs before `start`."""
        self._jobs = {job.name: job for job in jobs}
        self._running = {job.name: asyncio.Lock() for job in jobs}
        self._job_log = job_log
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin ticking on the running event loop."""
        for job in self._jobs.values():
            self._scheduler.add_job(
                self.run,
                "interval",
                args=[job.name],
                seconds=job.every_seconds,
                id=job.name,
                # The library drops a run that is a second late; ours may always be late, and late runs become one.
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Stop ticking and wait for what is running."""
        if self._scheduler.running:
            self._scheduler.pause()
            for lock in self._running.values():
                async with lock:
                    pass
            self._scheduler.shutdown(wait=False)

    async def run_all(self) -> int:
        """Run each job once, in order, now; tell how many things they did."""
        return sum([await self.run(name) for name in self._jobs])

    async def run(self, name: str) -> int:
        """Run one job now; a failure is recorded, logged by its kind, and counts as nothing done."""
        job = self._jobs[name]
        async with self._running[name]:
            try:
                async with asyncio.timeout(LONGEST_JOB_SECONDS):
                    count = await job.work()
            except Exception as failure:
                log.exception("job failed", extra={"job": name, "kind": type(failure).__name__})
                await self._write_down(self._job_log.failed(name, kind=type(failure).__name__))
                return 0
        if count:
            await self._write_down(self._job_log.ran(name, count=count))
        return count

    async def _write_down(self, writing: Awaitable[None]) -> None:
        try:
            await writing
        except Exception as failure:
            # The boundary of a job: where the database is out of reach, neither the run nor the next one is lost.
            log.exception("a run was not recorded", extra={"kind": type(failure).__name__})
