"""What the auditor looks at: rows as they are stored; nothing of the house interprets them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from storage.unit_of_work import UnitOfWork

Row: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = Mapping[str, Sequence[Row]]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "outbox": (
        "id",
        "patient_id",
        "conversation_id",
        "channel",
        "kind",
        "purpose",
        "campaign",
        "step",
        "level",
        "message_key",
        "reach",
        "status",
        "status_reason",
        "sent_at",
        "created_at",
    ),
    "ledger_event": (
        "id",
        "patient_id",
        "at",
        "acted_by",
        "act",
        "purpose",
        "channel",
        "collected",
        "valid_from",
        "valid_until",
    ),
    "gate_decision": ("id", "outbox_id", "patient_id", "purpose", "stage", "verdict", "reason", "right_event_id", "at"),
    "patient": (
        "id",
        "household_id",
        "status",
        "birth_month",
        "next_visit_at",
        "lot",
        "rhythm_months",
        "staying_away",
        "staying_away_at",
        "off_list_at",
    ),
    "worklist_item": ("id", "patient_id", "kind", "attempts", "outcome", "closed_at"),
    "conversation": ("id", "patient_id", "owner", "staff_id", "lease_until"),
    "appointment": (
        "id",
        "patient_id",
        "provider_id",
        "starts_at",
        "ends_at",
        "status",
        "sequence",
        "created_at",
        "updated_at",
    ),
    "chair_time": ("provider_id", "quarter", "appointment_id", "hold_id"),
    "visit": ("id", "patient_id", "visited_on"),
    "received": ("id", "conversation_id", "at", "intent"),
    "ticket": ("id", "patient_id", "conversation_id", "reason", "status", "holder_id"),
    "staff_action": ("id", "patient_id", "action", "at"),
    "job_run": ("id", "job", "outcome"),
    "quarantined_update": ("id", "error"),
}
LEFT = ("sent", "unknown")
BY_HAND = ("phone", "letter")
"""Ways by which a person does it: what came of it is written down in the same moment."""


class Evidence:
    """All rows at one moment. Instants are aware UTC."""

    def __init__(self, tables: Tables) -> None:
        """Take rows; a table that is not named is empty."""
        self._tables = tables
        self._sorted: dict[tuple[str, str], Mapping[object, Sequence[Row]]] = {}

    def __getitem__(self, table: str) -> Sequence[Row]:
        """The rows of a table."""
        return self._tables.get(table, ())

    def of(self, table: str, column: str, value: object) -> Sequence[Row]:
        """The rows of a table whose column has this value; sorted once."""
        if (table, column) not in self._sorted:
            found: dict[object, list[Row]] = defaultdict(list)
            for row in self[table]:
                found[row[column]].append(row)
            self._sorted[table, column] = found
        return self._sorted[table, column].get(value, ())

    def proactive(self) -> list[Row]:
        """What left by itself, or may have."""
        return [row for row in self["outbox"] if row["kind"] == "proactive" and row["status"] in LEFT]


def precedes(at: datetime, sent: Row) -> bool:
    """Whether something was so before a message left, or before somebody was called: what a call led to was not."""
    return bool(at < sent["sent_at"] if sent["channel"] in BY_HAND else at <= sent["sent_at"])


def read_evidence(uow: UnitOfWork) -> Evidence:
    """Read everything the auditor looks at."""
    return Evidence({table: uow.stored.of(table, *columns) for table, columns in COLUMNS.items()})
