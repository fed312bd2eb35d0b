"""Fetches one bot's updates by long poll and hands them to its chats.

Invariants: the messenger is told that it may forget an update only once that is taken in; a chat in trouble keeps back
no other: what comes behind it is fetched again and again, and handled once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from bot.intake.lanes import Lanes
from bot.intake.pauses import Pauses
from bot.intake.ways_in import WayIn
from bot.services.acceptance import Acceptance, TakingIn, external_id_of, update_id_of
from bot.services.intake_ports import RawUpdate

POLL_SECONDS = 25
LOOK_AGAIN_SECONDS = 0.5
"""While a chat is in trouble, so long passes between two looks at what came in behind it."""

LONGEST_TROUBLE_SECONDS = 5.0
GOODBYE_SECONDS = 5.0
"""So long what is under way may still take when the house ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fetched:
    """An update as it was fetched; number: the messenger's, None if it has none."""

    key: str
    number: int | None
    raw: RawUpdate


class Poller:
    """Fetches for one bot, for ever; what is under way lives in the caller's group of tasks."""

    def __init__(self, way_in: WayIn, taking_in: TakingIn, *, fetched: Callable[[], Awaitable[object]]) -> None:
        """Take the bot; fetched: called each time the messenger has answered."""
        self._way_in = way_in
        self._taking_in = taking_in
        self._fetched = fetched
        self._lanes = Lanes()
        self._offset: int | None = None
        self._has_fetched = False
        self._under_way: set[str] = set()
        self._taken: set[str] = set()
        self._finished = asyncio.Event()

    async def fetch(self, chats: asyncio.TaskGroup) -> None:
        """Fetch once and let the chats have what is new. Raises IntakeError."""
        try:
            await self._fetch(chats)
        except asyncio.CancelledError:
            # The house ends. Cut short now, an update whose effect is kept would not have its answer.
            await self._until_done(GOODBYE_SECONDS)
            raise

    async def _fetch(self, chats: asyncio.TaskGroup) -> None:
        # The first answer tells at once that somebody is there; while a chat is in trouble others may have come.
        seconds = POLL_SECONDS if self._has_fetched and not self._under_way else 0
        updates = self._read(await self._way_in.bot.fetch(self._offset, seconds))
        self._has_fetched = True
        await self._fetched()
        # What is not brought any more was confirmed; it may be forgotten here, too.
        self._taken &= {update.key for update in updates}
        new = [update for update in updates if update.key not in self._under_way | self._taken]
        for update in new:
            self._under_way.add(update.key)
            chats.create_task(self._take(update))
        if updates:
            await self._until_taken(at_least=LOOK_AGAIN_SECONDS if not new else 0.0)
        self._offset = self._confirmed(updates)

    def _read(self, raws: Sequence[RawUpdate]) -> list[_Fetched]:
        """The updates in the order of their numbers, in which they happened, whatever order they came in."""
        account = self._way_in.account
        found = [_Fetched(key=external_id_of(account, raw), number=update_id_of(raw), raw=raw) for raw in raws]
        return sorted(found, key=lambda update: update.number or 0)

    async def _until_taken(self, *, at_least: float) -> None:
        """Wait until everything is taken in, but for a chat in trouble no longer than until the next look."""
        await asyncio.sleep(at_least)
        await self._until_done(LOOK_AGAIN_SECONDS)

    async def _until_done(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while self._under_way:
                    self._finished.clear()
                    await self._finished.wait()
        except TimeoutError:
            return

    def _confirmed(self, updates: Collection[_Fetched]) -> int | None:
        """From which number on to fetch next: all before it are taken in.

        None once there is nothing to confirm: after a week without updates their numbers begin anew, anywhere
        (core.telegram.org/bots/api#update).
        """
        numbers = [update.number for update in updates if update.number is not None]
        waiting = [each.number for each in updates if each.number is not None and each.key in self._under_way]
        return min(waiting) if waiting else max(numbers) + 1 if numbers else None

    async def _take(self, update: _Fetched) -> None:
        pauses = Pauses(longest=LONGEST_TROUBLE_SECONDS)
        bot, account = self._way_in.bot, self._way_in.account
        async with self._lanes.in_line(bot.lane(update.raw)):
            while True:
                async with self._lanes.at_work():
                    taken = await self._taking_in.take(bot, account, update.raw)
                if taken is not Acceptance.LATER:
                    break
                await asyncio.sleep(pauses.next())
        self._under_way.discard(update.key)
        self._taken.add(update.key)
        self._finished.set()
