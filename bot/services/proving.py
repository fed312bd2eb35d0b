"""Proves that a mailbox is the patient's: who has the secret that was sent there has the mailbox.

A secret proves the one address it was made for: it ends when the patient names another.
"""

from datetime import datetime, timedelta

from flows.ids import PatientId
from flows.vocabulary import Channel
from storage.records.people import Address
from storage.repositories.addresses import UNPROVEN
from storage.repositories.passes import Holder
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind

PROOF_LASTS = timedelta(days=7)
BY_MAIL = "secret_by_mail"
"""How a mailbox is known that was proven by a secret sent to it."""


def awaiting_proof(uow: UnitOfWork, patient_id: PatientId) -> Address | None:
    """Find the mailbox a patient named and nobody has proven yet; None if there is none. Raises KeyErasedError."""
    named = uow.patients.get(patient_id).profile.email
    mailboxes = (each for each in uow.addresses.of_patient(patient_id) if each.channel is Channel.EMAIL)
    return next((each for each in mailboxes if each.value == named and each.closed_why == UNPROVEN), None)


def proof_for(uow: UnitOfWork, patient_id: PatientId, now: datetime) -> str | None:
    """Make the secret to send to the mailbox that awaits proof, and end those made before; None if none awaits it."""
    end_proofs(uow, patient_id)
    if awaiting_proof(uow, patient_id) is None:
        return None
    return uow.passes.issue(PassKind.ADDRESS_PROOF, Holder(patient_id=patient_id), now=now, lifetime=PROOF_LASTS)


def prove_address(uow: UnitOfWork, secret: str, now: datetime) -> bool:
    """Use a secret that came back, and use the mailbox from now (UTC) on; False if it proves nothing any more."""
    holder = uow.passes.use(PassKind.ADDRESS_PROOF, secret, now=now)
    if holder is None or holder.patient_id is None:
        return False
    proven = awaiting_proof(uow, holder.patient_id)
    if proven is None:
        return False
    uow.addresses.verify(proven.id, how=BY_MAIL, now=now)
    uow.addresses.reopen(proven.id)
    return True


def end_proofs(uow: UnitOfWork, patient_id: PatientId) -> None:
    """End every secret that proves an address of a patient."""
    uow.passes.revoke_of_kind(patient_id, PassKind.ADDRESS_PROOF)
