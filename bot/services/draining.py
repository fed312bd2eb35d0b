"""Lets go of what is due by some channels: many chats at once, each in its order, as fast as the messenger takes it.

Invariants: of one chat nothing overtakes what waits; a chat, or a channel, that has to wait holds up no other; what was
not begun when half of its lease is over, or when this is cut short, surely did not leave and is due again.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol

from bot.services.allowance import Allowance
from bot.services.chats import ChatQueues
from bot.services.leaving import LEASE_SECONDS
from bot.services.outcomes import Mark, Outcomes
from bot.services.sending import Sent
from flows.ids import ConversationId
from flows.vocabulary import Channel
from storage.errors import StorageError
from storage.records.outgoing import DueOutbox, Lease

GO_SECONDS = 60.0
"""After so long no more is claimed: a job ends, and the next tick goes on."""

HALF_A_LEASE = timedelta(seconds=LEASE_SECONDS / 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Messages leased together. given_up_at: when (UTC) those that were not begun are put back."""

    lease: Lease
    due: Sequence[DueOutbox]
    given_up_at: datetime


def claimed_at(now: datetime, lease: Lease, due: Sequence[DueOutbox]) -> Claim:
    """Make a claim; now: when it was made (UTC)."""
    return Claim(lease=lease, due=due, given_up_at=now + HALF_A_LEASE)


class Door(Protocol):
    """What a drain asks of the delivery."""

    async def claim(self, channels: Collection[Channel]) -> Claim:
        """Lease what has been due the longest."""
        ...

    async def let_go(self, message: DueOutbox, lease: Lease, marks: list[Mark]) -> Sent:
        """Let one message go, when its turn has come; raises StorageError where the database is out of reach."""
        ...

    async def changed(self, conversation_id: ConversationId) -> None:
        """Tell whoever looks that a conversation has changed."""
        ...

    def now(self) -> datetime:
        """Tell the time (UTC)."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """Channels that are drained together. allowance: whom they have to wait for. at_once: so many chats at a time."""

    channels: Collection[Channel]
    at_once: int
    allowance: Allowance | None = None

    def held_up(self) -> datetime | None:
        """Until when (UTC) nothing leaves by it; None if it may."""
        return None if self.allowance is None else self.allowance.held_up()


@dataclass(kw_only=True, slots=True)
class _Going:
    """How far a drain has come."""

    places: asyncio.Semaphore
    queues: ChatQueues = field(default_factory=ChatQueues)
    waiting: dict[ConversationId, datetime] = field(default_factory=dict)
    unfinished: int = 0
    few: asyncio.Event = field(default_factory=asyncio.Event)
    handed: int = 0
    failure: StorageError | None = None
    cut_short: list[Mark] = field(default_factory=list)


class Drain:
    """Drains one lane."""

    def __init__(self, lane: Lane, door: Door, outcomes: Outcomes, *, batch: int) -> None:
        """Take what is drained, and where what became of it is written down; batch: so many are claimed at once."""
        self._lane = lane
        self._door = door
        self._outcomes = outcomes
        self._batch = batch
        self._going = _Going(places=asyncio.Semaphore(lane.at_once))

    async def go(self) -> int:
        """Send what is due; tells how many messages a channel was given. Raises StorageError: the rest stays due."""
        going, until = self._going, monotonic() + GO_SECONDS
        try:
            async with asyncio.TaskGroup() as chats:
                while going.failure is None and self._lane.held_up() is None:
                    claim = await self._door.claim(self._lane.channels)
                    for messages in _by_chat(claim.due):
                        going.unfinished += len(messages)
                        chats.create_task(self._chat(deque(messages), claim))
                    if len(claim.due) < self._batch or monotonic() >= until:
                        break
                    await self._until_few()
        finally:
            await self._outcomes.write(going.cut_short)
        if going.failure is not None:
            raise going.failure
        return going.handed

    async def _until_few(self) -> None:
        """Wait until so few are left that more must be claimed for the messenger not to be kept waiting."""
        while self._going.unfinished > self._lane.at_once:
            self._going.few.clear()
            await self._going.few.wait()

    async def _chat(self, messages: deque[DueOutbox], claim: Claim) -> None:
        talk = messages[0].conversation_id
        try:
            async with self._going.queues.turn_of(talk if talk is not None else ConversationId(-messages[0].id)):
                while messages:
                    await self._one(messages, claim)
        except asyncio.CancelledError:
            self._going.cut_short += [put_off(each, claim.lease, each.not_before) for each in messages]
            raise
        except StorageError as failure:
            # Of the others those that are under way must not be cut short, for then nobody would know of them.
            self._going.failure = failure
            self._done(len(messages))

    async def _one(self, messages: deque[DueOutbox], claim: Claim) -> None:
        """Let the first of a chat's messages go, or all of them wait."""
        marks: list[Mark] = []
        talk, waited = messages[0].conversation_id, len(messages)
        try:
            async with self._going.places:
                await self._decide(messages, claim, marks)
                if self._lane.at_once == 1:
                    await self._outcomes.write(marks)
                    marks = []
        finally:
            self._done(waited - len(messages))
            await self._outcomes.write_together(marks)
        if talk is not None:
            await self._door.changed(talk)

    async def _decide(self, messages: deque[DueOutbox], claim: Claim, marks: list[Mark]) -> None:
        talk = messages[0].conversation_id
        again_at = self._must_wait(talk, claim)
        if again_at is not None:
            marks += [put_off(each, claim.lease, again_at) for each in messages]
            messages.clear()
            if talk is not None:
                # What of this chat was claimed before waits no shorter than what was put off now.
                self._going.waiting[talk] = again_at
            marks += _hold_back(talk, again_at)
            return
        sent = await self._door.let_go(messages.popleft(), claim.lease, marks)
        self._going.handed += sent.handed
        if talk is not None and sent.again_at is not None:
            self._going.waiting[talk] = sent.again_at
            marks += _hold_back(talk, sent.again_at)

    def _must_wait(self, talk: ConversationId | None, claim: Claim) -> datetime | None:
        """Until when a message has to wait (UTC); None if it may go."""
        now = self._door.now()
        is_over = self._going.failure is not None or now >= claim.given_up_at
        behind = None if talk is None else self._going.waiting.get(talk)
        # The latest of them: what waits for the channel must not come before what waits for its chat.
        return max(filter(None, (now if is_over else None, self._lane.held_up(), behind)), default=None)

    def _done(self, count: int) -> None:
        self._going.unfinished -= count
        if self._going.unfinished <= self._lane.at_once:
            self._going.few.set()


def _by_chat(due: Iterable[DueOutbox]) -> Iterator[Sequence[DueOutbox]]:
    """What goes together, the longest due first: a chat's messages; one that belongs to no chat goes alone."""
    chats: dict[tuple[ConversationId | None, int], list[DueOutbox]] = {}
    for message in due:
        alone = message.id if message.conversation_id is None else 0
        chats.setdefault((message.conversation_id, alone), []).append(message)
    yield from chats.values()


def put_off(message: DueOutbox, lease: Lease, again_at: datetime) -> Mark:
    """Mark a claimed message that did not leave: it is due again at `again_at` (UTC)."""
    return lambda uow: uow.outbox.put_off([message.id], lease.token, not_before=again_at)


def _hold_back(talk: ConversationId | None, until: datetime) -> list[Mark]:
    """Let what waits in the same chat, claimed by nobody yet, wait as long."""
    return [] if talk is None else [lambda uow: uow.outbox.hold_back(talk, until)]
