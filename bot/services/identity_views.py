"""What the desk shows of somebody who is not known yet."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class CandidateView:
    """A patient it may be. same_day: born on a day that they named."""

    patient_id: int
    number: str
    name: str
    born_on: date | None
    same_day: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityView:
    """Somebody unknown. name: what staff may call them meanwhile. words: what they wrote of themselves, perhaps ""."""

    conversation_id: int
    name: str
    words: str
    candidates: tuple[CandidateView, ...]
