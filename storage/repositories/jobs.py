"""What ran: jobs, and imports of lists."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.models import ImportRun, JobRun, table_of
from storage.scope import Scope
from storage.vocabulary import JobOutcome

_jobs = table_of(JobRun)
_imports = table_of(ImportRun)
_LAST = (
    select(_jobs.c.job, _jobs.c.started_at, _jobs.c.finished_at, _jobs.c.outcome, _jobs.c.count)
    .where(_jobs.c.clinic_id == bindparam("clinic_id"), _jobs.c.job == bindparam("job"))
    .order_by(_jobs.c.id.desc())
    .limit(1)
)
_FINISH = (
    update(_jobs)
    .where(_jobs.c.clinic_id == bindparam("of_clinic"), _jobs.c.id == bindparam("of_run"))
    .values(
        finished_at=bindparam("now", type_=_jobs.c.finished_at.type),
        outcome=bindparam("ended", type_=_jobs.c.outcome.type),
        count=bindparam("did"),
    )
)
_IMPORTS = (
    select(*(column for column in _imports.c if column.name not in {"clinic_id", "id"}))
    .where(_imports.c.clinic_id == bindparam("clinic_id"))
    .order_by(_imports.c.id.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRunRecord:
    """A run of a job; count: how many things it did."""

    job: str
    started_at: datetime
    finished_at: datetime | None
    outcome: JobOutcome
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRecord:
    """An import; file_hash: SHA-256 in hexadecimal; the rest counts rows."""

    file_hash: str
    at: datetime
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int


class JobRepository:
    """Runs of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def started(self, job: str, *, now: datetime) -> int:
        """Remember that a job has begun; returns the id of the run."""
        run_id = self._scope.ids.next()
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": run_id,
            "job": job,
            "started_at": now,
            "outcome": JobOutcome.RUNNING,
            "count": 0,
        }
        self._scope.execute(insert(_jobs), row)
        return run_id

    def finished(self, run_id: int, outcome: JobOutcome, *, count: int, now: datetime) -> None:
        """Remember how the run ended."""
        parameters = {"of_clinic": self._scope.clinic_id, "of_run": run_id, "now": now, "ended": outcome, "did": count}
        self._scope.execute(_FINISH, parameters)

    def last(self, job: str) -> JobRunRecord | None:
        """Return the latest run of a job, if it ever ran."""
        row = self._scope.execute(_LAST, {"clinic_id": self._scope.clinic_id, "job": job}).mappings().first()
        return None if row is None else JobRunRecord(**row)

    def imported(self, record: ImportRecord) -> None:
        """Remember an import."""
        row = asdict(record) | {"clinic_id": self._scope.clinic_id, "id": self._scope.ids.next()}
        self._scope.execute(insert(_imports), row)

    def imports(self, limit: int) -> list[ImportRecord]:
        """Return imports, the latest first."""
        rows = self._scope.execute(_IMPORTS, {"clinic_id": self._scope.clinic_id, "limit": limit}).mappings()
        return [ImportRecord(**row) for row in rows]
