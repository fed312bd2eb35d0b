"""Brings the outbox to the patients: replies right after their commit, everything else at the next tick.

Invariants: whether a message may leave is asked again right before it does, under a lease; while staff own a chat the
bot's own words stay in; one message in trouble stops no other, and what waits is overtaken by nothing of its chat.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from datetime import datetime

from bot.services.allowance import HeldUpError, Rank
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.draining import Claim, Drain, Lane, claimed_at, put_off
from bot.services.keeping_order import KeepingOrder
from bot.services.leaving import LEASE_SECONDS, Leaving, new_lease, ready, renewed
from bot.services.news import News
from bot.services.nursery import Nursery
from bot.services.outcomes import OUT_OF_REACH, Mark, Outcomes
from bot.services.ports import Channels, Clock
from bot.services.proactive import Departures
from bot.services.proof_mail import PROOF_MAIL, ProofMailing
from bot.services.sending import Sending, Sent
from bot.services.tickets import ask_staff
from bot.services.waiting import Waiting
from flows.ids import ConversationId
from flows.vocabulary import Channel, TicketReason
from storage.database import Database
from storage.records.outgoing import DueOutbox, Lease
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

log = logging.getLogger(__name__)

BATCH = 200
AT_ONCE = 32
"""So many chats of a channel are written to at a time; where it has no pace, one: it is in this house, or one postbox.
"""


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
        proofs: ProofMailing,
        queues: ChatQueues,
        news: News,
    ) -> None:
        """Take the channels, and what prepares proactive messages and proofs of mailboxes."""
        self.database = database
        self._clinic = clinic
        self.clock = clock
        self.channels = dict(channels)
        self._departures = departures
        self._proofs = proofs
        self._queues = queues
        self.news = news
        self._waiting = Waiting()
        self._sending = Sending(
            database=database, clinic=clinic, clock=clock, channels=self.channels, waiting=self._waiting
        )
        self._order = KeepingOrder(
            database=database, clinic=clinic, clock=clock, sending=self._sending, waiting=self._waiting
        )
        self._outcomes = Outcomes(database=database, clinic=clinic)
        self._nursery = Nursery()

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Let replies leave by themselves (`send_on`) until the block ends; it waits for those under way."""
        await self._order.look_around()
        async with self._nursery:
            yield

    async def send(self, messages: Sequence[Leaving]) -> None:
        """Send messages of one conversation that are leased to this process, in order; its queue is the caller's."""
        marks: list[Mark] = []
        try:
            await self._order.send(messages, marks)
        finally:
            # Also when this is cut short: what is known of the messages before must not become unknown.
            await self._outcomes.write(marks)

    async def send_on(self, talk: ConversationId, messages: Sequence[Leaving], turn: ExitStack) -> None:
        """Send what a turn left, while its caller goes on.

        `turn` is the chat's own queue, which the caller leaves to the messages: it is given up when they have left, so
        that nothing of the chat comes in between. Outside of `going_on` the caller waits for all of it.
        """
        if messages and self._nursery.is_open:
            await self._nursery.start_ahead(self._send_by_itself(talk, messages, turn))
            return
        with turn:
            await self.send(messages)
        await self.news.changed(talk)

    async def _send_by_itself(self, talk: ConversationId, messages: Sequence[Leaving], turn: ExitStack) -> None:
        marks: list[Mark] = []
        try:
            with turn:
                await self._order.send(messages, marks)
                await self._write_what_waits(talk, marks)
        finally:
            await self._outcomes.write_together(marks)
        await self.news.changed(talk)

    async def send_due(self) -> int:
        """Send what is due: what a crash left behind, what waited for its time, what is proactive.

        Tells how many messages a channel was given.
        """
        await self._recover()
        await self._order.look_around()
        drains = [Drain(lane, self, self._outcomes, batch=BATCH) for lane in self._lanes()]
        done = await asyncio.gather(*(drain.go() for drain in drains), return_exceptions=True)
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure
        return sum(handed for handed in done if isinstance(handed, int))

    async def claim(self, channels: Collection[Channel]) -> Claim:
        """Lease what has been due the longest by these channels."""
        now = self.clock.now()
        lease = new_lease(now)

        def work(uow: UnitOfWork) -> list[DueOutbox]:
            found = uow.outbox.claim_due(now, BATCH, lease.token, LEASE_SECONDS, channels=channels)
            uow.commit()
            return found

        due = await self.database.write(self._clinic.id, work)
        self._waiting.claim(due, lease, now)
        return claimed_at(now, lease, due)

    async def let_go(self, message: DueOutbox, lease: Lease, marks: list[Mark]) -> Sent:
        """Let a claimed message go if it still may, when its turn in the channel has come.

        Raises StorageError: the database is out of reach, and it did not leave.
        """
        allowance = self._sending.allowance(message.channel)
        try:
            await allowance.turn(message.address or "")
        except HeldUpError as held_up:
            marks.append(put_off(message, lease, held_up.until))
            return Sent(again_at=held_up.until)
        except asyncio.CancelledError:
            marks.append(put_off(message, lease, self.clock.now()))
            raise
        async with AsyncExitStack() as stack:
            if message.conversation_id is not None:
                await stack.enter_async_context(self._queues.turn_of(message.conversation_id))
            self._waiting.begin(message)
            leaving = await self._try_to_make_ready(message, lease)
            if leaving is not None:
                sent = await self._sending.send_one(leaving, Sent(), marks, Rank.BY_ITSELF)
                if sent.again_at is not None:
                    await self._write_what_waits(message.conversation_id, marks)
                return sent
        # It may not leave, or an answer took it along.
        self._waiting.over(message.conversation_id, message.id)
        allowance.unused()
        return Sent()

    async def changed(self, conversation_id: ConversationId) -> None:
        """Tell whoever looks that a conversation has changed."""
        await self.news.changed(conversation_id)

    def now(self) -> datetime:
        """Tell the time (UTC)."""
        return self.clock.now()

    def _lanes(self) -> Iterator[Lane]:
        paced = {name for name, channel in self.channels.items() if channel.capabilities.pace is not None}
        yield Lane(channels=[name for name in Channel if name not in paced], at_once=1)
        for name in sorted(paced):
            yield Lane(channels=[name], at_once=AT_ONCE, allowance=self._sending.allowance(name))

    async def _try_to_make_ready(self, message: DueOutbox, lease: Lease) -> Leaving | None:
        try:
            return await self._make_ready(message, lease)
        except OUT_OF_REACH:
            raise
        except Exception as unforeseen:
            # The boundary of delivery: what cannot be made ready has not left, and must not hold up what can.
            log.exception("a message could not be made ready", extra={"kind": type(unforeseen).__name__})
            await self._give_up(message, lease, type(unforeseen).__name__)
            return None

    async def _make_ready(self, message: DueOutbox, lease: Lease) -> Leaving | None:
        renewal = renewed(lease, self.clock.now())
        if message.kind is OutboxKind.PROACTIVE:
            return await self._departures.prepare(message, renewal)
        if message.message_key == PROOF_MAIL:
            return await self.database.write(self._clinic.id, lambda uow: self._proofs.prepare(uow, message, renewal))
        return await self.database.write(self._clinic.id, lambda uow: ready(uow, message, renewal))

    async def _write_what_waits(self, talk: ConversationId | None, marks: list[Mark]) -> None:
        """Write down at once what became of messages if some wait: whoever has the chat's queue next must find them."""
        if self._waiting.is_in(talk):
            await self._outcomes.write(marks)
            marks.clear()

    async def _give_up(self, message: DueOutbox, lease: Lease, reason: str) -> None:
        def work(uow: UnitOfWork) -> None:
            if uow.outbox.mark_failed([message.id], lease.token, reason=reason):
                ask_staff(uow, message.conversation_id, TicketReason.PUT_ASIDE, self._clinic, self.clock.now())
            uow.commit()

        await self.database.write(self._clinic.id, work)

    async def _recover(self) -> None:
        repeatable = frozenset(name for name, channel in self.channels.items() if channel.capabilities.repeatable)

        def work(uow: UnitOfWork) -> None:
            now = self.clock.now()
            recovered = uow.outbox.recover_expired_leases(now, repeatable=repeatable)
            for lost in recovered.unknown:
                ask_staff(uow, lost.conversation_id, TicketReason.UNKNOWN_DELIVERY, self._clinic, now)
            if recovered.put_back or recovered.unknown:
                uow.commit()

        await self.database.write(self._clinic.id, work)
