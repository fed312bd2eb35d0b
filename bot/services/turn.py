"""One update in, its effect once: understood outside, decided and written in one transaction, then delivered.

Invariant: an update has its whole effect or none; a second delivery of it finds it claimed. Nothing in the transaction
can wait for a network, because the transaction is a synchronous function.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.deciding import decide
from bot.services.delivery import Delivery
from bot.services.leaving import Leaving
from bot.services.live import DESK, Live, chat_topic
from bot.services.people import context_of
from bot.services.ports import Clock
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import Talk, read_talk
from bot.services.updates import LONGEST_TEXT, Content, Opened, Pressed, SentFile, Update, Wrote
from bot.understanding import Reading, Understander, typed_button
from flows.engine.choices import Payload
from flows.engine.events import AttachmentReceived, ChatOpened, ChoicePressed, Event, TextUnderstood
from flows.meaning import Expecting
from storage.records.talks import ConversationSnapshot, Heard
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import ReceivedKind

MOST_TRIES = 5
RECEIVED_AS = {Wrote: ReceivedKind.TEXT, Pressed: ReceivedKind.PRESS, SentFile: ReceivedKind.ATTACHMENT}


class Taken(StrEnum):
    """What became of an update."""

    DONE = "done"
    REPEATED = "repeated"


class ConversationBusyError(RuntimeError):
    """The conversation kept changing while the update was being understood; it was not taken."""


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
        live: Live,
    ) -> None:
        """Take what a turn needs."""
        self._clinic = clinic
        self._clock = clock
        self._understander = understander
        self._speaker = speaker
        self._delivery = delivery
        self._queues = queues
        self._live = live
        self._database = delivery.database

    async def take(self, update: Update) -> Taken:
        """Let an update have its effect, and deliver the replies. Raises ConversationBusyError, StorageError."""
        async with self._queues.turn_of(update.conversation_id):
            for _ in range(MOST_TRIES):
                written = await self._try(update)
                if isinstance(written, _Written):
                    break
            else:
                raise ConversationBusyError
            await self._delivery.send(written.replies)
        if written.taken is Taken.DONE:
            self._live.signal(DESK, chat_topic(update.conversation_id))
        return written.taken

    async def _try(self, update: Update) -> "_Written | _Stale":
        snapshot = await self._database.read(
            self._clinic.id, lambda uow: uow.conversations.snapshot(update.conversation_id, now=self._clock.now())
        )
        talk = read_talk(snapshot)
        event = self._read(update, snapshot, talk)
        return await self._database.write(self._clinic.id, self._turn(update, event, snapshot))

    def _read(self, update: Update, snapshot: ConversationSnapshot, talk: Talk) -> Event:
        match update.content:
            case Opened():
                return ChatOpened()
            case SentFile():
                return AttachmentReceived()
            case Pressed(payload=payload):
                return _pressed(payload)
            case Wrote(text=text):
                return self._read_text(text[:LONGEST_TEXT], snapshot, talk)

    def _read_text(self, text: str, snapshot: ConversationSnapshot, talk: Talk) -> Event:
        state = talk.chat.state
        if state.expecting is not Expecting.FIELD:
            typed = typed_button(text, [button.label for button in talk.buttons])
            if typed is not None:
                return _pressed(Payload.decode(talk.buttons[typed].payload))
        reading = Reading(
            language=self._clinic.language_of(snapshot.patient.language),
            expecting=state.expecting,
            now=self._clock.now(),
            zone=self._clinic.zone,
            offers=tuple(slot.starts_at for slot in getattr(state, "offers", ())),
            visit=snapshot.visit.slot.starts_at if snapshot.visit else None,
        )
        return TextUnderstood(text=text, meaning=self._understander.understand(text, reading))

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
            decided = decide(talk.chat, event, context_of(snapshot, self._clinic, now), here)
            spoken = self._speaker.speak(decided, snapshot, here)
            _keep(update, event, talk, here)
            uow.conversations.save(
                update.conversation_id,
                state=talk.after(decided.chat, spoken.buttons).to_json(),
                lock_version=lock.lock_version,
                now=now,
                heard=Heard.NOBODY if isinstance(update.content, Opened) else Heard.PATIENT,
            )
            uow.commit()
            return _Written(replies=spoken.leased, taken=Taken.DONE)

        return work


def _pressed(payload: Payload) -> ChoicePressed:
    return ChoicePressed(choice=payload.choice, argument=payload.argument, asked=payload.asked)


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
        intent=meaning.intent if meaning else None,
        confidence=meaning.confidence if meaning else None,
    )
