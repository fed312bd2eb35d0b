"""A house's days on a clock that leaps: from one moment at which something is due to the next.

What the ticks of a running house would find within a minute is found here at the moment itself, or at the next round of
planning; nothing else is left out.
"""

from datetime import UTC, date, datetime, time, timedelta

from bot.app import House
from bot.clocks import RehearsalClock
from flows.outreach.hours import local_day
from storage.unit_of_work import UnitOfWork

ROUNDS = (time(8), time(13), time(19))
"""When planning looks for what is due, on the clinic's clock; at weekends, when nothing leaves, at the first only."""

EVERY_DAY = ("expire_holds", "end_leases")
"""What is put in order each morning; on Mondays every job runs, those too that look through all there is."""

MONDAY, SATURDAY = 0, 5

MOST_AT_ONCE = 500
"""So many batches may leave at one moment; more would be a message that is put back for ever."""

PLAN, DELIVER = "plan", "deliver"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Days:
    """Leads a house through its days."""

    def __init__(self, house: House, clock: RehearsalClock) -> None:
        """Take the house and the clock it looks at."""
        self._house = house
        self._clock = clock

    def rounds(self) -> list[datetime]:
        """The rounds of planning that are still ahead today (UTC)."""
        now = self._clock.now()
        rounds = ROUNDS if self._weekday() < SATURDAY else ROUNDS[:1]
        return [at for wall in rounds if (at := self.at(wall)) >= now]

    def at(self, wall: time) -> datetime:
        """A time of today's, on the clinic's clock, in UTC."""
        return self.on(local_day(self._clock.now(), self._house.clinic.zone), wall)

    def on(self, day: date, wall: time) -> datetime:
        """A time of a day's, on the clinic's clock, in UTC."""
        return datetime.combine(day, wall, tzinfo=self._house.clinic.zone).astimezone(UTC)

    def tomorrow(self) -> datetime:
        """When tomorrow begins, in UTC."""
        return self.on(local_day(self._clock.now(), self._house.clinic.zone) + timedelta(days=1), time())

    async def plan(self) -> None:
        """Look for what is due, and in the morning put the house in order."""
        is_morning = self._clock.now() < self.at(ROUNDS[1])
        if is_morning and self._weekday() == MONDAY:
            await self._house.ticks.run_all()
        else:
            for job in (*EVERY_DAY, PLAN) if is_morning else (PLAN,):
                await self._house.ticks.run(job)
        await self.deliver()

    async def deliver(self) -> None:
        """Let everything leave that is due at this moment."""
        for _ in range(MOST_AT_ONCE):
            if not await self._is_due():
                return
            await self._house.ticks.run(DELIVER)

    async def next_due(self) -> datetime | None:
        """Tell when the next message is to leave (UTC)."""

        def work(uow: UnitOfWork) -> datetime | None:
            return uow.outbox.next_due(self._clock.now())

        return await self._house.database.read(self._house.clinic.id, work)

    def _weekday(self) -> int:
        return local_day(self._clock.now(), self._house.clinic.zone).weekday()

    async def _is_due(self) -> bool:
        """Whether a message waits whose moment has come."""

        def work(uow: UnitOfWork) -> bool:
            first = uow.outbox.next_due(LONG_AGO)
            return first is not None and first <= self._clock.now()

        return await self._house.database.read(self._house.clinic.id, work)

    def to_tomorrow(self) -> None:
        """Move the clock to the beginning of tomorrow."""
        self._clock.move_to(self.tomorrow())
