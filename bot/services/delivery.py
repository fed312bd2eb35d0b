"""Brings the outbox to the patients: replies right after their commit, everything else at the next tick.

Invariants: whether a message may leave is asked again right before it does, under a lease; while staff own a chat the
bot's own words stay in; one message in trouble stops no other, and what waits is overtaken by nothing of its chat.
"""

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.leaving import LEASE_SECONDS, Leaving, claimed, new_lease, renewed
from bot.services.news import News
from bot.services.ports import Channels, Clock
from bot.services.proactive import Departures
from bot.services.proof_mail import PROOF_MAIL, ProofMailing
from bot.services.sending import Sending, Sent
from bot.services.tickets import ask_staff
from flows.ids import ConversationId
from flows.vocabulary import Owner, Reach, TicketReason
from storage.database import Database
from storage.errors import StorageBusyError, StorageFullError, StorageUnavailableError
from storage.records.outgoing import DueOutbox, Lease
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

log = logging.getLogger(__name__)

BATCH = 50
NOTHING_LEFT = Sent()
OUT_OF_REACH = (StorageBusyError, StorageFullError, StorageUnavailableError)
"""The database's own troubles, which concern no message in particular."""

Waiting = dict[ConversationId, datetime]


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
        self._sending = Sending(database=database, clinic=clinic, clock=clock, channels=self.channels)

    async def send(self, messages: Sequence[Leaving]) -> None:
        """Send messages of one conversation that are leased to this process, in order; its queue is the caller's."""
        await self._sending.send(messages)

    async def send_due(self) -> int:
        """Send what is due: what a crash left behind, what waited for its time, what is proactive.

        Tells how many messages a channel was given.
        """
        await self._recover()
        now = self.clock.now()
        lease = new_lease(now)

        def claim(uow: UnitOfWork) -> list[DueOutbox]:
            found = uow.outbox.claim_due(now, BATCH, lease.token, LEASE_SECONDS)
            uow.commit()
            return found

        due = deque(await self.database.write(self._clinic.id, claim))
        handed = 0
        waiting: Waiting = {}
        try:
            while due:
                handed += await self._let_one_go(due[0], lease, waiting)
                due.popleft()
        finally:
            # Cut short, as by the end of the house: what was not begun surely did not leave.
            await self._put_back([message for message in due if message is not due[0]], lease, now)
        return handed

    async def _let_one_go(self, message: DueOutbox, lease: Lease, waiting: Waiting) -> int:
        talk = message.conversation_id
        async with AsyncExitStack() as stack:
            if talk is not None:
                await stack.enter_async_context(self._queues.turn_of(talk))
            if talk is not None and talk in waiting:
                await self._put_back([message], lease, waiting[talk])
                return 0
            sent = await self._let_go(message, lease)
        if talk is not None and sent.again_at is not None:
            waiting[talk] = sent.again_at
        if talk is not None:
            await self.news.changed(talk)
        return sent.handed

    async def _let_go(self, message: DueOutbox, lease: Lease) -> Sent:
        try:
            ready = await self._make_ready(message, lease)
        except OUT_OF_REACH:
            raise
        except Exception as unforeseen:
            # The boundary of delivery: what cannot be made ready has not left, and must not hold up what can.
            log.exception("a message could not be made ready", extra={"kind": type(unforeseen).__name__})
            await self._give_up(message, lease, type(unforeseen).__name__)
            return NOTHING_LEFT
        return NOTHING_LEFT if ready is None else await self._sending.send([ready])

    async def _make_ready(self, message: DueOutbox, lease: Lease) -> Leaving | None:
        renewal = renewed(lease, self.clock.now())
        if message.kind is OutboxKind.PROACTIVE:
            return await self._departures.prepare(message, renewal)
        if message.message_key == PROOF_MAIL:
            return await self.database.write(self._clinic.id, lambda uow: self._proofs.prepare(uow, message, renewal))
        return await self.database.write(self._clinic.id, lambda uow: _ready(uow, message, renewal))

    async def _give_up(self, message: DueOutbox, lease: Lease, reason: str) -> None:
        def work(uow: UnitOfWork) -> None:
            if uow.outbox.mark_failed([message.id], lease.token, reason=reason):
                ask_staff(uow, message.conversation_id, TicketReason.PUT_ASIDE, self._clinic, self.clock.now())
            uow.commit()

        await self.database.write(self._clinic.id, work)

    async def _put_back(self, messages: Iterable[DueOutbox], lease: Lease, again_at: datetime) -> None:
        ids = [message.id for message in messages]

        def work(uow: UnitOfWork) -> None:
            uow.outbox.retry(ids, lease.token, not_before=again_at)
            uow.commit()

        if ids:
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


def _ready(uow: UnitOfWork, message: DueOutbox, lease: Lease) -> Leaving | None:
    """Look once more at words that wait to leave; None if they may not, which is written down."""
    ready = None
    if message.body is None:
        uow.outbox.mark_failed([message.id], lease.token, reason="erased")
    elif _must_stay(uow, message):
        uow.outbox.refuse([message.id], lease.token, reason="staff_owns")
    elif uow.outbox.renew(message.id, lease):
        ready = claimed(message, lease, message.body)
    uow.commit()
    return ready


def _must_stay(uow: UnitOfWork, message: DueOutbox) -> bool:
    """Whether the bot's own words must stay in because staff own the chat by now."""
    if message.kind is OutboxKind.STAFF or message.reach is Reach.ALWAYS or message.conversation_id is None:
        return False
    return uow.conversations.lock(message.conversation_id).owner is Owner.STAFF
