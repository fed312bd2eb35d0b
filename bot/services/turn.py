"""One update in, its effect once: understood outside, decided and written in one transaction, then delivered.

Invariant: an update has its whole effect or none; a second delivery of it finds it claimed. Nothing in the transaction
can wait for a network, because the transaction is a synchronous function.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.services.asking import unasked
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.closing import CLOSED_BY_CHANNEL, open_address
from bot.services.deciding import decide
from bot.services.delivery import Delivery
from bot.services.hearing import Ear
from bot.services.leaving import Leaving
from bot.services.news import News
from bot.services.people import context_of
from bot.services.ports import Clock
from bot.services.putting_aside import PuttingAside
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import Talk, read_talk
from bot.services.updates import LONGEST_TEXT, Content, Opened, Pressed, SentFile, Update, Wrote
from bot.understanding import Understander
from flows.engine.events import Event, TextUnderstood
from storage.errors import ConstraintError, ConversationMovedOnError, SealBrokenError, StorageBusyError, StorageError
from storage.records.talks import ConversationSnapshot, Heard
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import ReceivedKind

log = logging.getLogger(__name__)

MOST_TRIES = 5
SHORT_TEXT = 500
"""A text of so many characters is understood in a millisecond or two; what is longer does not hold up the others."""

NEVER_STORED = (ConstraintError, SealBrokenError)
"""What storage says of an update today it says tomorrow: delivering it again is no use."""

RECEIVED_AS = {Wrote: ReceivedKind.TEXT, Pressed: ReceivedKind.PRESS, SentFile: ReceivedKind.ATTACHMENT}


class Taken(StrEnum):
    """What became of an update."""

    DONE = "done"
    REPEATED = "repeated"
    PUT_ASIDE = "put_aside"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stale:
    """The snapshot no longer held when the transaction began."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """What the transaction left to be delivered."""

    replies: tuple[Leaving, ...]
    taken: Taken


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
        async with self._queues.turn_of(update.conversation_id):
            try:
                written = await self._until_it_holds(update)
            except Exception as failure:
                if isinstance(failure, StorageError) and not isinstance(failure, NEVER_STORED):
                    raise
                # The boundary of intake: what we did not foresee must not come back for ever, nor be lost.
                log.exception("an update was put aside", extra={"kind": type(failure).__name__})
                written = _Written(replies=await self._aside.put_aside(update, failure), taken=Taken.PUT_ASIDE)
            await self._delivery.send(written.replies)
        if written.taken is not Taken.REPEATED:
            await self._news.changed(update.conversation_id)
        return written.taken

    async def _until_it_holds(self, update: Update) -> "_Written":
        for _ in range(MOST_TRIES):
            try:
                written = await self._try(update)
            except ConversationMovedOnError:
                continue
            if isinstance(written, _Written):
                return written
        raise StorageBusyError("the conversation kept changing; try again")

    async def _try(self, update: Update) -> "_Written | _Stale":
        snapshot = await self._database.read(
            self._clinic.id, lambda uow: uow.conversations.snapshot(update.conversation_id, now=self._clock.now())
        )
        talk = read_talk(snapshot)
        event = await self._hear(update.content, snapshot, talk)
        return await self._database.write(self._clinic.id, self._turn(update, event, snapshot))

    async def _hear(self, content: Content, snapshot: ConversationSnapshot, talk: Talk) -> Event:
        if isinstance(content, Wrote) and len(content.text) > SHORT_TEXT:
            return await asyncio.to_thread(self._ear.hear, content, snapshot, talk)
        return self._ear.hear(content, snapshot, talk)

    def _turn(
        self, update: Update, event: Event, snapshot: ConversationSnapshot
    ) -> Callable[[UnitOfWork], "_Written | _Stale"]:
        def work(uow: UnitOfWork) -> _Written | _Stale:
            now = self._clock.now()
            if not uow.updates.claim(update.channel, update.external_id, now):
                return _Written(replies=(), taken=Taken.REPEATED)
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
                return _Written(replies=(), taken=Taken.REPEATED)
            if snapshot.address_closed_why == CLOSED_BY_CHANNEL:
                open_address(here, snapshot.address_id)
            context = context_of(snapshot, self._clinic, now, unasked(uow, snapshot, self._clinic, now))
            decided = decide(talk.chat, event, context, here)
            spoken = self._speaker.speak(decided, snapshot, here)
            _keep(update, event, talk, here)
            uow.conversations.save(
                update.conversation_id,
                state=replace(talk.after(decided.chat, spoken.buttons), opened=talk.opened or opens).to_json(),
                lock_version=lock.lock_version,
                now=now,
                heard=Heard.NOBODY if opens else Heard.PATIENT,
            )
            uow.commit()
            return _Written(replies=spoken.leased, taken=Taken.DONE)

        return work


def _said(content: Content, talk: Talk) -> str:
    match content:
        case Wrote(text=text):
            return text[:LONGEST_TEXT]
        case Pressed(payload=payload):
            raw = payload.encode()
            return next((button.label for button in talk.buttons if button.payload == raw), "")
        case _:
            return ""


def _keep(update: Update, event: Event, talk: Talk, here: Situation) -> None:
    if isinstance(update.content, Opened):
        return
    meaning = event.meaning if isinstance(event, TextUnderstood) else None
    here.uow.updates.received(
        here.conversation_id,
        kind=RECEIVED_AS[type(update.content)],
        body={"text": _said(update.content, talk)},
        now=here.now,
        intent=meaning.intent if meaning and meaning.sure else None,
        confidence=meaning.confidence if meaning else None,
    )
