"""Asking what may be written about, how and how often; one thought a message."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class MayWeRemind(Text, key="consent.recall"):
    """May we write when the next check-up is due? A word ("stop") ends it. Yes, no, or what exactly."""


@dataclass(frozen=True, kw_only=True)
class MayWeAskAfter(Text, key="consent.postvisit"):
    """May we ask by message, some days after a visit, whether all is well? Yes, no, or what exactly."""


@dataclass(frozen=True, kw_only=True)
class MayWeOffer(Text, key="consent.offer"):
    """May we now and then write about an offer of the practice, such as a reduction? Yes, no, or what exactly."""


@dataclass(frozen=True, kw_only=True)
class WhoAnswers(Text, key="consent.who"):
    """The page belongs to a child. Is a parent or guardian answering, or the young patient? Buttons follow."""


@dataclass(frozen=True, kw_only=True)
class GuardianDecides(Text, key="consent.guardian_decides"):
    """A young patient answers for themselves: a parent or guardian decides about messages; we send none till then.

    Everything else (an appointment, a question) can be done here. No question.
    """


@dataclass(frozen=True, kw_only=True)
class HowMayWeWrite(Text, key="consent.how"):
    """By which way would the patient like to be written to? Buttons follow ("in this chat", "by letter")."""


@dataclass(frozen=True, kw_only=True)
class HowOften(Text, key="consent.how_often"):
    """How often, at most? Buttons follow: when it is due, twice a year at most, once a year at most."""


@dataclass(frozen=True, kw_only=True)
class ConsentNoted(Text, key="consent.noted"):
    """All of it is noted; the attached file is a copy of it to keep. "Message settings" change it. No question."""
