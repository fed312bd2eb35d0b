"""How fast messages leave by one channel: just under what its messenger takes, slower once it asked to wait.

Invariants: no second sees more leave than the pace allows; what answers somebody goes before what leaves by itself; a
chat that has to wait holds up no other. The rates are the channel's (`Pace`); what a messenger really takes is learnt
from what it refuses.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from time import monotonic

from bot.services.ports import Busy, Clock, Pace

SLOWED_TO = 0.9
"""By so much a channel slows down when its messenger asks it to wait; it comes back as messages are taken."""

REGAINED = 0.001
SLOWEST = 0.1
"""Parts of the full rate: what each taken message gives back, and what is always left."""

LATE_AT_MOST = 0.005
"""Seconds: a timer comes a little late, and what was missed by it is made up for, no more."""

WATCHED_SECONDS = 60.0
"""For so long a chat that had to wait keeps its distance in answers, too."""

MOST_CHATS = 5_000
"""So many chats are remembered before those that may be forgotten are."""


class Rank(StrEnum):
    """What goes first: an answer to what somebody just did, before what leaves by itself."""

    ANSWER = "answer"
    BY_ITSELF = "by_itself"


class HeldUpError(Exception):
    """The messenger asked to wait: nothing may leave before `until` (UTC)."""

    def __init__(self, until: datetime) -> None:
        """Say until when."""
        super().__init__("held up")
        self.until = until


class Allowance:
    """Lets messages of one channel leave in turn."""

    def __init__(self, pace: Pace | None, clock: Clock, seconds: Callable[[], float] = monotonic) -> None:
        """Keep to a pace, None for none. seconds: a clock that only ever runs, for distances between messages."""
        self.pace = pace
        self._clock = clock
        self._seconds = seconds
        self._rate = pace.per_second if pace else 0.0
        self._left: deque[float] = deque(maxlen=max(1, ceil(self._rate)))
        self._next = 0.0
        self._line = asyncio.Lock()
        self._doors = {rank: asyncio.Lock() for rank in Rank}
        self._chats: dict[str, float] = {}
        self._watched: dict[str, float] = {}
        self._busy_chats: dict[str, datetime] = {}
        self._busy_until: datetime | None = None

    def held_up(self, chat: str | None = None) -> datetime | None:
        """Until when (UTC) the channel, or else this chat of it, was asked to wait; None if neither has to."""
        if self._busy_until is not None and self._clock.now() < self._busy_until:
            return self._busy_until
        until = self._busy_chats.get(chat) if chat is not None else None
        return until if until is not None and self._clock.now() < until else None

    async def turn(self, chat: str) -> None:
        """Wait for the turn of a message that leaves by itself, before it is made ready; turns come evenly.

        Raises HeldUpError: the messenger asked to wait.
        """
        self._refuse_if_held_up(chat)
        if self.pace is None:
            return
        await asyncio.sleep(max(0.0, self._chats.get(chat, 0.0) - self._seconds()))
        async with self._line:
            await asyncio.sleep(max(0.0, self._next - self._seconds()))
            self._next = max(self._next, self._seconds() - LATE_AT_MOST) + 1 / self._rate

    def unused(self) -> None:
        """Say that the message whose turn it was did not leave after all."""
        if self.pace is not None:
            self._next -= 1 / self._rate

    async def leave(self, chat: str, rank: Rank) -> None:
        """Wait until a message may be handed over this very moment; it counts as left.

        An answer keeps no distance from the one before it in its chat: messengers let through a few at once, and who
        writes sets the pace.

        Raises HeldUpError: the messenger asked to wait.
        """
        self._refuse_if_held_up(chat)
        if self.pace is None:
            return
        if rank is Rank.ANSWER and self._is_watched(chat):
            await asyncio.sleep(max(0.0, self._chats.get(chat, 0.0) - self._seconds()))
        async with self._doors[rank]:
            while (wait := self._free_in(rank)) > 0:
                await asyncio.sleep(wait)
                self._refuse_if_held_up(chat)
            now = self._seconds()
            self._left.append(now)
        self._forget_chats()
        self._chats[chat] = now + self.pace.chat_seconds

    def taken(self) -> None:
        """Say that the messenger took a message."""
        if self.pace is not None:
            self._rate = min(self.pace.per_second, self._rate + REGAINED * self.pace.per_second)

    def refused(self, chat: str, busy: Busy, wait: timedelta) -> datetime:
        """Say that the messenger asked to wait; returns until when (UTC) nothing goes to whom it meant."""
        until = self._clock.now() + wait
        if busy is Busy.CHAT:
            self._forget_chats()
            self._watched[chat] = self._seconds() + WATCHED_SECONDS
            self._busy_chats[chat] = max(until, self._busy_chats.get(chat, until))
            return self._busy_chats[chat]
        if self.held_up() is None and self.pace is not None:
            # Those that were under way together are refused together, and have slowed it down once.
            self._rate = max(SLOWEST * self.pace.per_second, SLOWED_TO * self._rate)
        self._busy_until = until if self._busy_until is None else max(until, self._busy_until)
        return self._busy_until

    def _refuse_if_held_up(self, chat: str) -> None:
        if (until := self.held_up(chat)) is not None:
            raise HeldUpError(until)

    def _is_watched(self, chat: str) -> bool:
        return self._seconds() < self._watched.get(chat, 0.0)

    def _free_in(self, rank: Rank) -> float:
        """Seconds until the next message of this rank may leave."""
        # Rounded up, so many take a second or longer: within one, not even a burst after a standstill comes twice.
        now, together = self._seconds(), max(1, ceil(self._rate))
        free_at = self._left[-together] + together / self._rate if len(self._left) >= together else now
        if rank is Rank.BY_ITSELF and self._doors[Rank.ANSWER].locked():
            free_at = max(free_at, now) + 1 / self._rate
        return free_at - now

    def _forget_chats(self) -> None:
        if len(self._chats) + len(self._busy_chats) < MOST_CHATS:
            return
        now, moment = self._seconds(), self._clock.now()
        self._chats = {chat: at for chat, at in self._chats.items() if at > now}
        self._watched = {chat: at for chat, at in self._watched.items() if at > now}
        self._busy_chats = {chat: until for chat, until in self._busy_chats.items() if until > moment}
