"""Whom somebody may be by what they wrote: how alike a name is to their words.

Nothing is decided here: staff look at the few who come into question, and say which of them it is, if any.
"""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from bot.services.birth_days import plain
from storage.records.people import Patient

SAME_DAY = 0.2
"""What the very day of birth makes up for in how alike two names are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who somebody says they are. born: all days the text can mean, where it is not clear which number is the month."""

    words: str
    born: tuple[date, ...]


def likeness(patient: Patient, claim: Claim) -> float:
    """How alike the name is to what was written, 0 to 1; the very day of birth makes up for a good deal of it."""
    written = _letters(claim.words)
    parts = [_letters(part) for part in (patient.profile.given_name, patient.profile.family_name) if part]
    names = [name for part in parts for name in part]
    if not names or not written:
        return 0.0
    best = [max(SequenceMatcher(None, name, word).ratio() for word in written) for name in names]
    same_day = SAME_DAY if patient.profile.birth_date in claim.born else 0.0
    return min(1.0, sum(best) / len(best) + same_day)


def _letters(words: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", plain(words))
