"""Lets answers leave behind what waits in their chat, and never before it.

Invariant: where something of a chat may wait, the database is asked what does; it leaves first, before its time where
nobody asked to wait, and what cannot leave keeps back all that was decided after it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.leaving import Leaving, new_lease, ready
from bot.services.outcomes import Mark
from bot.services.ports import Clock
from bot.services.sending import Sending, Sent
from bot.services.waiting import LOOKED_AHEAD, Waiting
from flows.ids import ConversationId, OutboxId
from storage.database import Database
from storage.errors import StorageError
from storage.records.outgoing import Lease
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

MOST_OF_A_CHAT = 200
"""So much of what waits in a chat leaves before an answer; the answer waits for the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What waits in a chat. leaving: may leave now. taken: what was claimed. rest: of all else, until when (UTC)."""

    leaving: Sequence[Leaving]
    taken: frozenset[OutboxId]
    rest: Mapping[OutboxId, datetime]


class KeepingOrder:
    """Sends answers of one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, sending: Sending, waiting: Waiting) -> None:
        """Take what sends, and what knows where something waits."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._sending = sending
        self._waiting = waiting

    async def look_around(self) -> None:
        """Find out what waits anywhere, for it may have been put off before this process began, or by another."""
        now = self._clock.now()
        try:
            waits = await self._database.read(self._clinic.id, lambda uow: uow.outbox.waiting_until(now + LOOKED_AHEAD))
        except StorageError as failure:
            log.warning("what waits is not known", extra={"kind": type(failure).__name__})
            return
        self._waiting.learn(waits, now)

    async def send(self, messages: Sequence[Leaving], marks: list[Mark]) -> None:
        """Send answers of one conversation whose queue is the caller's, and what waits there before them."""
        talk = messages[0].conversation_id if messages else None
        before = Sent()
        if talk is not None and self._waiting.is_in(talk):
            before = await self._send_what_waits(talk, messages[0], marks)
        await self._sending.send(messages, marks, before)

    async def _send_what_waits(self, talk: ConversationId, first: Leaving, marks: list[Mark]) -> Sent:
        """Send what waits in a chat; tells what the first of its answers must not overtake."""
        now = self._clock.now()
        held_up = self._sending.allowance(first.channel).held_up(first.address or "")
        try:
            found = await self._find(talk, new_lease(now), held_up)
        except StorageError as failure:
            log.warning("what was put off waits on", extra={"kind": type(failure).__name__})
            return Sent()
        sent = await self._sending.send(found.leaving, marks, Sent())
        if not found.rest:
            return sent
        return Sent(again_at=max(filter(None, (now, held_up, sent.again_at, *found.rest.values()))))

    async def _find(self, talk: ConversationId, lease: Lease, held_up: datetime | None) -> _Found:
        known, claimed = self._waiting.known(talk), self._waiting.claimed(talk)

        def work(uow: UnitOfWork) -> _Found:
            due = []
            if held_up is None:
                due = uow.outbox.claim_of_talk(talk, lease, limit=MOST_OF_A_CHAT, held=claimed)
            taken = frozenset(message.id for message in due)
            rest = uow.outbox.waiting_in_talk(talk, known - taken)
            looked_at = [ready(uow, message, lease) for message in due]
            return _Found(leaving=[each for each in looked_at if each is not None], taken=taken, rest=rest)

        found = await self._database.write(self._clinic.id, work)
        # Also of what was taken: it is put off anew if it does not leave.
        self._waiting.forget(talk, known | found.taken, but=found.rest)
        return found
