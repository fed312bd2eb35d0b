"""What is wrong with a patient list: where, what, and how to put it right. English, for the command line.

No problem quotes the cell it is about: a report may be kept or shown to others, a patient's data may not.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """WARNING: a cell was left out, the patient came in. ERROR: the row was refused."""

    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing to put right. row: as a spreadsheet counts, the headers are row 1. column: None for the whole row."""

    row: int
    column: str | None
    severity: Severity
    problem: str
    remedy: str

    def __str__(self) -> str:
        what = "" if self.column is None else f"{self.column} "
        return f"row {self.row}: {what}{self.problem}; {self.remedy}"


class PatientListError(ValueError):
    """A file cannot be read as a patient list at all. place: the line or column; problem, remedy: English."""

    def __init__(self, *, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{place}: {problem}; {remedy}")
        self.place = place
        self.problem = problem
        self.remedy = remedy


class CellError(ValueError):
    """A cell does not say what its column needs. problem, remedy: English, without the cell's content."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy
