"""What the worklist needs to be shown and worked on: its verbs, and the closed sets of what can come of something."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.services.views import StaffMember, UnmarkedVisit, WorkView

LATER_MONTHS = (1, 3, 6, 12)
"""After how many months somebody who was reached may be written to again."""


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED_BOOKED = "reached_booked"
    REACHED_LATER = "reached_later"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    ASKED_TO_STOP = "asked_to_stop"


CALL_OUTCOMES = tuple(outcome for outcome in CallOutcome if outcome is not CallOutcome.REACHED_LATER)
"""Those that need nothing beside."""


class Decision(StrEnum):
    """What the dentist decides about somebody whom nobody reached."""

    KEEP = "keep"
    WRITE = "write"
    REST = "rest"
    TAKE_OFF = "take_off"


class Came(StrEnum):
    """Whether a patient came to a visit."""

    CAME = "came"
    MISSED = "missed"


class AttendancePage(Protocol):
    """Visits that are over and not marked. Every answer is written to the audit."""

    async def unmarked(self, staff: StaffMember) -> tuple[UnmarkedVisit, ...]:
        """List them, the longest ago first."""
        ...

    async def mark(self, staff: StaffMember, patient_id: int, starts_at: datetime, came: Came) -> None:
        """Record whether the patient came to the visit that started then (UTC). Raises ConflictError."""
        ...


class WorklistPage(Protocol):
    """The worklist. Every act is written to the audit; each raises ConflictError where things have changed."""

    async def to_do(self, staff: StaffMember) -> tuple[WorkView, ...]:
        """List the calls and letters that are due."""
        ...

    async def for_the_dentist(self, staff: StaffMember) -> tuple[WorkView, ...]:
        """List whom nobody reached. Raises NotAllowedError for reception."""
        ...

    async def begin_call(self, staff: StaffMember, item_id: int) -> None:
        """Hold a call, so that its number is shown."""
        ...

    async def called(self, staff: StaffMember, item_id: int, outcome: CallOutcome, months: int | None = None) -> None:
        """Say what came of a call; months: of LATER_MONTHS, where they said "later"."""
        ...

    async def posted(self, staff: StaffMember, item_id: int) -> None:
        """Say that a letter goes to the post now."""
        ...

    async def decide(self, staff: StaffMember, item_id: int, decision: Decision) -> None:
        """Decide what becomes of somebody. Raises NotAllowedError for reception."""
        ...
