"""What a cell says: one reader for each kind of column.

A reader gives a value or raises CellError; a blank optional cell gives None, which means that the list says nothing.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import TypeVar

from flows.vocabulary import Language, PatientStatus, Sex
from storage.imports.dates import DateOrder, Moment, read_moment
from storage.imports.problems import CellError
from storage.imports.words import CONSENT, LANGUAGES, NO_CONCERN, SEXES, STATUSES, Consent, plain_word

LONGEST_NAME = 100
LONGEST_NUMBER = 40
LONGEST_CONCERN = 500
OLDEST_YEARS = 120
RECALL_MONTHS = range(1, 61)
MONTHS_A_YEAR = 12

_INTERVAL = re.compile(r"(\d{1,2})\s*(?:(m|mo|mos|month|months)|(y|yr|yrs|year|years))?\.?")

Word = TypeVar("Word")


def plain_text(text: str) -> str:
    """Tidy a text: composed letters, single spaces, nothing unprintable."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in composed).split())


def _limited(text: str, longest: int) -> str:
    value = plain_text(text)
    if len(value) > longest:
        raise CellError(f"is longer than {longest} characters", "shorten it")
    return value


def read_number(text: str) -> str:
    """Read the number by which the practice's software knows the patient; zeros in front belong to it."""
    value = _limited(text, LONGEST_NUMBER)
    if not value:
        raise CellError("is blank", "give the patient's number in the practice's software")
    return value


def read_name(text: str) -> str | None:
    """Read a name or title."""
    value = _limited(text, LONGEST_NAME)
    if any(sign.isdigit() for sign in value):
        raise CellError("has a digit in it, so it is no name", "compare it with the patient's file")
    return value or None


def read_last_name(text: str) -> str:
    """Read the name without which a row is nobody."""
    if (value := read_name(text)) is None:
        raise CellError("is blank", "give the patient's last name")
    return value


def read_address_line(text: str) -> str | None:
    """Read a line of a postal address, as it is to stand on an envelope."""
    return _limited(text, LONGEST_NAME) or None


def read_concern(text: str) -> str | None:
    """Read what the dentist would like to see again; 'none' and its like mean that there is nothing."""
    return None if plain_word(text) in NO_CONCERN else _limited(text, LONGEST_CONCERN)


def _word(table: Mapping[str, Word], text: str, remedy: str) -> Word:
    if (value := table.get(plain_word(text))) is None:
        raise CellError("has a word that is not known here", remedy)
    return value


def read_sex(text: str) -> Sex:
    """Read what the form of address needs to know."""
    return _word(SEXES, text, "write f, m or nothing")


def read_consent(text: str) -> Consent:
    """Read whether the patient agreed to recall messages."""
    return _word(CONSENT, text, "write yes, no or nothing")


def read_status(text: str) -> PatientStatus:
    """Read whether the clinic may think of the patient as its own."""
    return _word(STATUSES, text, "write active, moved, deceased, left or do not contact")


def read_language(text: str) -> Language | None:
    """Read a language by its name or code; a country behind the code does not matter."""
    word = plain_word(text)
    if not word:
        return None
    code = re.split(r"[-_ ]", word)[0] if re.fullmatch(r"[a-z]{2,3}[-_ ][a-z]{2}", word) else word
    return _word(LANGUAGES, code, f"write one of {', '.join(Language)}")


def read_recall_months(text: str) -> int | None:
    """Read a recall interval in months."""
    word = plain_word(text)
    if not word:
        return None
    found = _INTERVAL.fullmatch(word)
    if found is None:
        raise CellError("is no number of months", "write months as a whole number")
    months = int(found[1]) * (MONTHS_A_YEAR if found[3] else 1)
    if months not in RECALL_MONTHS:
        raise CellError("is no recall interval a dentist sets", "write months from 1 to 60, or nothing")
    return months


def read_birth_date(text: str, order: DateOrder | None, today: date) -> date | None:
    """Read a date of birth: not in the future, nobody older than 120."""
    day = read_past_date(text, order, today)
    if day is not None and today.year - day.year > OLDEST_YEARS:
        raise CellError(f"is more than {OLDEST_YEARS} years ago", "give the true date, or leave it blank")
    return day


def read_past_date(text: str, order: DateOrder | None, today: date) -> date | None:
    """Read a day that is not in the future."""
    if not text.strip():
        return None
    day = read_moment(text, order).day
    if day > today:
        raise CellError("is in the future", "compare it with the patient's file")
    return day


def read_appointment(text: str, order: DateOrder | None) -> Moment | None:
    """Read the day of an appointment and its local time; midnight is what a spreadsheet writes for no time."""
    if not text.strip():
        return None
    moment = read_moment(text, order)
    return Moment(day=moment.day, at=None) if moment.at == time() else moment
