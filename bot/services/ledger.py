"""Keeps the consent ledger provable: verifies it, stops what may not be sent any more, seals it off once a day.

A broken chain stops its person's sending, wherever the gate reads it; a broken checkpoint stops the clinic's, here.
"""

import logging
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.ports import Clock
from storage.database import Database
from storage.repositories.checkpoints import Checkpoint
from storage.repositories.ledger_proof import Proof
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

SEALED_EVERY = timedelta(days=1)
UNREADABLE = "an entry or a checkpoint cannot be read"
STOPPED_BY_LEDGER = "ledger: "
"""How a reason begins for which this module stopped the sending, and may let it go on."""


def follow(uow: UnitOfWork, proof: Proof) -> None:
    """Stop the clinic's sending if a checkpoint is broken or an entry unreadable; let it go on once neither is.

    What else had stopped it is left alone.
    """
    stopped = uow.clinics.why_stopped()
    if proof.checkpoint is not None or not proof.is_readable:
        why = UNREADABLE if proof.checkpoint is None else f"checkpoint {proof.checkpoint} does not verify"
        if stopped is None:
            uow.clinics.stop_sending(f"{STOPPED_BY_LEDGER}{why}")
    elif stopped is not None and stopped.startswith(STOPPED_BY_LEDGER):
        uow.clinics.resume_sending()


def seal(uow: UnitOfWork, proof: Proof, now: datetime) -> Checkpoint | None:
    """Seal off what is new (now: aware UTC), but for broken chains. None: a checkpoint is broken, none is put on it."""
    return None if proof.checkpoint is not None else uow.checkpoints.make(now=now, broken=proof.broken)


class LedgerKeeping:
    """The daily look at one clinic's ledger."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the database that holds the ledger."""
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def seal_due(self) -> int:
        """Verify the ledger and seal off what is new, if a day has passed; tells how many chains were sealed off."""
        latest = await self._database.read(self._clinic.id, lambda uow: uow.checkpoints.latest())
        if latest is not None and self._clock.now() < latest.at + SEALED_EVERY:
            return 0
        try:
            proof = await self._database.read(self._clinic.id, lambda uow: uow.ledger_proof.run())
        except (LookupError, TypeError, ValueError) as unreadable:
            # A row holds what recare never writes: who put it there must not have switched off the proof.
            log.exception("the ledger cannot be read", extra={"kind": type(unreadable).__name__})
            await self._database.write(self._clinic.id, _stop_unread)
            return 0
        _report(proof)
        sealed = await self._database.write_alone(self._clinic.id, lambda uow: self._seal(uow, proof))
        if sealed is None:
            return 0
        # The seal stands in the log too, outside of the database: there a cut-off end of the ledger would show.
        log.info("ledger sealed", extra={"checkpoint": sealed.seq, "heads": sealed.heads, "seal": sealed.mac.hex()})
        return sealed.heads

    def _seal(self, uow: UnitOfWork, proof: Proof) -> Checkpoint | None:
        follow(uow, proof)
        sealed = seal(uow, proof, self._clock.now()) if proof.events and proof.is_readable else None
        uow.commit()
        return sealed


def _stop_unread(uow: UnitOfWork) -> None:
    if uow.clinics.why_stopped() is None:
        uow.clinics.stop_sending(f"{STOPPED_BY_LEDGER}{UNREADABLE}")
        uow.commit()


def _report(proof: Proof) -> None:
    if proof.checkpoint is not None:
        log.error("a checkpoint of the ledger is broken", extra={"checkpoint": proof.checkpoint})
    for chain in proof.chains:
        extra = {"patient_id": chain.patient_id, "seq": chain.seq, "breach": chain.breach.value}
        log.error("a chain of the ledger is broken", extra=extra)
