"""Proves that a mailbox is the patient's: who has the secret that was sent there has the mailbox.

A secret proves the one address it was made for: it ends when the patient names another.
"""

from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.closing import open_address
from bot.services.situation import Occasion
from flows.ids import PatientId
from flows.vocabulary import Channel
from storage.records.people import Address
from storage.repositories.addresses import UNPROVEN
from storage.repositories.passes import Holder
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind

PROOF_LASTS = timedelta(days=7)
BY_MAIL = "secret_by_mail"
"""How a mailbox is known that was proven by a secret sent to it, and where the ledger has it from."""


def awaiting_proof(uow: UnitOfWork, patient_id: PatientId) -> Address | None:
    """Find the mailbox a patient named and nobody has proven yet; None if there is none. Raises KeyErasedError."""
    named = uow.patients.get(patient_id).profile.email
    mailboxes = (each for each in uow.addresses.of_patient(patient_id) if each.channel is Channel.EMAIL)
    return next((each for each in mailboxes if each.value == named and each.closed_why == UNPROVEN), None)


def proof_for(uow: UnitOfWork, patient_id: PatientId, now: datetime) -> str | None:
    """Make the secret to send to the mailbox that awaits proof, and end those made before; None if none awaits it."""
    # Whoever names another mailbox meanwhile waits, and ends this secret: it must not prove the other one.
    uow.patients.lock(patient_id)
    end_proofs(uow, patient_id)
    if awaiting_proof(uow, patient_id) is None:
        return None
    return uow.passes.issue(PassKind.ADDRESS_PROOF, Holder(patient_id=patient_id), now=now, lifetime=PROOF_LASTS)


def whose_proof(uow: UnitOfWork, secret: str, now: datetime) -> PatientId | None:
    """Tell whose mailbox a secret proves at `now` (UTC); None if it proves nothing any more. Changes nothing."""
    held = uow.passes.look_up(PassKind.ADDRESS_PROOF, secret, now=now)
    if held is None or held.patient_id is None or held.patient_id not in uow.patients.get_many([held.patient_id]):
        return None
    return None if awaiting_proof(uow, held.patient_id) is None else held.patient_id


def prove_address(uow: UnitOfWork, clinic: Clinic, secret: str, now: datetime) -> PatientId | None:
    """Use a secret that came back, and use the mailbox from now (UTC) on; None if it proves nothing any more."""
    patient_id = whose_proof(uow, secret, now)
    if patient_id is None:
        return None
    uow.patients.lock(patient_id)
    proven = awaiting_proof(uow, patient_id)
    if uow.passes.use(PassKind.ADDRESS_PROOF, secret, now=now) is None or proven is None:
        return None
    here = Occasion(uow=uow, clinic=clinic, patient_id=patient_id, channel=proven.channel, now=now, source=BY_MAIL)
    uow.addresses.verify(proven.id, how=BY_MAIL, now=now)
    # It may have been closed once because nothing arrived there: whoever has the secret has the mailbox again.
    open_address(here, proven.id)
    return patient_id


def end_proofs(uow: UnitOfWork, patient_id: PatientId) -> None:
    """End every secret that proves an address of a patient."""
    uow.passes.revoke_of_kind(patient_id, PassKind.ADDRESS_PROOF)
