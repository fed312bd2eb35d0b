"""Owns how lines become bubbles: runs of one speaker, days between them.

The order of the lines is kept, and each line becomes one bubble.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.services.views import ChatView, Line, Voice


@dataclass(frozen=True, kw_only=True, slots=True)
class Bubble:
    """A line, and whether a new day or a run of another speaker begins with it."""

    line: Line
    new_day: bool
    opens: bool


def bubbles(chat: ChatView) -> Iterator[Bubble]:
    """Lay out a conversation; days are those of the chat's zone."""
    zone = ZoneInfo(chat.zone)

    def day(line: Line) -> date:
        return line.at.astimezone(zone).date()

    for before, line in zip((None, *chat.lines), chat.lines, strict=False):
        new_day = before is None or day(before) != day(line)
        other = before is None or (before.voice, before.speaker) != (line.voice, line.speaker)
        yield Bubble(line=line, new_day=new_day, opens=new_day or other)


def writing_now(chat: ChatView) -> str | None:
    """Name the member of staff who is writing; None while the bot speaks or when no name is known."""
    if not chat.staff_speaks:
        return None
    names = (line.speaker for line in reversed(chat.lines) if line.voice is Voice.STAFF)
    return next(names, None)
