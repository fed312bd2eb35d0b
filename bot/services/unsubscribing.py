"""The link under an invitation by e-mail that ends reminders.

To look changes nothing; to end them is written to the ledger once, however often it is asked.
"""

from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.ports import Clock
from bot.services.rights import ENDED_BY_STOP, stop_events
from bot.services.situation import Occasion
from flows.ids import PatientId
from flows.outreach.rights import rights
from flows.outreach.standing import Rights
from flows.vocabulary import Channel, Language, Purpose
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind

SOURCE = "unsubscribe link"


class Unsubscribing:
    """What the page behind the link calls."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the clinic whose reminders end."""
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def peek(self, token: str) -> Language | None:
        """Tell the language of whoever the link was made for; None if there is no such link. Changes nothing."""

        def work(uow: UnitOfWork) -> Language | None:
            found = self._whose(uow, token)
            return None if found is None else found[1]

        return await self._database.read(self._clinic.id, work)

    async def end(self, token: str) -> Language | None:
        """End the reminders of whoever the link was made for, as a stop does; None if there is no such link."""

        def work(uow: UnitOfWork) -> Language | None:
            found = self._whose(uow, token)
            if found is None:
                return None
            patient_id, language = found
            self._stop(uow, patient_id, self._clock.now())
            uow.commit()
            return language

        return await self._database.write(self._clinic.id, work)

    def _whose(self, uow: UnitOfWork, token: str) -> tuple[PatientId, Language] | None:
        held = uow.passes.look_up(PassKind.UNSUBSCRIBE_LINK, token, now=self._clock.now())
        if held is None or held.patient_id is None:
            return None
        patient = uow.patients.get_many([held.patient_id]).get(held.patient_id)
        return None if patient is None else (patient.id, self._clinic.language_of(patient.language))

    def _stop(self, uow: UnitOfWork, patient_id: PatientId, now: datetime) -> None:
        said = rights(uow.ledger.events(patient_id), now)
        if not all(_ended(said, purpose) for purpose in ENDED_BY_STOP):
            here = Occasion(
                uow=uow, clinic=self._clinic, patient_id=patient_id, channel=Channel.EMAIL, now=now, source=SOURCE
            )
            uow.ledger.append(stop_events(here))
        uow.outbox.withdraw(patient_id, frozenset(ENDED_BY_STOP), reason="stopped")


def _ended(said: Rights, purpose: Purpose) -> bool:
    """Whether the last word on the purpose, everywhere, was a no."""
    noes = [end.at for end in said.ended if end.purpose is purpose and end.is_no]
    yeses = [right.at for right in said.given if right.purpose is purpose]
    return bool(noes) and max(noes) >= max(yeses, default=max(noes))
