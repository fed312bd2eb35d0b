"""The chat that the peers lead: what is said after which button, and what can be pressed then. Four turns, round and round."""

from dataclasses import dataclass

ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n" + b"X-FILL:0123456789\r\n" * 30 + b"END:VCALENDAR\r\n"
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message of the bot. buttons: label and data. file: whether a calendar file comes with it."""

    text: str
    buttons: tuple[tuple[str, str], ...]
    file: bool = False


MENU = (
    ("Look for a time", "look"),
    ("My details", "details"),
    ("Message settings", "settings"),
    ("A person", "person"),
)
START = Said(text="Hello, this is the automatic assistant of the practice. What can we do for you?", buttons=MENU)
SCENE = {
    "look": Said(
        text="Two times are free. Which one suits you?",
        buttons=(("Mon 9:00", "slot"), ("Tue 14:30", "slot"), ("Other times", "look"), ("Not now", "no")),
    ),
    "slot": Said(
        text="Your visit is booked: Monday 30 November at 9:00. We look forward to seeing you.",
        buttons=(("Change", "look"), ("Cancel this visit", "cancel")),
        file=True,
    ),
    "cancel": Said(
        text="Shall we cancel your visit of Monday 30 November at 9:00?",
        buttons=(("Yes, cancel it", "cancel!"), ("No, keep it", "keep")),
    ),
    "cancel!": Said(text="Your visit is cancelled. What can we do for you?", buttons=MENU),
}
PRESSES = ("Look", "Mon", "Cancel", "Yes")
"""How the labels begin, one turn after the other."""
