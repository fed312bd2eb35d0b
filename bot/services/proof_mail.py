"""The one e-mail to a mailbox that a patient named in the chat: asked for in their turn, worded when it leaves.

Invariant: it goes to the mailbox that awaits proof and to no other; its link stands nowhere else, and it names nobody.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.services.approach import mails
from bot.services.clinic import Clinic
from bot.services.leaving import Leaving, claimed
from bot.services.mail_body import mail_body
from bot.services.people import reader_of
from bot.services.ports import Clock, OutgoingMail
from bot.services.proving import PROOF_LASTS, awaiting_proof, proof_for
from bot.services.situation import Occasion
from bot.wording import Wording
from flows.engine.events import Proof
from flows.messages import proof as say
from flows.messages.invites import Salutation
from flows.messages.text import LOCK_SCREEN, Text
from flows.outreach.hours import local_day
from flows.vocabulary import Channel
from storage.records.outgoing import DueOutbox, Lease, NewOutbox
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind, OutboxStatus

PROOF_MAIL = say.ProofWhy.key
"""The message key of its rows in the outbox."""

MOST_A_DAY = 3
"""Whoever presses on may name mailboxes of others: so many e-mails in a day can come of it, and no more."""

ONE_DAY = timedelta(days=1)
WAITING = frozenset({OutboxStatus.PLANNED, OutboxStatus.QUEUED})


def ask_for_proof(here: Occasion) -> Proof:
    """Let a link be mailed to the mailbox that awaits proof, where e-mails can leave at all.

    One that still waits to leave serves: it is addressed when it leaves.
    """
    if not mails(here.clinic) or awaiting_proof(here.uow, here.patient_id) is None:
        return Proof.NOT_SENT
    before = here.uow.outbox.asked_since(here.patient_id, PROOF_MAIL, here.now - ONE_DAY)
    if WAITING.intersection(before):
        return Proof.MAILED
    if len(before) >= MOST_A_DAY:
        return Proof.NOT_SENT
    row = NewOutbox(
        patient_id=here.patient_id,
        channel=Channel.EMAIL,
        kind=OutboxKind.REPLY,
        message_key=PROOF_MAIL,
        level=LOCK_SCREEN,
        not_before=here.now,
    )
    here.uow.outbox.put([row], now=here.now)
    return Proof.MAILED


class ProofMailing:
    """Words these e-mails."""

    def __init__(self, *, clinic: Clinic, clock: Clock, wording: Wording) -> None:
        """Take what wording needs."""
        self._clinic = clinic
        self._clock = clock
        self._wording = wording

    def prepare(self, uow: UnitOfWork, due: DueOutbox, lease: Lease) -> Leaving | None:
        """Word a claimed e-mail and address it; None if there is nothing to prove any more, which is written down.

        lease: that of the claim, made to last from now on. Words that could not leave before are replaced: their link
        ends with the new one.
        """
        leaving = self._word(uow, due, lease) if due.key_present else None
        if leaving is None:
            uow.outbox.refuse([due.id], lease.token, reason="nothing_to_prove")
        uow.commit()
        return leaving

    def _word(self, uow: UnitOfWork, due: DueOutbox, lease: Lease) -> Leaving | None:
        if not uow.outbox.renew(due.id, lease):
            return None
        now = self._clock.now()
        secret = proof_for(uow, due.patient_id, now)
        mailbox = awaiting_proof(uow, due.patient_id)
        if secret is None or mailbox is None:
            return None
        link = f"{self._clinic.settings.web.public_url}/e/{secret}"
        mail = self._mail(uow.patients.get(due.patient_id), link, uow.invites.mark_of(due.id), now)
        body = mail_body(mail, "\n\n".join(_plain(mail)), mailbox.id)
        held = uow.outbox.word(
            due.id, lease.token, body, patient_id=due.patient_id, message_key=PROOF_MAIL, level=LOCK_SCREEN
        )
        return replace(claimed(due, lease, body), address_id=mailbox.id, address=mailbox.value) if held else None

    def _mail(self, patient: Patient, link: str, mark: str, now: datetime) -> OutgoingMail:
        part = self._clinic.settings.clinic
        language = self._clinic.language_of(patient.language)
        reader = reader_of(patient, self._clinic)

        def word(text: Text) -> str:
            return self._wording.word(text, language=language, level_limit=LOCK_SCREEN, reader=reader, now=now).text

        until = local_day(now + PROOF_LASTS - ONE_DAY, self._clinic.zone)
        return OutgoingMail(
            language=language,
            subject=word(say.ProofSubject()),
            before=(word(Salutation()), word(say.ProofWhy())),
            button=word(say.ProofConfirm()),
            link=link,
            after=(word(say.ProofHow(until=until)), word(say.ProofNotYours())),
            small=(part.names.get(language, part.name), part.address, part.phone),
            mark=mark,
        )


def _plain(mail: OutgoingMail) -> Iterator[str]:
    yield from mail.before
    yield f"{mail.button}:\n{mail.link}"
    yield from mail.after
    yield "\n".join(mail.small)
