"""What happened: everything a dialog can be told. Past tense; from outside, or as the answer to a request.

Longer than other files: the list is whole, so that one place tells all that can happen.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from flows.engine.choices import Choice
from flows.engine.decision import Reply
from flows.engine.household import Member
from flows.ids import AppointmentId
from flows.meaning import Intent, Meaning
from flows.slots import BookedVisit, Slot
from flows.vocabulary import AttachmentKind, Channel, ContactKind, Language


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
    """The patient sent something that is not text. kept: False where staff cannot see it: too large, or too many."""

    kind: AttachmentKind = AttachmentKind.OTHER
    kept: bool = True


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
    """Staff gave the chat back to the bot. answered: they have spoken with the patient since they took it."""

    answered: bool


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
class LanguageChosen:
    """The patient is written to in this language from now on."""

    language: Language


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkOver:
    """The chat was started by a link that was used before, has expired, or never was one of ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneShared:
    """Somebody who is known shared their own number; it need not be the one on file."""

    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneNotFound:
    """Somebody who is not known shared their own number; no patient has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneNotOwn:
    """A contact was shared that is not the sender's own, or was passed on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TooManyTries:
    """This account came with too many wrong links, numbers or names; told once, then it is not heard for `minutes`."""

    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NameTaken:
    """Staff have what somebody told of themselves, and look who it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonNotFound:
    """Staff looked for whoever is not known by what they told, and found no patient."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """Whoever was not known is this patient, whose own chat opens; a link, their number or staff told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeveralPeople:
    """This account may speak for all these, and it is open for whom; the patient of this chat is one of them."""

    people: tuple[Member, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CameBackOnline:
    """We were out of reach for so long that presses were lost; a question may have been open meanwhile."""


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
    | LanguageChosen
    | LinkOver
    | PhoneShared
    | PhoneNotFound
    | PhoneNotOwn
    | TooManyTries
    | NameTaken
    | PersonNotFound
    | Recognised
    | SeveralPeople
    | CameBackOnline
    | NotUnderstood
    | OldButtonPressed
)
