"""Whom a transaction is about, and when: what every request carried out in it needs to know."""

from dataclasses import dataclass
from datetime import datetime

from bot.services.clinic import Clinic
from flows.ids import ConversationId, PatientId, ProviderId
from flows.vocabulary import Channel
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """An open transaction and its person, with or without a talk.

    source: what the ledger names as evidence, such as the update's id.
    """

    uow: UnitOfWork
    clinic: Clinic
    patient_id: PatientId
    channel: Channel
    now: datetime
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation(Occasion):
    """An occasion in a talk. treated_by: the patient's own dentist.

    seen: the patient as they were read at the beginning of this very transaction; None where they were not, or in one
    before it. What a turn itself may change of them (contacts, language, wishes) is read anew.
    """

    conversation_id: ConversationId
    treated_by: ProviderId | None
    seen: Patient | None = None
