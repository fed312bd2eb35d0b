"""When something was not understood, came too late, or cannot be read by a machine."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class NotUnderstoodOnce(Text, key="repair.not_understood"):
    """The first time: says plainly that it was not understood and asks what was meant; buttons with choices follow."""


@dataclass(frozen=True, kw_only=True)
class NotUnderstoodPerson(Text, key="repair.person"):
    """The second time, during opening hours.

    Sorry, a person will read it and answer here; {phone} if it cannot wait.
    """


@dataclass(frozen=True, kw_only=True)
class NotUnderstoodPersonFrom(Text, key="repair.person_from"):
    """The second time, while the practice is closed. back_at: when somebody will read it."""

    back_at: datetime


@dataclass(frozen=True, kw_only=True)
class MovedOn(Text, key="repair.moved_on"):
    """An old button was pressed: that question is over.

    Polite, one line; what is open now comes in the next message.
    """


@dataclass(frozen=True, kw_only=True)
class MessagePutAside(Text, key="repair.put_aside"):
    """A fault of ours: what the patient wrote or pressed could not be handled, and nobody has read it yet.

    Sorry, something went wrong here; a person from our team will look at it and answer here. {phone} if it cannot
    wait, {emergency} in an emergency. Short; no question.
    """


@dataclass(frozen=True, kw_only=True)
class AttachmentPassedOn(Text, key="repair.attachment"):
    """The patient sent a picture or a file. Thank you; the assistant cannot open it, the team will. No question."""


@dataclass(frozen=True, kw_only=True)
class VoicePassedOn(Text, key="repair.voice"):
    """The patient sent a voice message.

    Thank you; the assistant cannot listen, one of us will; if it is urgent please write it or call {phone}.
    """


@dataclass(frozen=True, kw_only=True)
class FileNotKept(Text, key="repair.not_kept"):
    """The patient sent a picture or a file that is too large, or too many in one day; nobody can open it.

    Sorry; we could not receive it; the team knows that something was sent; a smaller one, or {phone}.
    """


@dataclass(frozen=True, kw_only=True)
class BackOnline(Text, key="repair.back_online"):
    """The assistant was out of reach, and a press may be lost. One line: sorry. The open question follows."""
