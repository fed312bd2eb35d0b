"""One update in, its effect once: understood outside, decided and written in one transaction, then delivered.

Invariant: an update has its whole effect or none; a second delivery of it finds it claimed. Nothing in the transaction
can wait for a network, because the transaction is a synchronous function.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.services.asking import unasked
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.closing import open_address
from bot.services.deciding import Decided, decide
from bot.services.delivery import Delivery
from bot.services.hearing import Ear
from bot.services.leaving import Leaving
from bot.services.news import News
from bot.services.people import context_of
from bot.services.ports import Clock
from bot.services.putting_aside import PuttingAside
from bot.services.received import heard_before, keep_file, keep_line, with_file
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import Talk, read_talk
from bot.services.telling import Teller, Told
from bot.services.updates import NOT_THEIRS, Content, Opened, Pressed, Update, Wrote
from bot.understanding import Understander
from flows.engine.events import ChatOpened, Event
from flows.engine.requests import SpeakFor
from flows.ids import ConversationId
from storage.errors import ConstraintError, ConversationMovedOnError, SealBrokenError, StorageBusyError, StorageError
from storage.records.talks import ConversationSnapshot, Heard
from storage.repositories.addresses import CLOSED_BY_CHANNEL
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

MOST_TRIES = 5
SHORT_TEXT = 500
"""A text of so many characters is understood in a millisecond or two; what is longer does not hold up the others."""

NEVER_STORED = (ConstraintError, SealBrokenError)
"""What storage says of an update today it says tomorrow: delivering it again is no use."""


class Taken(StrEnum):
    """What became of an update."""

    DONE = "done"
    REPEATED = "repeated"
    PUT_ASIDE = "put_aside"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turned:
    """What became of an update. answered: it was a press of a button of the question that was open."""

    taken: Taken
    answered: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stale:
    """The snapshot no longer held when the transaction began."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """What the transaction left to be delivered; elsewhere: in the talk that the account went on to."""

    turned: Turned
    replies: tuple[Leaving, ...] = ()
    elsewhere: Told | None = None


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
        self._speaker = speaker
        self._teller = Teller(clinic=clinic, speaker=speaker)
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
        async with AsyncExitStack() as turn:
            await turn.enter_async_context(self._queues.turn_of(update.conversation_id))
            try:
                written = await self._until_it_holds(update, seen)
            except Exception as failure:
                if isinstance(failure, StorageError) and not isinstance(failure, NEVER_STORED):
                    raise
                # The boundary of intake: what we did not foresee must not come back for ever, nor be lost.
                log.exception("an update was put aside", extra={"kind": type(failure).__name__})
                replies = await self._aside.put_aside(update, failure)
                written = _Written(turned=Turned(taken=Taken.PUT_ASIDE), replies=replies)
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

    async def _until_it_holds(self, update: Update, seen: ConversationSnapshot | None) -> "_Written":
        for _ in range(MOST_TRIES):
            try:
                written = await self._try(update, seen)
            except ConversationMovedOnError:
                written = _Stale()
            if isinstance(written, _Written):
                return written
            seen = None
        raise StorageBusyError("the conversation kept changing; try again")

    async def _try(self, update: Update, seen: ConversationSnapshot | None) -> "_Written | _Stale":
        snapshot = seen if seen is not None else await self._look(update.conversation_id)
        talk = read_talk(snapshot)
        event = await self._hear(update.content, snapshot, talk)
        return await self._database.write(self._clinic.id, self._turn(update, event, snapshot))

    async def _look(self, conversation_id: ConversationId) -> ConversationSnapshot:
        return await self._database.read(
            self._clinic.id, lambda uow: uow.conversations.snapshot(conversation_id, now=self._clock.now())
        )

    async def _hear(self, content: Content, snapshot: ConversationSnapshot, talk: Talk) -> Event | None:
        if isinstance(content, Wrote) and len(content.text) > SHORT_TEXT:
            return await asyncio.to_thread(self._ear.hear, content, snapshot, talk)
        return self._ear.hear(content, snapshot, talk)

    def _turn(
        self, update: Update, event: Event | None, snapshot: ConversationSnapshot
    ) -> Callable[[UnitOfWork], "_Written | _Stale"]:
        def work(uow: UnitOfWork) -> _Written | _Stale:
            now = self._clock.now()
            if not uow.updates.claim(update.channel, update.external_id, now):
                return _Written(turned=Turned(taken=Taken.REPEATED))
            lock = uow.conversations.lock(update.conversation_id)
            if lock.lock_version != snapshot.lock_version:
                return _Stale()
            here = Situation(
                uow=uow,
                clinic=self._clinic,
                conversation_id=update.conversation_id,
                patient_id=lock.patient_id,
                channel=snapshot.channel,
                treated_by=snapshot.patient.provider_id,
                now=now,
                source=f"{update.channel}:{update.external_id}",
            )
            talk = read_talk(snapshot)
            opens = isinstance(update.content, Opened)
            if opens and talk.opened:
                return _Written(turned=Turned(taken=Taken.REPEATED))
            if snapshot.address_closed_why == CLOSED_BY_CHANNEL:
                open_address(here, snapshot.address_id)
            kept = keep_file(update.content, here)
            told = None if heard_before(update, event, here) else with_file(event, kept)
            decided = self._decide(talk, told, snapshot, here)
            spoken = self._speaker.speak(decided, snapshot, here)
            keep_line(update, event, talk, kept, here)
            uow.conversations.save(
                update.conversation_id,
                state=replace(talk.after(decided.chat, spoken.buttons), opened=talk.opened or opens).to_json(),
                lock_version=lock.lock_version,
                now=now,
                heard=Heard.NOBODY if isinstance(update.content, NOT_THEIRS) else Heard.PATIENT,
            )
            elsewhere = self._goes_on(decided, here)
            uow.commit()
            turned = Turned(taken=Taken.DONE, answered=_answers(update.content, talk))
            return _Written(turned=turned, replies=spoken.leased, elsewhere=elsewhere)

        return work

    def _decide(self, talk: Talk, event: Event | None, snapshot: ConversationSnapshot, here: Situation) -> Decided:
        if event is None:
            return Decided(chat=talk.chat, replies=(), visit=snapshot.visit)
        context = context_of(snapshot, self._clinic, here.now, unasked(here.uow, snapshot, self._clinic, here.now))
        return decide(talk.chat, event, context, here)

    def _goes_on(self, decided: Decided, here: Situation) -> Told | None:
        """Open the talk of whom the account speaks for from now on, if that was what it asked."""
        if not any(isinstance(request, SpeakFor) for request in decided.done):
            return None
        account = here.uow.accounts.of_conversation(here.conversation_id)
        if account is None or account.conversation_id == here.conversation_id:
            return None
        return self._teller.tell(here.uow, account.conversation_id, ChatOpened(), now=here.now, source=here.source)


def _answers(content: Content, talk: Talk) -> bool:
    return isinstance(content, Pressed) and any(button.payload == content.payload.encode() for button in talk.buttons)
