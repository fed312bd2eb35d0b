"""The chat that the peers lead, as recare leads it: what is said after which button, and what can be pressed then.

Four turns, round and round; each is an answered tap, a message, and a change of the message that was answered.
"""

from dataclasses import dataclass

MOST_CONNECTIONS = 384
"""Of each bot to the messenger, as many as recare's own: with fewer, calls wait for a place and are overtaken."""

ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n" + b"X-FILL:0123456789\r\n" * 30 + b"END:VCALENDAR\r\n"
)
ICS_NAME = "visit.ics"


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message of the bot. buttons: label and data. file: whether a calendar file comes with it."""

    text: str
    buttons: tuple[tuple[str, str], ...]
    file: bool = False

    def label(self, data: str) -> str:
        """What stands on the button that was pressed."""
        return next((label for label, each in self.buttons if each == data), "")


PERSON = ("A person, please", "person")
START = Said(
    text="May we write to you when the next check-up is due? “Stop” ends this at any time.",
    buttons=(("Yes, please", "yes"), ("No, thank you", "no"), ("Look for a time", "look"), PERSON),
)
SCENE = {
    "look": Said(
        text="We have Monday 30 November, 9:00, and Tuesday 1 December, 14:30. I am keeping both for you for 10"
        " minutes. Which suits you better?",
        buttons=(
            ("Mon 30 Nov, 9:00", "slot"),
            ("Tue 1 Dec, 14:30", "other slot"),
            ("Other times", "other"),
            ("Later dates", "later"),
            ("Not now", "not now"),
            PERSON,
        ),
    ),
    "slot": Said(
        text="Your appointment is booked: Monday 30 November, 9:00, with Dr Example, at Lindelaan 1, 1234 AB"
        " Voorbeeldstad. The calendar file is attached, and you can change the appointment here at any time.",
        buttons=(("Move the appointment", "move"), ("Cancel the appointment", "cancel"), PERSON),
        file=True,
    ),
    "cancel": Said(
        text="Your appointment is on Monday 30 November, 9:00. Shall we cancel it? We can also move it to another"
        " time.",
        buttons=(
            ("Yes, cancel it", "cancel!"),
            ("Move the appointment", "move"),
            ("Keep the appointment", "keep"),
            PERSON,
        ),
    ),
    "cancel!": Said(
        text="We have cancelled your appointment on Monday 30 November, 9:00. Thank you for letting us know. If you"
        " like, we can look for another time.",
        buttons=(("Look for a time", "look"), ("Not now", "not now"), PERSON),
    ),
}
BEFORE = {"look": SCENE["cancel!"], "slot": SCENE["look"], "cancel": SCENE["slot"], "cancel!": SCENE["cancel"]}
"""What was asked before each button of the four turns."""

PRESSES = ("Look", "Mon", "Cancel", "Yes")
"""How the labels begin, one turn after the other."""


def answered(question: str, data: str) -> str:
    """The question with its answer below, as it stays in the chat."""
    return f"{question}\n\n→ {BEFORE[data].label(data)}"
