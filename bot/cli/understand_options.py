"""What `recare understand` takes as options: moments and time zones, read from what was typed."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import click

DEFAULT_ZONE = "Europe/Brussels"
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """Read a moment in ISO form, with or without its zone. Raises BadParameter."""
    return None if value is None else _moment(ctx, param, value)


def moments(ctx: click.Context, param: click.Parameter, value: str) -> tuple[datetime, ...]:
    """Read moments with commas between; an empty text holds none. Raises BadParameter."""
    return tuple(_moment(ctx, param, part.strip()) for part in value.split(",") if part.strip())


def zone(ctx: click.Context, param: click.Parameter, value: str | None) -> ZoneInfo | None:
    """Find a time zone by its name. Raises BadParameter."""
    if value is None:
        return None
    if value not in available_timezones():
        raise click.BadParameter(f"{value!r} is no time zone; write it like Europe/Amsterdam", ctx, param)
    return ZoneInfo(value)


def _moment(ctx: click.Context, param: click.Parameter, value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError as unreadable:
        remedy = "write it like 2026-11-18T10:00 or 2026-11-18T10:00+01:00"
        raise click.BadParameter(f"{value!r} is no moment; {remedy}", ctx, param) from unreadable
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        remedy = f"take a year from {_FIRST_YEAR} to {_LAST_YEAR}"
        raise click.BadParameter(f"{value!r} is too far off; {remedy}", ctx, param)
    return found
