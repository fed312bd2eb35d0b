"""The notices: what a patient can read before they say yes. Their words stand, with versions, in `notices.toml`."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class NoticeRecall(Text, key="notice.recall"):
    """What we write about when a check-up is due, how often, by which ways, how it ends, who answers for it.

    most: messages at most in `months` months, as the rules of the practice have it.
    """

    most: int
    months: int


@dataclass(frozen=True, kw_only=True)
class NoticePostvisit(Text, key="notice.postvisit"):
    """The same about the question how the patient is after a visit. most: messages at most in `months` months."""

    most: int
    months: int


@dataclass(frozen=True, kw_only=True)
class NoticeOffer(Text, key="notice.offer"):
    """The same about offers: a reduction, a gift or a price. most: messages at most in `months` months."""

    most: int
    months: int
