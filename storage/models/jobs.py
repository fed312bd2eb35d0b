"""Tables of what ran: imports of patient lists, runs of jobs, and when each part of the house was last alive."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from flows.ids import ClinicId
from storage.models.base import SMALL_ROWS, Row, of_clinic
from storage.types import Id, UtcInstant, one_of
from storage.vocabulary import JobOutcome


class ImportRun(Row, table=True):
    """One import: which file, by its SHA-256, and how many of its rows had which fate."""

    __tablename__ = "import_run"
    __table_args__ = (of_clinic(), Index(None, "clinic_id", "file_hash"))

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    file_hash: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcInstant)
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int


class JobRun(Row, table=True):
    """One run of a job; `count` says how many things it did."""

    __tablename__ = "job_run"
    __table_args__ = (of_clinic(), Index(None, "clinic_id", "job", "id"))

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    job: str = Field(max_length=64)
    started_at: datetime = Field(sa_type=UtcInstant)
    finished_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    outcome: JobOutcome = Field(sa_type=one_of(JobOutcome))
    count: int = 0


class Pulse(Row, table=True):
    """When a part, such as a messenger's intake, was last heard of."""

    __tablename__ = "pulse"
    __table_args__ = (of_clinic(), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    part: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcInstant)
