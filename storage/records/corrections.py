"""What staff say a text meant, as code sees it."""

from dataclasses import dataclass
from datetime import datetime

from flows.ids import StaffId
from flows.meaning import Intent
from flows.vocabulary import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCorrection:
    """A correction of a line. text: without names and numbers. language: None where it was not told."""

    line_id: int
    text: str
    language: Language | None
    understood: Intent
    sure: bool
    meant: Intent


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A correction as it is kept; nothing of it says whose words they were. at: aware UTC."""

    id: int
    at: datetime
    staff_id: StaffId
    text: str
    language: Language | None
    understood: Intent
    sure: bool
    meant: Intent
