"""Somebody writes who is not known yet: asked who they are, without a word about any patient."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class WhoIsThis(Text, key="knowing.hello"):
    """The first words to somebody who is not known.

    Hello; the automatic assistant of {clinic}. To know whom we are writing with: please share your phone number with
    the button below, or write your name and date of birth. {emergency} in an emergency. Nothing about visits.
    """


@dataclass(frozen=True, kw_only=True)
class WhoIsThisAgain(Text, key="knowing.again"):
    """The same once more, after they wrote or sent something else: so that nobody else learns anything about them.

    Please first share the phone number with the button below, or write name and date of birth.
    """


@dataclass(frozen=True, kw_only=True)
class BirthDateToo(Text, key="knowing.birth_date"):
    """They wrote only a name. Thank you, and the date of birth: day, month and year?"""


@dataclass(frozen=True, kw_only=True)
class NameToo(Text, key="knowing.name"):
    """They wrote only a date of birth. Thank you, and the first and last name?"""


@dataclass(frozen=True, kw_only=True)
class BeingLookedUp(Text, key="knowing.checking"):
    """They told a name and a date of birth, during opening hours.

    Thank you; one of us will check and answer here; until then we cannot say anything about appointments in this
    chat. {phone} if it cannot wait. No question.
    """


@dataclass(frozen=True, kw_only=True)
class BeingLookedUpFrom(Text, key="knowing.checking_from"):
    """As `knowing.checking`, while the practice is closed. back_at: when it opens again."""

    back_at: datetime


@dataclass(frozen=True, kw_only=True)
class PhoneUnknown(Text, key="knowing.phone_not_found"):
    """No patient has the number they shared: we cannot match it. Please write name and date of birth instead."""


@dataclass(frozen=True, kw_only=True)
class PhoneOfAnother(Text, key="knowing.phone_not_own"):
    """They sent a contact that is not their own number. Please share your own with the button below, or write."""


@dataclass(frozen=True, kw_only=True)
class NobodyFound(Text, key="knowing.not_found"):
    """We looked and found nobody by the name and date of birth they told.

    Perhaps a slip: please write both again, or share the phone number with the button below; or call {phone}.
    """


@dataclass(frozen=True, kw_only=True)
class TriedTooOften(Text, key="knowing.too_many", counts="minutes"):
    """Too many wrong links, numbers or names came from this chat.

    This chat pauses for {minutes} minutes, to protect our patients; our team has been told; {phone} if it cannot wait.
    No blame, no question.
    """

    minutes: int


@dataclass(frozen=True, kw_only=True)
class LinkNotValid(Text, key="knowing.link_over"):
    """They came by a link that was used before or is too old, and are not known. One line; a question follows."""


@dataclass(frozen=True, kw_only=True)
class NewHere(Text, key="knowing.new_here"):
    """They have never been a patient here. Welcome; one of us answers about a first visit; {phone}. No question."""


@dataclass(frozen=True, kw_only=True)
class NewHereFrom(Text, key="knowing.new_here_from"):
    """As `knowing.new_here`, while the practice is closed. back_at: when it opens again."""

    back_at: datetime


@dataclass(frozen=True, kw_only=True)
class KnownNow(Text, key="knowing.recognised"):
    """They are known now. One line: thank you, we know who is writing. A greeting or question follows."""
