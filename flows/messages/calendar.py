"""What stands in the calendar file of a visit, on the patient's own calendar."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class CalendarTitle(Text, key="calendar.title"):
    """Title of the calendar entry, short, others may see it: "Dentist: {clinic}". No name of the patient."""


@dataclass(frozen=True, kw_only=True)
class CalendarDescription(Text, key="calendar.description"):
    """Description in the calendar entry: "To change or cancel the visit, write to us or call {phone}"."""


@dataclass(frozen=True, kw_only=True)
class CalendarFileName(Text, key="calendar.file"):
    """Name of the calendar file of a visit, without ".ics": one word, only letters and "-": "appointment"."""
