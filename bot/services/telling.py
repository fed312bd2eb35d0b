"""Tells a dialog what happened outside of its own talk: the account has come to it, or somebody came back online.

Invariant: what is told, decided and said is written in the caller's transaction; the caller commits and delivers.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.services.asking import unasked
from bot.services.clinic import Clinic
from bot.services.deciding import decide
from bot.services.leaving import Leaving
from bot.services.people import context_of
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import read_talk
from flows.engine.events import Event
from flows.ids import ConversationId
from storage.records.talks import Heard
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What leaves because a talk was told something; empty where there is nothing to say."""

    conversation_id: ConversationId
    leaving: tuple[Leaving, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """Tells talks of one clinic."""

    clinic: Clinic
    speaker: Speaker

    def tell(
        self,
        uow: UnitOfWork,
        conversation_id: ConversationId,
        event: Event,
        *,
        now: datetime,
        source: str,
        heard: Heard = Heard.NOBODY,
    ) -> Told:
        """Let a talk hear of an event, in the open transaction; nobody who was told is greeted again.

        Args:
            uow: the transaction.
            conversation_id: which talk.
            event: what happened.
            now: aware UTC.
            source: what the ledger names as evidence.
            heard: whether the patient did something just now.

        Raises:
            NotFoundError, KeyErasedError: there is no such talk (any more).
        """
        lock = uow.conversations.lock(conversation_id)
        snapshot = uow.conversations.snapshot(conversation_id, now=now)
        here = Situation(
            uow=uow,
            clinic=self.clinic,
            conversation_id=conversation_id,
            patient_id=lock.patient_id,
            channel=lock.channel,
            treated_by=snapshot.patient.provider_id,
            seen=snapshot.patient,
            now=now,
            source=source,
        )
        talk = read_talk(snapshot)
        context = context_of(snapshot, self.clinic, now, unasked(uow, snapshot, self.clinic, now))
        decided = decide(talk.chat, event, context, here)
        spoken = self.speaker.speak(decided, snapshot, here)
        uow.conversations.save(
            conversation_id,
            state=replace(talk.after(decided.chat, spoken.buttons), opened=True).to_json(),
            lock_version=lock.lock_version,
            now=now,
            heard=heard,
        )
        return Told(conversation_id=conversation_id, leaving=spoken.leased)
