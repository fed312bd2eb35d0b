"""What is stored, read straight from the tables: nothing of the house stands between a test and its rows.

Sealed columns are left alone; instants are aware UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import create_engine, text

Row = Mapping[str, Any]
TABLES: Mapping[str, str] = {
    "batch_release": "id, batch, staff_id, at",
    "outbox": (
        "id, patient_id, conversation_id, channel, kind, purpose, campaign, step, message_key, level, reach, status,"
        " status_reason, attempts, not_before, sent_at, created_at"
    ),
    "ledger_event": (
        "id, patient_id, seq, at, acted_by, act, purpose, address_id, channel, collected, evidence, valid_from,"
        " valid_until"
    ),
    "gate_decision": (
        "id, outbox_id, patient_id, purpose, stage, verdict, reason, wait, until, right_event_id, policy, policy_hash,"
        " at"
    ),
    "conversation": "id, patient_id, address_id, owner, staff_id, lease_until, lock_version",
    "address": "id, patient_id, channel, verified_at, closed_at",
    "appointment": "id, patient_id, provider_id, starts_at, ends_at, status, sequence, updated_at",
    "hold": "id, conversation_id, provider_id, starts_at, ends_at, expires_at",
    "chair_time": "provider_id, quarter, appointment_id, hold_id",
    "patient": (
        "id, household_id, status, language, birth_month, last_visit_on, last_contacted_at, next_visit_at, recall_ok,"
        " postvisit_ok, frozen, staying_away, lot, off_list_at, paused_until"
    ),
    "received": "id, conversation_id, kind, at",
    "claimed_update": "channel, external_id",
    "quarantined_update": "id, external_id, error",
    "ticket": "id, conversation_id, reason, urgency, status, holder_id, acknowledged_at",
    "staff_action": "id, staff_id, patient_id, action",
    "visit": "id, patient_id, appointment_id, check_in_due_at",
    "worklist_item": "id, patient_id, kind, campaign, step, due_at, attempts, outcome, staff_id, closed_at",
    "job_run": "id, job, outcome",
}
INSTANTS = frozenset(
    {
        "acknowledged_at",
        "at",
        "check_in_due_at",
        "closed_at",
        "created_at",
        "due_at",
        "ends_at",
        "expires_at",
        "last_contacted_at",
        "lease_until",
        "next_visit_at",
        "not_before",
        "off_list_at",
        "paused_until",
        "sent_at",
        "starts_at",
        "until",
        "updated_at",
        "valid_from",
        "valid_until",
        "verified_at",
    }
)
DAYS = frozenset({"birth_month", "last_visit_on"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Everything:
    """All rows of the tables above at one moment, in the order of their ids where they have one."""

    tables: Mapping[str, tuple[Row, ...]]

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        """The rows of a table."""
        return self.tables[table]

    def of(self, table: str, **values: object) -> list[Row]:
        """The rows of a table that have these values."""
        return [row for row in self.tables[table] if all(row[name] == value for name, value in values.items())]


class Records:
    """Reads a database that a house may be using."""

    def __init__(self, url: str) -> None:
        """Take the URL of a migrated database."""
        self._engine = create_engine(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def read(self) -> Everything:
        """Read everything, in one transaction."""
        with self._engine.connect() as connection:
            return Everything(
                tables={
                    table: tuple(
                        {name: _plain(name, value) for name, value in row.items()}
                        for row in connection.execute(text(_query(table, columns))).mappings()
                    )
                    for table, columns in TABLES.items()
                }
            )

    def of(self, table: str, **values: object) -> list[Row]:
        """The rows of a table that have these values now."""
        return self.read().of(table, **values)

    def has(self, statement: str) -> bool:
        """Whether a query finds anything; far cheaper than reading everything, for whoever asks again and again."""
        with self._engine.connect() as connection:
            return connection.execute(text(statement)).first() is not None

    def change(self, statement: str, **parameters: object) -> None:
        """Change what is stored behind the house's back, as a fault would."""
        with self._engine.begin() as connection:
            connection.execute(text(statement), parameters)


def _query(table: str, columns: str) -> str:
    order = " ORDER BY id" if columns.startswith("id,") else ""
    return f"SELECT {columns} FROM {table}{order}"  # noqa: S608 - our own tables and columns


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401 - a column's value
    if name in DAYS and isinstance(value, str):
        return date.fromisoformat(value)
    if name not in INSTANTS or value is None:
        return value
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
