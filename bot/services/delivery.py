"""Brings the outbox to the patients: replies right after their commit, everything else at the next tick.

Invariants: a row is sent only under a lease; a proactive one only after the gate said yes in the transaction that
worded it; what may have arrived is marked unknown and never repeated by itself; while staff own a chat the bot's own
words stay in.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.leaving import LEASE_SECONDS, Leaving, claimed, new_lease
from bot.services.live import DESK, Live, chat_topic
from bot.services.ports import (
    AddressClosedError,
    ChannelError,
    Channels,
    Clock,
    NotSentError,
    OutcomeUnknownError,
    RefusedError,
)
from bot.services.proactive import Departures
from bot.services.tickets import due_at
from flows.ids import ConversationId
from flows.vocabulary import Owner, Reach, TicketReason, Urgency
from storage.database import Database
from storage.records.outgoing import DueOutbox
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

log = logging.getLogger(__name__)

SEND_SECONDS = 20.0
BATCH = 50
MOST_ATTEMPTS = 8

Mark = Callable[[UnitOfWork], object]


class Delivery:
    """Sends what the outbox holds."""

    def __init__(
        self,
        *,
        database: Database,
        clinic: Clinic,
        clock: Clock,
        channels: Channels,
        departures: Departures,
        queues: ChatQueues,
        live: Live,
    ) -> None:
        """Take the channels and what prepares proactive messages."""
        self.database = database
        self._clinic = clinic
        self.clock = clock
        self.channels = dict(channels)
        self._departures = departures
        self._queues = queues
        self.live = live

    async def send(self, messages: Sequence[Leaving]) -> None:
        """Send messages leased to this process, in order, and write down at once what became of each."""
        marks = [await self._send_one(message) for message in messages]
        if marks:
            await self._mark(*marks)

    async def send_due(self) -> int:
        """Send what is due: what a crash left behind, what waited for its time, what is proactive. Tells how many."""
        await self._recover()
        now = self.clock.now()
        lease = new_lease(now)

        def claim(uow: UnitOfWork) -> list[DueOutbox]:
            found = uow.outbox.claim_due(now, BATCH, lease.token, LEASE_SECONDS)
            uow.commit()
            return found

        due = await self.database.write(self._clinic.id, claim)
        for message in due:
            async with AsyncExitStack() as stack:
                if message.conversation_id is not None:
                    await stack.enter_async_context(self._queues.turn_of(message.conversation_id))
                await self._let_go(message, lease.token)
            if message.conversation_id is not None:
                self.live.signal(DESK, chat_topic(message.conversation_id))
        return len(due)

    async def _let_go(self, due: DueOutbox, token: str) -> None:
        if due.kind is not OutboxKind.PROACTIVE and _must_stay(due):
            await self._mark(lambda uow: uow.outbox.refuse([due.id], token, reason="staff_owns"))
        elif due.kind is OutboxKind.PROACTIVE:
            ready = await self._departures.prepare(due, token)
            await self.send([ready] if ready is not None else [])
        elif due.body is not None:
            await self.send([claimed(due, token, due.body)])
        else:
            await self._mark(lambda uow: uow.outbox.mark_failed([due.id], token, reason="erased"))

    async def _recover(self) -> None:
        repeatable = frozenset(name for name, channel in self.channels.items() if channel.capabilities.repeatable)

        def work(uow: UnitOfWork) -> None:
            recovered = uow.outbox.recover_expired_leases(self.clock.now(), repeatable=repeatable)
            for lost in recovered.unknown:
                self._ask_staff(uow, lost.conversation_id)
            if recovered.put_back or recovered.unknown:
                uow.commit()

        await self.database.write(self._clinic.id, work)

    async def _mark(self, *marks: Mark) -> None:
        def work(uow: UnitOfWork) -> None:
            for mark in marks:
                mark(uow)
            uow.commit()

        await self.database.write(self._clinic.id, work)

    async def _send_one(self, message: Leaving) -> Mark:
        channel = self.channels.get(message.channel)
        if channel is None or message.address is None:
            return _failed(message, "no_channel")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                external_id = await channel.send(message.address, message.outgoing())
        except NotSentError as failure:
            return self._again(message, failure)
        except AddressClosedError:
            return _failed(message, "address_closed")
        except RefusedError:
            return _failed(message, "refused_by_channel")
        except (OutcomeUnknownError, TimeoutError):
            return self._unknown(message, "no_answer")
        except ChannelError:
            return self._unknown(message, "channel_error")
        except Exception as unforeseen:
            # The boundary of delivery: whatever an adapter did not foresee may have happened after the sending.
            log.exception("a channel failed", extra={"channel": message.channel.value})
            return self._unknown(message, type(unforeseen).__name__)
        now = self.clock.now()
        return lambda uow: uow.outbox.mark_sent({message.id: external_id}, message.token, now)

    def _again(self, message: Leaving, failure: NotSentError) -> Mark:
        if message.attempts >= MOST_ATTEMPTS:
            return _failed(message, "too_many_attempts")
        not_before = self.clock.now() + failure.wait
        return lambda uow: uow.outbox.retry([message.id], message.token, not_before=not_before, reason="not_sent")

    def _unknown(self, message: Leaving, reason: str) -> Mark:
        now = self.clock.now()

        def mark(uow: UnitOfWork) -> None:
            if uow.outbox.mark_unknown([message.id], message.token, now, reason=reason):
                self._ask_staff(uow, message.conversation_id)

        return mark

    def _ask_staff(self, uow: UnitOfWork, conversation_id: ConversationId | None) -> None:
        """Let staff find out whether a message arrived."""
        if conversation_id is not None:
            now = self.clock.now()
            uow.tickets.open(
                conversation_id,
                reason=TicketReason.UNKNOWN_DELIVERY,
                urgency=Urgency.TODAY,
                due_at=due_at(Urgency.TODAY, now, self._clinic),
                now=now,
            )


def _failed(message: Leaving, reason: str) -> Mark:
    return lambda uow: uow.outbox.mark_failed([message.id], message.token, reason=reason)


def _must_stay(due: DueOutbox) -> bool:
    """Whether the bot's own words must stay in because staff own the chat."""
    return due.owner is Owner.STAFF and due.kind is not OutboxKind.STAFF and due.reach is not Reach.ALWAYS
