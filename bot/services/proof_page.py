"""The link in the e-mail that asks whether a mailbox is the patient's.

To look changes nothing; to confirm uses the link up, and the mailbox is used from then on.
"""

from bot.services.clinic import Clinic
from bot.services.ports import Clock
from bot.services.proving import prove_address, whose_proof
from flows.ids import PatientId
from flows.vocabulary import Language
from storage.database import Database
from storage.unit_of_work import UnitOfWork


class Proofs:
    """What the page behind the link calls."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the clinic whose patients named the mailboxes."""
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def peek(self, token: str) -> Language | None:
        """Tell the language of whoever the link was made for; None if it proves nothing any more. Changes nothing."""

        def work(uow: UnitOfWork) -> Language | None:
            patient_id = whose_proof(uow, token, self._clock.now())
            return None if patient_id is None else self._language(uow, patient_id)

        return await self._database.read(self._clinic.id, work)

    async def prove(self, token: str) -> Language | None:
        """Use the link as the proof of its mailbox; None if it proves nothing any more."""

        def work(uow: UnitOfWork) -> Language | None:
            patient_id = prove_address(uow, self._clinic, token, self._clock.now())
            uow.commit()
            return None if patient_id is None else self._language(uow, patient_id)

        return await self._database.write(self._clinic.id, work)

    def _language(self, uow: UnitOfWork, patient_id: PatientId) -> Language:
        return self._clinic.language_of(uow.patients.get(patient_id).language)
