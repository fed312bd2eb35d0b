"""Table of what staff say a text meant, where it was understood otherwise; for review, and read by nothing else."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from flows.ids import ClinicId, StaffId
from flows.meaning import Intent
from flows.vocabulary import Language
from storage.models.base import Row, refers
from storage.types import Id, KeyedHash, Sealed, UtcInstant, one_of


class Correction(Row, table=True):
    """A text without names and numbers, what it was understood to mean, and what it means.

    line_hash: keyed hash of the line it was said in. It does not lead from here to a patient; from a patient's lines it
    leads here, so that erasing them takes this along. text: sealed with the clinic's key.
    """

    __tablename__ = "correction"
    __table_args__ = (refers("staff_id", "staff"), UniqueConstraint("clinic_id", "line_hash"))

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    line_hash: bytes = Field(sa_type=KeyedHash)
    at: datetime = Field(sa_type=UtcInstant)
    staff_id: StaffId = Field(sa_type=Id)
    language: Language | None = Field(default=None, sa_type=one_of(Language))
    understood: Intent = Field(sa_type=one_of(Intent))
    sure: bool
    meant: Intent = Field(sa_type=one_of(Intent))
    text: bytes = Field(sa_type=Sealed)
