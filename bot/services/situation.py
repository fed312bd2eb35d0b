"""Whom a transaction is about, and when: what every request carried out in it needs to know."""

from dataclasses import dataclass
from datetime import datetime

from bot.services.clinic import Clinic
from flows.ids import ConversationId, PatientId, ProviderId
from flows.vocabulary import Channel
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """An open transaction and its person.

    treated_by: the patient's own dentist. source: what the ledger names as evidence, such as the update's id.
    """

    uow: UnitOfWork
    clinic: Clinic
    conversation_id: ConversationId
    patient_id: PatientId
    channel: Channel
    treated_by: ProviderId | None
    now: datetime
    source: str
