"""What the worklist holds, as code sees it: calls, letters, and what the dentist decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.ids import PatientId, StaffId
from storage.vocabulary import WorkKind, WorkOutcome

HELD_FOR = timedelta(hours=1)
"""So long a call is in the hands of whoever began it: then a colleague may take it, and it may fall off the list."""

IN_PLACE_OF_A_LETTER = ":email"
"""How the names of e-mails end that go in place of a letter: the letter keeps its own, should one reach nobody."""

CAME_TO_NOTHING = frozenset(
    {
        WorkOutcome.NOT_REACHED,
        WorkOutcome.WRONG_NUMBER,
        WorkOutcome.POSTED,
        WorkOutcome.MAILED,
        WorkOutcome.WRITTEN,
        WorkOutcome.SKIPPED,
    }
)
"""Outcomes after which the campaign goes on, if nobody answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewWork:
    """Something to be put on the list. due_at: not before (aware UTC). outcome: None while it is to be done."""

    patient_id: PatientId
    kind: WorkKind
    campaign: str
    step: int
    due_at: datetime
    outcome: WorkOutcome | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Something on the list. Instants aware UTC."""

    id: int
    patient_id: PatientId
    kind: WorkKind
    campaign: str
    step: int
    due_at: datetime
    attempts: int
    outcome: WorkOutcome | None
    staff_id: StaffId | None
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Silent:
    """Somebody who has not answered the step before. campaign: the one that goes on; step: the one that came last.

    since: when that one left, or came to nothing (UTC); place: the order of those silent since the same instant.
    """

    patient_id: PatientId
    campaign: str
    step: int
    since: datetime
    place: int
