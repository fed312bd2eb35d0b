"""The columns of a patient list: their English headers and the other names they are known by.

A header names at most one column; what is not in the table is not used, and said so.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.imports.cells import plain_text
from storage.imports.problems import PatientListError


class Column(StrEnum):
    """A column; the value is its header."""

    NUMBER = "number"
    TITLE = "title"
    FIRST_NAME = "first name"
    PATRONYMIC = "patronymic"
    LAST_NAME = "last name"
    SEX = "sex"
    BIRTH_DATE = "birth date"
    MOBILE = "mobile"
    EMAIL = "e-mail"
    STREET = "street"
    POSTCODE = "postcode"
    CITY = "city"
    LANGUAGE = "language"
    LAST_VISIT = "last visit"
    RECALL_INTERVAL = "recall interval"
    NEXT_APPOINTMENT = "next appointment"
    CONCERN = "concern"
    STATUS = "status"
    CONSENT = "consent"
    DENTIST = "dentist"
    COUNTRY = "country"


REQUIRED = (Column.NUMBER, Column.LAST_NAME)

ALIASES: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: (
        "no", "nr", "id", "patient number", "patient no", "patient nr", "patient id", "chart number", "chart no",
        "file number",
    ),
    Column.TITLE: ("salutation",),
    Column.FIRST_NAME: ("firstname", "given name", "given names", "forename", "christian name"),
    Column.PATRONYMIC: ("patronym", "father s name"),
    Column.LAST_NAME: ("lastname", "surname", "family name"),
    Column.SEX: ("gender",),
    Column.BIRTH_DATE: ("birthdate", "birthday", "date of birth", "dob", "born", "born on"),
    Column.MOBILE: (
        "mobile phone", "mobile number", "mobile no", "cell", "cell phone", "cellphone", "cell number", "phone",
        "phone number", "telephone", "tel",
    ),
    Column.EMAIL: ("email", "mail", "e mail address", "email address"),
    Column.STREET: ("street address", "street and number", "address", "address line 1", "postal address"),
    Column.POSTCODE: ("post code", "postal code", "zip", "zip code"),
    Column.CITY: ("town", "place"),
    Column.LANGUAGE: ("lang", "preferred language"),
    Column.LAST_VISIT: ("last visit on", "last visit date", "date of last visit", "last seen", "last appointment"),
    Column.RECALL_INTERVAL: (
        "recall", "recall months", "recall interval months", "recall interval in months", "interval", "recare interval",
    ),
    Column.NEXT_APPOINTMENT: ("next visit", "next visit on", "next appointment on", "next appointment date", "booked"),
    Column.CONCERN: ("concerns", "unscheduled treatment", "treatment advised"),
    Column.STATUS: ("patient status", "state"),
    Column.CONSENT: ("recall consent", "consent to recall", "consent recall", "may be contacted", "contact allowed"),
    Column.DENTIST: ("provider", "doctor", "clinician", "practitioner"),
    Column.COUNTRY: ("country code", "country of residence", "residence", "lives in"),
}  # fmt: skip
"""By column, the other headers it is recognised by; compared without case, spaces, dots, hyphens and underscores."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Headers:
    """A list's first row, understood. places: by column, the index of its cell. unused: headers without a meaning."""

    places: dict[Column, int]
    unused: tuple[str, ...]


def plain_header(text: str) -> str:
    """Reduce a header to what is compared: lower-case words of letters and digits, parted by one space."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


_COLUMNS = {plain_header(name): column for column in Column for name in (column.value, *ALIASES.get(column, ()))}


def column_of(header: str) -> Column | None:
    """Return the column a header names."""
    return _COLUMNS.get(plain_header(header))


def read_headers(cells: Sequence[str]) -> Headers:
    """Understand the first row of a list.

    Raises:
        PatientListError: a column stands there twice, or one that must be there does not.
    """
    places: dict[Column, int] = {}
    unused: list[str] = []
    for index, cell in enumerate(cells):
        column = column_of(cell)
        if column is None:
            unused.append(plain_text(cell))
        elif column in places:
            raise PatientListError(
                place=f"row 1, columns {places[column] + 1} and {index + 1}",
                problem=f"the column '{column}' is there twice",
                remedy="rename or remove one of them",
            )
        else:
            places[column] = index
    for column in REQUIRED:
        if column not in places:
            raise PatientListError(
                place="row 1",
                problem=f"there is no column '{column}'",
                remedy=f"add it, or rename the one that holds it (also known: {', '.join(ALIASES[column])})",
            )
    return Headers(places=places, unused=tuple(header for header in unused if header))
