"""Whom somebody may be by what they wrote: dates in their words, and names that are alike.

Nothing is decided here: staff look at the few who come into question, and say which of them it is, if any.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from storage.records.people import Patient

SAME_DAY = 0.2
"""What the very day of birth makes up for in how alike two names are."""

_DAY_FIRST = re.compile(r"\b(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who somebody says they are. born: all days the text can mean, where it is not clear which number is the month."""

    words: str
    born: tuple[date, ...]


def days_in(words: str) -> tuple[date, ...]:
    """The days that dates in numbers in a text can mean; day before month, or the other way round."""
    found: list[date] = []
    for first, second, year in _DAY_FIRST.findall(words):
        found += [day for day in (_day(year, second, first), _day(year, first, second)) if day is not None]
    for year, month, day in _YEAR_FIRST.findall(words):
        found += [one for one in (_day(year, month, day),) if one is not None]
    return tuple(dict.fromkeys(found))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


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
    plain = unicodedata.normalize("NFKD", words.casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.findall(r"[^\W\d_]+", kept)
