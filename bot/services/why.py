"""Why a message left or did not, from the right it rests on to what became of it; and why somebody gets none now.

Gathers what is stored, and what the gate says at this moment. Nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.services.approach import BY_HAND
from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.why_now import Outlook, why_now
from flows.ids import OutboxId, PatientId
from flows.outreach.cadence import Campaign
from flows.outreach.ledger import LedgerEvent
from flows.outreach.policy import PolicyPart
from flows.outreach.verdict import Stage
from storage.records.people import Patient
from storage.repositories.decisions import Decided, Signature
from storage.repositories.message_log import Logged, LoggedWork
from storage.repositories.releases import Chosen
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind, Verdict

MOST_MESSAGES = 20
MOST_REFUSALS = 5
_LOOKED_BACK = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedPart:
    """A file of the rules a message was judged by, and who answers for it; None: nobody."""

    part: PolicyPart
    signature: Signature | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The rules a message was judged by. parts: None if they have changed since, so that nobody can name them now."""

    id: str
    version: int
    parts: tuple[SignedPart, ...] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """What a member of staff chose for a message of a batch, and their name."""

    chosen: Chosen
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageWhy:
    """The whole chain of one message.

    campaign: None for what belongs to no campaign. right: the entry of the ledger it rests on; None: a booked visit, or
    no yes of the gate. judged: all the gate said of it, in order. written_by: the member of staff who wrote it.
    """

    message: Logged
    campaign: Campaign | None
    right: LedgerEvent | None
    rules: Rules | None
    judged: tuple[Decided, ...]
    release: Release | None
    written_by: str | None

    def said(self, stage: Stage) -> tuple[Decided, ...]:
        """What the gate said at this stage, in order."""
        return tuple(decided for decided in self.judged if decided.stage is stage)

    @property
    def rests_on_a_visit(self) -> bool:
        """Whether the gate said yes for no other reason than a booked visit."""
        permitted = [decided for decided in self.judged if decided.verdict is Verdict.PERMIT]
        return bool(permitted) and permitted[-1].right_event_id is None


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientWhy:
    """What the programme sent to somebody, the latest first, and how it stands with them now.

    work: what stands or stood on the worklist about them. refusals: the last times the gate said no before there was a
    message, the latest first. now: one outlook for each way of reaching them, as `why_now` has them.
    """

    patient_id: PatientId
    number: str
    name: str
    messages: tuple[MessageWhy, ...]
    work: tuple[LoggedWork, ...]
    refusals: tuple[Decided, ...]
    now: tuple[Outlook, ...]


def why_patient(uow: UnitOfWork, clinic: Clinic, patient: Patient, now: datetime) -> PatientWhy:
    """Tell all of a patient, as of `now` (aware UTC)."""
    log = uow.messages.of_patient(patient.id, limit=MOST_MESSAGES)
    decided = uow.decisions.of_patient(patient.id, _LOOKED_BACK)
    refusals = [each for each in decided if each.outbox_id is None and each.verdict is Verdict.REFUSE]
    return PatientWhy(
        patient_id=patient.id,
        number=patient.profile.number,
        name=name_of(patient) or patient.profile.number,
        messages=tuple(_told(uow, clinic, log, patient.id, patient.residence)),
        work=tuple(uow.messages.work(patient.id, limit=MOST_MESSAGES)),
        refusals=tuple(refusals[:MOST_REFUSALS]),
        now=why_now(uow, clinic, patient.id, log, now),
    )


def why_message(uow: UnitOfWork, clinic: Clinic, outbox_id: OutboxId) -> MessageWhy | None:
    """Tell all of a message; None if there is no such message."""
    message = uow.messages.get(outbox_id)
    if message is None:
        return None
    patient = uow.patients.get_many([message.patient_id]).get(message.patient_id)
    residence = None if patient is None else patient.residence
    return _told(uow, clinic, [message], message.patient_id, residence)[0]


def last_message(uow: UnitOfWork, clinic: Clinic, patient: Patient, log: Sequence[Logged]) -> MessageWhy | None:
    """Tell of the latest message of the programme to a patient that left or may have; None if there is none."""
    left = [message for message in log if message.sent_at is not None]
    return _told(uow, clinic, left[:1], patient.id, patient.residence)[0] if left else None


def _told(
    uow: UnitOfWork, clinic: Clinic, log: Sequence[Logged], patient_id: PatientId, residence: str | None
) -> list[MessageWhy]:
    judged = uow.messages.judged([message.id for message in log])
    events = {event.id: event for event in uow.ledger.events(patient_id)}
    names = uow.staff.names()
    told = []
    for message in log:
        said = judged.get(message.id) or _by_hand(uow, message)
        permits = [each.right_event_id for each in said if each.right_event_id is not None]
        chosen = uow.releases.chosen(message.id)
        told.append(
            MessageWhy(
                message=message,
                campaign=campaign_of(message),
                right=events.get(permits[-1]) if permits else None,
                rules=_rules(uow, clinic, message, said[-1], residence) if said else None,
                judged=said,
                release=None if chosen is None else Release(chosen=chosen, by=names.get(chosen.staff_id, "")),
                written_by=None if message.staff_id is None else names.get(message.staff_id),
            )
        )
    return told


def _by_hand(uow: UnitOfWork, message: Logged) -> tuple[Decided, ...]:
    """What the gate said before a person called or posted a letter: it was asked about the work, not about a row."""
    if message.kind is not OutboxKind.PROACTIVE or message.channel not in BY_HAND:
        return ()
    asked = uow.decisions.of_patient(message.patient_id, _LOOKED_BACK)
    about_it = (
        decided
        for decided in asked
        if decided.outbox_id is None
        and decided.stage is Stage.SENDING
        and decided.purpose is message.purpose
        and decided.at <= message.created_at
    )
    return tuple(islice(about_it, 1))


def campaign_of(message: Logged) -> Campaign | None:
    """The kind of campaign a message belongs to; None for none, or one of an older version's."""
    kind = (message.campaign or "").partition(":")[0]
    return Campaign(kind) if kind in tuple(Campaign) else None


def _rules(uow: UnitOfWork, clinic: Clinic, message: Logged, decided: Decided, residence: str | None) -> Rules:
    policy = clinic.policy_for(residence, message.channel)
    same = policy.content_hash == decided.policy_hash
    parts = tuple(
        SignedPart(part=part, signature=uow.decisions.signature(part.id, part.version, part.content_hash))
        for part in policy.parts
    )
    return Rules(id=decided.policy, version=decided.policy_version, parts=parts if same else None)
