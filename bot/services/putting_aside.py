"""What becomes of an update that could not be handled: kept sealed, staff alerted, the patient told that they look.

Invariant: what came in is safe before anything else is tried; that telling the patient fails undoes nothing.
"""

import logging

from bot.services.clinic import Clinic
from bot.services.deciding import Decided
from bot.services.leaving import Leaving
from bot.services.ports import Clock
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import read_talk
from bot.services.tickets import due_at
from bot.services.updates import NOT_THEIRS, Update, raw_of
from flows.engine.decision import Reply
from flows.messages.repair import MessagePutAside
from flows.vocabulary import Owner, TicketReason, Urgency
from storage.database import Database
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class PuttingAside:
    """Puts updates aside."""

    def __init__(self, *, clinic: Clinic, clock: Clock, speaker: Speaker, database: Database) -> None:
        """Take where updates are kept, and who words what the patient is told."""
        self._clinic = clinic
        self._clock = clock
        self._speaker = speaker
        self._database = database

    async def put_aside(self, update: Update, failure: Exception) -> tuple[Leaving, ...]:
        """Keep an update for staff; returns what leaves. Raises StorageError: it is not kept, nothing was taken."""
        if not await self._database.write(self._clinic.id, lambda uow: self._keep(uow, update, failure)):
            return ()
        try:
            return await self._database.write(self._clinic.id, lambda uow: self._tell(uow, update))
        except Exception as wrong:  # noqa: BLE001 - part of the boundary of intake: what broke the turn may break this
            log.warning("nobody was told of an update put aside", extra={"kind": type(wrong).__name__})
            return ()

    def _keep(self, uow: UnitOfWork, update: Update, failure: Exception) -> bool:
        """Tell whether the patient said something that was not put aside before."""
        now = self._clock.now()
        said = not isinstance(update.content, NOT_THEIRS)
        raw, kind = raw_of(update), type(failure).__name__
        new = uow.updates.quarantine(update.channel, update.external_id, raw=raw, error=kind, now=now)
        uow.tickets.open(
            update.conversation_id,
            reason=TicketReason.PUT_ASIDE,
            urgency=Urgency.NOW,
            due_at=due_at(Urgency.NOW, now, self._clinic),
            now=now,
        )
        if said:
            uow.conversations.heard(update.conversation_id, now=now)
        uow.commit()
        return new and said

    def _tell(self, uow: UnitOfWork, update: Update) -> tuple[Leaving, ...]:
        now = self._clock.now()
        snapshot = uow.conversations.snapshot(update.conversation_id, now=now)
        if snapshot.owner is Owner.STAFF:
            return ()
        here = Situation(
            uow=uow,
            clinic=self._clinic,
            conversation_id=update.conversation_id,
            patient_id=snapshot.patient.id,
            channel=snapshot.channel,
            treated_by=snapshot.patient.provider_id,
            now=now,
            source=f"{update.channel}:{update.external_id}",
        )
        # The chat stays where it is: the question that was open still is, and so are its buttons.
        told = Decided(chat=read_talk(snapshot).chat, replies=(Reply(text=MessagePutAside()),), visit=snapshot.visit)
        leaving = self._speaker.speak(told, snapshot, here).leased
        uow.commit()
        return leaving
