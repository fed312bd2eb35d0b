"""The last moment before an invitation leaves by e-mail: its links are made, its words written, its address opened.

Invariant: a link exists in no other place than in the words it was made for, and the words only after the gate's yes.
"""

from dataclasses import replace
from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.invitations import InvitationWriter
from bot.services.judging import Judgement
from bot.services.leaving import Leaving, claimed
from bot.services.links import make_link, make_stop_link
from bot.services.mail_body import mail_body
from bot.services.pacing import OFFERS_EACH
from flows.messages.invites import WhoAndWhy
from storage.records.outgoing import DueOutbox, Lease
from storage.unit_of_work import UnitOfWork


class Mailing:
    """Words invitations by e-mail."""

    def __init__(self, *, clinic: Clinic, writer: InvitationWriter) -> None:
        """Take what wording needs."""
        self._clinic = clinic
        self._writer = writer

    def free_times(self, uow: UnitOfWork, now: datetime) -> int:
        """Tell how many times whoever opens the page could choose from (now: UTC), counted up to what we offer."""
        free = uow.calendar.free_count(
            visit_type_id=self._clinic.recall_type,
            provider_ids=self._clinic.providers,
            now=now,
            rules=self._clinic.offer_rules,
        )
        return min(free, OFFERS_EACH)

    def word(
        self, uow: UnitOfWork, due: DueOutbox, lease: Lease, judgement: Judgement, now: datetime
    ) -> Leaving | None:
        """Word a permitted invitation and address it; None if it may not leave after all, which is written down."""
        address_id = uow.invites.address_of(due.patient_id, due.channel)
        if address_id is None:
            uow.outbox.mark_failed([due.id], lease.token, reason="no_channel")
            return None
        mail = self._writer.mail(
            uow.patients.get(due.patient_id),
            make_link(uow, due.patient_id, self._clinic.settings, now),
            stop_link=make_stop_link(uow, due.patient_id, self._clinic.settings, now),
            mark=uow.invites.mark_of(due.id),
            level=judgement.level,
            foot=judgement.foot,
            now=now,
        )
        body = mail_body(mail.parts, mail.text, address_id)
        held = uow.outbox.word(
            due.id, lease.token, body, patient_id=due.patient_id, message_key=WhoAndWhy.key, level=judgement.level
        )
        if not held:
            return None
        leaving = claimed(due, lease, body)
        return replace(leaving, address_id=address_id, address=uow.addresses.get(address_id).value)
