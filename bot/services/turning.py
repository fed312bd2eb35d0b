"""The transaction of a turn: the update is claimed, the dialog decides, what it asked for is done, replies are queued.

Invariant: all of it is committed, or nothing. Whoever comes with a snapshot that no longer holds is told so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.services.asking import unasked
from bot.services.clinic import Clinic
from bot.services.closing import open_address
from bot.services.deciding import Decided, decide
from bot.services.hearing import Ear
from bot.services.leaving import Leaving
from bot.services.people import context_of
from bot.services.ports import Clock
from bot.services.received import heard_before, keep_file, keep_line, with_file
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import Talk, read_talk
from bot.services.telling import Teller, Told
from bot.services.updates import NOT_THEIRS, Content, Corrected, Opened, Pressed, Taken, Turned, Update
from flows.engine.events import ChatOpened, Event
from flows.engine.requests import SpeakFor
from storage.errors import KeyErasedError
from storage.records.people import Patient
from storage.records.talks import ConversationLock, ConversationSnapshot, Heard
from storage.repositories.addresses import CLOSED_BY_CHANNEL
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Stale:
    """The snapshot no longer held when the transaction began, or the account is in another talk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What the transaction left to be delivered; elsewhere: in the talk that the account went on to."""

    turned: Turned
    replies: tuple[Leaving, ...] = ()
    elsewhere: Told | None = None


Work = Callable[[UnitOfWork], Written | Stale]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heard:
    """What an update says, and the talk in which it was heard.

    seen: the patient, where the snapshot was read in the transaction of the turn itself.
    """

    event: Event | None
    snapshot: ConversationSnapshot
    talk: Talk
    seen: Patient | None = None


class Turning:
    """Makes the work of turns."""

    def __init__(self, *, clinic: Clinic, clock: Clock, ear: Ear, speaker: Speaker) -> None:
        """Take what decides and words."""
        self._clinic = clinic
        self._clock = clock
        self._ear = ear
        self._speaker = speaker
        self._teller = Teller(clinic=clinic, speaker=speaker)

    def at_once(self, update: Update, account: str) -> Work:
        """Read the talk of an account and let the update have its effect there, for what costs nothing to understand.

        Stale: the account is in another talk than the update says, speaks for several, or is closed.
        """

        def work(uow: UnitOfWork) -> Written | Stale:
            try:
                seen = uow.conversations.snapshot_of_account(update.channel, account, now=self._clock.now())
            except KeyErasedError:
                return Stale()
            if seen is None or seen.id != update.conversation_id:
                return Stale()
            if seen.household != 1 or seen.address_closed_why is not None:
                return Stale()
            talk = read_talk(seen)
            event = self._ear.hear(update.content, seen, talk)
            heard = _Heard(event=event, snapshot=seen, talk=talk, seen=seen.patient)
            return self._take(uow, update, heard, lambda: uow.conversations.lock_seen(seen))

        return work

    def work(self, update: Update, event: Event | None, snapshot: ConversationSnapshot) -> Work:
        """Let what was heard have its effect; snapshot: the conversation as it was when it was heard."""

        def work(uow: UnitOfWork) -> Written | Stale:
            heard = _Heard(event=event, snapshot=snapshot, talk=read_talk(snapshot))
            return self._take(uow, update, heard, lambda: uow.conversations.lock(update.conversation_id))

        return work

    def _take(
        self, uow: UnitOfWork, update: Update, heard: _Heard, lock_it: Callable[[], ConversationLock]
    ) -> Written | Stale:
        now, event, snapshot, talk = self._clock.now(), heard.event, heard.snapshot, heard.talk
        if not uow.updates.claim(update.channel, update.external_id, now):
            return Written(turned=Turned(taken=Taken.REPEATED))
        lock = lock_it()
        if lock.lock_version != snapshot.lock_version:
            return Stale()
        here = Situation(
            uow=uow,
            clinic=self._clinic,
            conversation_id=update.conversation_id,
            patient_id=lock.patient_id,
            channel=snapshot.channel,
            treated_by=snapshot.patient.provider_id,
            seen=heard.seen,
            now=now,
            source=f"{update.channel}:{update.external_id}",
        )
        opens = isinstance(update.content, Opened)
        if opens and talk.opened:
            return Written(turned=Turned(taken=Taken.REPEATED))
        if snapshot.address_closed_why == CLOSED_BY_CHANNEL:
            open_address(here, snapshot.address_id)
        kept = keep_file(update.content, here)
        told = None if heard_before(update, event, here) else with_file(event, kept)
        decided = self._decide(update.content, talk, told, snapshot, here)
        spoken = self._speaker.speak(decided, snapshot, here)
        keep_line(update, event, talk, kept, here)
        after = talk.after(decided.chat, spoken.buttons)
        uow.conversations.save(
            update.conversation_id,
            state=(replace(after, opened=True) if opens else after).to_json(),
            lock_version=lock.lock_version,
            now=now,
            heard=Heard.NOBODY if isinstance(update.content, NOT_THEIRS) else Heard.PATIENT,
        )
        elsewhere = self._goes_on(decided, here)
        uow.commit()
        turned = Turned(taken=Taken.DONE, answered=_answers(update.content, talk))
        return Written(turned=turned, replies=spoken.leased, elsewhere=elsewhere)

    def _decide(
        self, content: Content, talk: Talk, event: Event | None, snapshot: ConversationSnapshot, here: Situation
    ) -> Decided:
        if event is None:
            return Decided(chat=talk.chat, replies=(), visit=snapshot.visit)
        context = context_of(snapshot, self._clinic, here.now, unasked(here.uow, snapshot, self._clinic, here.now))
        return decide(talk.chat, event, context, here, binds=not isinstance(content, Corrected))

    def _goes_on(self, decided: Decided, here: Situation) -> Told | None:
        """Open the talk of whom the account speaks for from now on, if that was what it asked."""
        if not any(isinstance(request, SpeakFor) for request in decided.done):
            return None
        account = here.uow.accounts.of_conversation(here.conversation_id)
        if account is None or account.conversation_id == here.conversation_id:
            return None
        return self._teller.tell(here.uow, account.conversation_id, ChatOpened(), now=here.now, source=here.source)


def _answers(content: Content, talk: Talk) -> bool:
    return isinstance(content, Pressed) and content.payload.encode() in [button.payload for button in talk.buttons]
