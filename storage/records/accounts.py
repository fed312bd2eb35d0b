"""An account of a messenger as code sees it, and those for whom it speaks."""

from dataclasses import dataclass
from datetime import datetime

from flows.ids import AddressId, ConversationId, PatientId
from flows.vocabulary import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """An account. lookup: keyed hash of its id. conversation_id: the talk it is in; known: that talk is a patient's.

    tries: wrong links, numbers and names since tries_since. slowed: how often it was made to wait, until slowed_until.
    Instants are aware UTC.
    """

    channel: Channel
    lookup: bytes
    conversation_id: ConversationId
    known: bool
    tries: int
    tries_since: datetime | None
    slowed: int
    slowed_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody an account speaks for, and the talk it speaks for them in."""

    patient_id: PatientId
    address_id: AddressId
    conversation_id: ConversationId
