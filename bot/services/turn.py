"""One update in, its effect once: understood outside, decided and written in one transaction, then delivered.

Invariant: an update has its whole effect or none; a second delivery of it finds it claimed. Nothing in the transaction
can wait for a network, because the transaction is a synchronous function.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.services.admitting import IDENTIFIED
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.delivery import Delivery
from bot.services.hearing import Ear
from bot.services.news import News
from bot.services.ports import Clock
from bot.services.putting_aside import PuttingAside
from bot.services.received import heard_as
from bot.services.speaking import Speaker
from bot.services.talk import Talk, read_talk
from bot.services.telling import Told
from bot.services.turning import Stale, Turning, Written
from bot.services.updates import Corrected, SentFile, Taken, Turned, Update
from bot.understanding import Understander
from flows.engine.events import Event
from flows.ids import ConversationId
from storage.errors import (
    ConstraintError,
    ConversationMovedOnError,
    KeyErasedError,
    SealBrokenError,
    StorageBusyError,
    StorageError,
)
from storage.records.talks import ConversationSnapshot
from storage.repositories.addresses import CUT_OFF

log = logging.getLogger(__name__)

MOST_TRIES = 5
NEVER_STORED = (ConstraintError, SealBrokenError)
"""What storage says of an update today it says tomorrow: delivering it again is no use."""


class Turns:
    """Takes updates, one at a time in each conversation."""

    def __init__(
        self,
        *,
        clinic: Clinic,
        clock: Clock,
        understander: Understander,
        speaker: Speaker,
        delivery: Delivery,
        queues: ChatQueues,
        news: News,
    ) -> None:
        """Take what a turn needs."""
        self._clinic = clinic
        self._clock = clock
        self._ear = Ear(clinic=clinic, clock=clock, understander=understander)
        self._turning = Turning(clinic=clinic, clock=clock, ear=self._ear, speaker=speaker)
        self._aside = PuttingAside(clinic=clinic, clock=clock, speaker=speaker, database=delivery.database)
        self._delivery = delivery
        self._queues = queues
        self._news = news
        self._database = delivery.database

    async def take(self, update: Update) -> Taken:
        """Let an update have its effect and deliver the replies; what fails unforeseen is put aside for staff.

        Raises StorageError: the database is out of reach or the conversation unknown; nothing was taken, and the update
        may be delivered again.
        """
        return (await self.turn(update)).taken

    async def turn(self, update: Update, seen: ConversationSnapshot | None = None) -> Turned:
        """Do what `take` does, and tell more of it. seen: the conversation, if it was read just now. Raises the same.

        KeyErasedError: nobody is spoken with there any more.
        """
        turned = await self._in_line(update, lambda: self._until_it_holds(update, seen))
        assert turned is not None  # noqa: S101 - only an attempt at once gives up
        return turned

    async def at_once(self, update: Update, account: str) -> Turned | None:
        """Do what `turn` does in a single transaction, for what costs nothing to understand; account: who sent it.

        None: nothing was done, for the account is not in that talk alone. Raises the same.
        """

        async def attempt() -> Written | None:
            written = await self._database.write_briefly(self._clinic.id, self._turning.at_once(update, account))
            return written if isinstance(written, Written) else None

        return await self._in_line(update, attempt)

    async def _in_line(self, update: Update, attempt: Callable[[], Awaitable[Written | None]]) -> Turned | None:
        with await self._queues.turn_to_hand_on(update.conversation_id) as turn:
            try:
                written = await attempt()
            except Exception as failure:
                if isinstance(failure, StorageError) and not isinstance(failure, NEVER_STORED):
                    raise
                # The boundary of intake: what we did not foresee must not come back for ever, nor be lost.
                log.exception("an update was put aside", extra={"kind": type(failure).__name__})
                replies = await self._aside.put_aside(update, failure)
                written = Written(turned=Turned(taken=Taken.PUT_ASIDE), replies=replies)
            if written is None:
                return None
            if written.elsewhere is None and written.turned.taken is not Taken.REPEATED:
                # The update is acknowledged from here on; the chat's queue now belongs to the replies.
                await self._delivery.send_on(update.conversation_id, written.replies, turn.pop_all())
                return written.turned
            await self._delivery.send(written.replies)
        if written.turned.taken is not Taken.REPEATED:
            await self._news.changed(update.conversation_id)
        if written.elsewhere is not None:
            await self.deliver(written.elsewhere)
        return written.turned

    async def deliver(self, told: Told) -> None:
        """Deliver what a talk was told to say, and show it to whoever looks on."""
        async with self._queues.turn_of(told.conversation_id):
            await self._delivery.send(told.leaving)
        await self._news.changed(told.conversation_id)

    async def _until_it_holds(self, update: Update, seen: ConversationSnapshot | None) -> Written:
        for _ in range(MOST_TRIES):
            try:
                written = await self._try(update, seen)
            except ConversationMovedOnError:
                written = Stale()
            if isinstance(written, Written):
                return written
            seen = None
        raise StorageBusyError("the conversation kept changing; try again")

    async def _try(self, update: Update, seen: ConversationSnapshot | None) -> Written | Stale:
        snapshot = seen if seen is not None else await self._look(update.conversation_id)
        if snapshot.address_closed_why in (IDENTIFIED, CUT_OFF):
            raise KeyErasedError("whoever writes there is known by now, or is no more: they have another talk")
        talk = read_talk(snapshot)
        event = await self._hear(update, snapshot, talk)
        # A file of twenty megabytes is not sealed while everybody waits.
        write = self._database.write if isinstance(update.content, SentFile) else self._database.write_briefly
        return await write(self._clinic.id, self._turning.work(update, event, snapshot))

    async def _look(self, conversation_id: ConversationId) -> ConversationSnapshot:
        return await self._database.read(
            self._clinic.id, lambda uow: uow.conversations.snapshot(conversation_id, now=self._clock.now())
        )

    async def _hear(self, update: Update, snapshot: ConversationSnapshot, talk: Talk) -> Event | None:
        content, before = update.content, None
        if isinstance(content, Corrected):
            before = await self._database.read(self._clinic.id, lambda uow: heard_as(uow, update))
        if self._ear.takes_long(content, before):
            return await asyncio.to_thread(self._ear.hear, content, snapshot, talk, before)
        return self._ear.hear(content, snapshot, talk, before)
