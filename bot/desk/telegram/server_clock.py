"""Owns the question what time it is where the Bot API is; any answer of its HTTP server tells."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from bot.services.intake_ports import OutOfReachError

SECONDS = 10.0


async def server_time(api_base: str) -> datetime:
    """Tell the time (UTC, whole seconds) of the server at `api_base`. Raises OutOfReachError."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            answer = await client.get(api_base)
    except (httpx.HTTPError, httpx.InvalidURL) as away:
        raise OutOfReachError(type(away).__name__) from away
    try:
        said = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError as untold:
        raise OutOfReachError("no Date") from untold
    # RFC 9110, 5.6.7: always GMT; a date that says "-0000" is read without a zone.
    return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
