"""What happened: everything a dialog can be told. Past tense; from outside, or as the answer to a request."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from flows.engine.choices import Choice
from flows.engine.decision import Reply
from flows.ids import AppointmentId
from flows.meaning import Intent, Meaning
from flows.slots import BookedVisit, Slot
from flows.vocabulary import Channel, ContactKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatOpened:
    """The patient opened the chat, by their personal link for instance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextUnderstood:
    """The patient wrote; `text` is what they wrote, `meaning` what it was taken to mean."""

    text: str
    meaning: Meaning


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoicePressed:
    """The patient pressed a button, or typed its words; `asked` is the number of the question it belongs to."""

    choice: Choice
    argument: int
    asked: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachmentReceived:
    """The patient sent something that is not text; a person has to look at it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationSent:
    """A reactivation message is leaving with these offers; `step_number` of the campaign, from 1."""

    offers: tuple[Slot, ...]
    step_number: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ReminderSent:
    """A reminder of this visit is leaving."""

    appointment_id: AppointmentId


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInSent:
    """A check-in after a visit is leaving."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedBack:
    """Staff gave the chat back to the bot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FreezeCleared:
    """A person looked at the emergency, complaint or alike and let the programme go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotsFound:
    """The calendar's answer: free times, ascending; `exact` tells whether they are what was wished for.

    Empty when nothing is free. The times are kept for the patient for the minutes that were asked for.
    """

    slots: tuple[Slot, ...]
    exact: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysFound:
    """The calendar's answer: days (clinic's zone) with free time, ascending; empty when there are none."""

    days: tuple[date, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitBooked:
    """The visit is in the calendar. reminder_at: when its reminder is due (UTC), None if there will be none."""

    visit: BookedVisit
    reminder_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotTaken:
    """Somebody else was faster."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitCancelled:
    """The visit is out of the calendar."""

    visit: BookedVisit


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitGone:
    """There was no such visit any more: past, moved or cancelled before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactChecked:
    """The detail is well-formed; `value` is its canonical form, `shown` the way people write it."""

    kind: ContactKind
    value: str
    shown: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRefused:
    """What was written is no such detail."""

    kind: ContactKind


class Proof(StrEnum):
    """What is done to learn that a stored detail is the patient's: nothing, or a link is mailed to it."""

    NOT_SENT = "not_sent"
    MAILED = "mailed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactStored:
    """The detail is stored."""

    proof: Proof


@dataclass(frozen=True, kw_only=True, slots=True)
class WaysFound:
    """By which ways the patient can be written to: this chat first, then what is on file, sure and accepted."""

    ways: tuple[Channel, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotUnderstood:
    """The engine's own: nothing fits what was written.

    times: how often in a row. readings: the likeliest meanings, likeliest first; a button MEANT with the place of one
    as its argument takes it for sure. question: what the open question offers, None where nothing is asked.
    """

    times: int
    readings: tuple[Intent, ...]
    question: Reply | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OldButtonPressed:
    """The engine's own: the button belongs to a question that has moved on."""


Event: TypeAlias = (
    ChatOpened
    | TextUnderstood
    | ChoicePressed
    | AttachmentReceived
    | InvitationSent
    | ReminderSent
    | CheckInSent
    | HandedBack
    | FreezeCleared
    | SlotsFound
    | DaysFound
    | VisitBooked
    | SlotTaken
    | VisitCancelled
    | VisitGone
    | ContactChecked
    | ContactRefused
    | ContactStored
    | WaysFound
    | NotUnderstood
    | OldButtonPressed
)
