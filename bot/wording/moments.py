"""Shows dates and instants in the reader's manner and the clinic's zone.

The year is shown only when it is not the current one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from bot.wording.style import BARE_TIME, DAY_OF_MONTH, NEEDS_TIME, PART, TIME, WEEK, MomentStyle, Pattern, Style

REMEMBERED = 4096
"""Moments whose words are kept: the same free times are offered to many."""


class MomentError(ValueError):
    """The value cannot be shown in this style."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Where and when the reader is: the clinic's zone, and today there."""

    zone: ZoneInfo
    today: date

    @classmethod
    def at(cls, now: datetime, zone: ZoneInfo) -> "Calendar":
        """Take today from an aware instant."""
        return cls(zone=zone, today=now.astimezone(zone).date())


def show_moment(value: date | datetime, name: MomentStyle, style: Style, calendar: Calendar) -> str:
    """Show a day, or an aware instant in the calendar's zone.

    Raises MomentError for an instant without a zone, or a day in a style that tells a time.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise MomentError("an instant without a zone cannot be shown")
        value = value.astimezone(calendar.zone).replace(tzinfo=None)
    elif name in NEEDS_TIME:
        raise MomentError(f"a day has no time to be shown as {name}")
    return _written(value, _of_year(style.moments[name], value.year - calendar.today.year), style)


def _of_year(pattern: Pattern, distance: int) -> str:
    if distance == 0:
        return pattern.this_year
    return pattern.last_year if distance == -1 else pattern.other_year


@lru_cache(maxsize=REMEMBERED)
def _written(value: date | datetime, pattern: str, style: Style) -> str:
    """Fill a pattern with a day or with what a clock on the wall shows, which is why no zone matters here."""
    return PART.sub(lambda part: _show_part(part[1], value, style), pattern)


def _show_part(part: str, value: date | datetime, style: Style) -> str:
    if words := style.tables.get(part):
        return words[value.weekday()] if len(words) == WEEK else words[value.month - 1]
    if part == DAY_OF_MONTH:
        return style.first_of_month if value.day == 1 else str(value.day)
    if part in (TIME, BARE_TIME) and isinstance(value, datetime):
        return format_time(value, _time_pattern(part, value, style), locale=style.locale)
    return format_date(value, part, locale=style.locale)


def _time_pattern(part: str, value: datetime, style: Style) -> str:
    if part == BARE_TIME:
        return style.clock.bare
    return style.clock.other if value.minute else style.clock.full_hour
