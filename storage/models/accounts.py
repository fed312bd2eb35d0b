"""Table of the messenger accounts that have written to us: who is spoken with there now, and how often they guessed.

A row is there before the person is known; whom else the account speaks for, its addresses tell.
"""

from datetime import datetime

from sqlalchemy import SmallInteger
from sqlmodel import Field

from flows.ids import ClinicId, ConversationId
from flows.vocabulary import Channel
from storage.models.base import SMALL_ROWS, Row, refers
from storage.types import Id, KeyedHash, UtcInstant, one_of


class Account(Row, table=True):
    """An account; `lookup` is the keyed hash of its id at the messenger, the same as of its addresses.

    conversation_id: the talk it is in now. known: that talk is a patient's, not a placeholder's. tries: wrong links,
    numbers and names since tries_since. slowed: how often it was made to wait; slowed_until: no try counts before it.
    """

    __tablename__ = "account"
    __table_args__ = (refers("conversation_id", "conversation"), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    channel: Channel = Field(primary_key=True, sa_type=one_of(Channel))
    lookup: bytes = Field(primary_key=True, sa_type=KeyedHash)
    conversation_id: ConversationId = Field(sa_type=Id)
    known: bool = False
    tries: int = Field(default=0, sa_type=SmallInteger)
    tries_since: datetime | None = Field(default=None, sa_type=UtcInstant)
    slowed: int = Field(default=0, sa_type=SmallInteger)
    slowed_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    created_at: datetime = Field(sa_type=UtcInstant)
