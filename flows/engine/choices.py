"""The buttons a patient can press, and the compact form in which a press comes back.

A payload holds no data about the patient: a choice, a small number, and the number of the question it belonged to.
"""

from dataclasses import dataclass
from enum import StrEnum

PAYLOAD_VERSION = "1"
LONGEST_PAYLOAD = 64
PARTS = 4


class Choice(StrEnum):
    """What a button means. The value travels in payloads: it is short, and never changes its meaning."""

    LOOK_FOR_TIME = "look"
    SLOT = "slot"
    OTHER_TIMES = "other"
    LATER_DATES = "later"
    DAY = "day"
    PART_OF_DAY = "part"
    NOT_NOW = "notnow"
    IN_MONTHS = "months"
    NO_THANKS = "nothx"
    PERSON = "person"
    CALL_ME = "call"
    PASS_ON_RECORDS = "records"  # noqa: S105 - the name of a button, not a password
    MY_VISIT = "visit"
    WILL_COME = "come"
    CHANGE_VISIT = "change"
    CANCEL_VISIT = "cancel"
    CONFIRM_CANCEL = "cancel!"
    KEEP_VISIT = "keep"
    MY_DETAILS = "details"
    FIELD = "field"
    CORRECT = "ok"
    WRONG = "wrong"
    SETTINGS = "settings"
    SWITCH = "switch"
    PAUSE = "pause"
    DONE = "done"
    STOP = "stop"
    STOP_VISIT_TOO = "stopvisit"
    KEEP_MESSAGES = "keepmsg"
    START_AGAIN = "resume"
    ALL_GOOD = "good"
    NOT_QUITE = "worry"
    MEANT = "meant"
    ALLOW = "allow"
    WHAT_EXACTLY = "notice"
    GUARDIAN = "guardian"
    MYSELF = "myself"
    HOW = "how"
    WAY = "way"
    HOW_OFTEN = "often"
    RHYTHM = "rhythm"
    RECEIPT = "receipt"
    TELL_WHO = "who"
    NEW_HERE = "new"
    FAMILY = "family"
    FOR_WHOM = "for"
    WHERE = "where"
    LANGUAGE = "lang"
    KEEP_LANGUAGE = "keeplang"


STANDING = frozenset(
    {
        Choice.LOOK_FOR_TIME,
        Choice.OTHER_TIMES,
        Choice.NOT_NOW,
        Choice.PERSON,
        Choice.MY_VISIT,
        Choice.CHANGE_VISIT,
        Choice.CANCEL_VISIT,
        Choice.MY_DETAILS,
        Choice.SETTINGS,
        Choice.STOP,
        Choice.STOP_VISIT_TOO,
        Choice.START_AGAIN,
        Choice.ALL_GOOD,
        Choice.NOT_QUITE,
        Choice.FAMILY,
        Choice.WHERE,
        Choice.LANGUAGE,
        Choice.KEEP_LANGUAGE,
    }
)
"""Choices that mean the same however old their button is."""


class PayloadError(ValueError):
    """The payload is not one recare made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    """A press as it travels: which choice, which of several, and which question it answered."""

    choice: Choice
    argument: int
    asked: int

    def encode(self) -> str:
        """Write the payload; always at most 64 ASCII bytes."""
        return f"{PAYLOAD_VERSION}:{self.choice}:{self.argument}:{self.asked}"

    @classmethod
    def decode(cls, raw: str) -> "Payload":
        """Read a payload that came from outside.

        Raises PayloadError for anything that `encode` could not have written.
        """
        parts = raw.split(":")
        if len(raw) > LONGEST_PAYLOAD or len(parts) != PARTS or parts[0] != PAYLOAD_VERSION:
            message = "unknown form of payload"
            raise PayloadError(message)
        try:
            choice, argument, asked = Choice(parts[1]), int(parts[2]), int(parts[3])
        except ValueError as broken:
            message = "unreadable payload"
            raise PayloadError(message) from broken
        if argument < 0 or asked < 0:
            message = "payload out of range"
            raise PayloadError(message)
        payload = cls(choice=choice, argument=argument, asked=asked)
        if payload.encode() != raw:
            # Signs, spaces, other digits: readable as numbers, but nothing that a button of ours holds.
            message = "payload in another spelling"
            raise PayloadError(message)
        return payload
