"""Messages that are to leave, as code hands them in and gets them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.ids import AddressId, ConversationId, OutboxId, PatientId, StaffId
from flows.vocabulary import Channel, Owner, Purpose, Reach
from storage.sealing import Json
from storage.vocabulary import OutboxKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """The right to send a message and to say what became of it. token: known to the holder alone; until: aware UTC."""

    token: str
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NewOutbox:
    """A message for the outbox.

    body: JSON data, None if it is to be worded when it is due. not_before: aware UTC. campaign and step: of the
    programme's messages, each at most once for a patient. lease: for the one who sends it right after the commit.
    """

    patient_id: PatientId
    channel: Channel
    kind: OutboxKind
    message_key: str
    level: int
    not_before: datetime
    conversation_id: ConversationId | None = None
    reach: Reach = Reach.BOT_ONLY
    body: Mapping[str, Json] | None = None
    purpose: Purpose | None = None
    campaign: str | None = None
    step: int | None = None
    staff_id: StaffId | None = None
    lease: Lease | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DueOutbox:
    """A message claimed to be sent, with what must be known where it leaves.

    body: None if it must be worded. owner: who speaks in its conversation, None without one. address and address_id:
    where it goes, None where the message has no conversation; closed_at, closed_why: since when that may not be used,
    and why. key_present: the person was not erased; if they were, body and address are None.
    """

    id: OutboxId
    patient_id: PatientId
    conversation_id: ConversationId | None
    channel: Channel
    kind: OutboxKind
    purpose: Purpose | None
    campaign: str | None
    step: int | None
    level: int
    message_key: str
    reach: Reach
    body: Mapping[str, Json] | None
    not_before: datetime
    attempts: int
    staff_id: StaffId | None
    owner: Owner | None
    address_id: AddressId | None
    address: str | None
    closed_at: datetime | None
    closed_why: str | None
    key_present: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOutbox:
    """A message that left at an instant (UTC), held with a lease. external_id: the messenger's id for it, if any."""

    id: OutboxId
    lease_token: str
    external_id: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LostOutbox:
    """A message of which nobody can say whether it arrived."""

    id: OutboxId
    patient_id: PatientId
    conversation_id: ConversationId | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """What became of messages whose sender vanished: how many go out again, and which are unknown."""

    put_back: int
    unknown: tuple[LostOutbox, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedOutbox:
    """A message of the programme that waits for its time; not_before: aware UTC."""

    patient_id: PatientId
    purpose: Purpose
    campaign: str
    step: int
    not_before: datetime
