"""Dates as people write them in lists: which day is meant, or that it cannot be known.

Never guessed: what could be two days is refused unless the whole file, or whoever imports it, says which order it uses.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from storage.imports.problems import CellError

LAST_MONTH = 12
NOON_HOUR = 12


class DateOrder(StrEnum):
    """The order of day and month where both are numbers parted by a stroke or hyphen."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A day, and the local time if one is written."""

    day: date
    at: time | None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH_NUMBERS = {name: index + 1 for names in (_MONTHS, _FULL_MONTHS) for index, name in enumerate(names)} | {
    "sept": 9
}

_TIME = (
    r"(?:(?:[T ,]\s*|\s+at\s+)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
)
_ISO = re.compile(r"(?P<year>\d{4})([-./]?)(?P<month>\d{2})\2(?P<day>\d{2})" + _TIME, re.IGNORECASE)
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})" + _TIME, re.IGNORECASE)
_STROKED = re.compile(r"(?P<first>\d{1,2})([-/])(?P<second>\d{1,2})\2(?P<year>\d{4})" + _TIME, re.IGNORECASE)
_DAY_NAMED = re.compile(r"(?P<day>\d{1,2})[ -](?P<name>[a-z]+)\.?[ -](?P<year>\d{4})" + _TIME, re.IGNORECASE)
_MONTH_NAMED = re.compile(r"(?P<name>[a-z]+)\.? (?P<day>\d{1,2}),? (?P<year>\d{4})" + _TIME, re.IGNORECASE)
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.\d+)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{2}(?!\d).*")

_WRITE_ISO = "write it as 2024-12-31"


def order_of(texts: Iterable[str], stated: DateOrder | None) -> DateOrder | None:
    """Find out which order a file's dates have.

    Args:
        texts: all date cells of the file.
        stated: what whoever imports it says; decides.

    Returns:
        the order; None if dates speak for both or for none.
    """
    if stated is not None:
        return stated
    seen: set[DateOrder] = set()
    for text in texts:
        if found := _STROKED.fullmatch(text.strip()):
            if int(found["first"]) > LAST_MONTH:
                seen.add(DateOrder.DAY_FIRST)
            elif int(found["second"]) > LAST_MONTH:
                seen.add(DateOrder.MONTH_FIRST)
    return seen.pop() if seen == {DateOrder.DAY_FIRST} else None


def read_moment(text: str, order: DateOrder | None) -> Moment:
    """Read a date, with or without a time.

    Args:
        text: ISO 2024-12-31, 31.12.2024, 31/12/2024, 31-12-2024, 31 December 2024, Dec 31, 2024; a time may follow.
        order: the file's order, see `order_of`.

    Raises:
        CellError: it is no date, or could be two.
    """
    written = " ".join(text.split())
    if found := _ISO.fullmatch(written) or _DOTTED.fullmatch(written):
        return _moment(found, int(found["month"]), int(found["day"]))
    if found := _DAY_NAMED.fullmatch(written) or _MONTH_NAMED.fullmatch(written):
        return _moment(found, _MONTH_NUMBERS.get(found["name"].casefold(), 0), int(found["day"]))
    if found := _STROKED.fullmatch(written):
        return _stroked(found, order)
    if _SERIAL.fullmatch(written):
        raise CellError("is a spreadsheet's day number, not a date", f"format the column as dates, or {_WRITE_ISO}")
    if _SHORT_YEAR.fullmatch(written):
        raise CellError("has a year of two digits", f"{_WRITE_ISO}, with the century")
    raise CellError("is no date", _WRITE_ISO)


def _stroked(found: re.Match[str], order: DateOrder | None) -> Moment:
    first, second = int(found["first"]), int(found["second"])
    if order is DateOrder.MONTH_FIRST:
        return _moment(found, first, second)
    if order is DateOrder.DAY_FIRST or first > LAST_MONTH or first == second:
        return _moment(found, second, first)
    if second > LAST_MONTH:
        raise CellError(
            "has the month first", f"if all dates of the file do, import with --date-order mdy; else {_WRITE_ISO}"
        )
    raise CellError(
        "could be two different days",
        f"say how the file writes dates with --date-order dmy or --date-order mdy, or {_WRITE_ISO}",
    )


def _moment(found: re.Match[str], month: int, day: int) -> Moment:
    try:
        return Moment(day=date(int(found["year"]), month, day), at=_time(found))
    except ValueError:
        raise CellError("names a day that does not exist", _WRITE_ISO) from None


def _time(found: re.Match[str]) -> time | None:
    if found["hour"] is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= NOON_HOUR:
            raise ValueError
        hour = hour % NOON_HOUR + (NOON_HOUR if found["half"].casefold().startswith("p") else 0)
    return time(hour, int(found["minute"]))
