"""The notices: what a patient can read before they say yes. Their words stand, with versions, in `notices.toml`."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class NoticeRecall(Text, key="notice.recall"):
    """What we write about when a check-up is due, how often, by which ways, how it ends, who answers for it.

    most: how many messages a year at most, as the rules of the practice have it.
    """

    most: int


@dataclass(frozen=True, kw_only=True)
class NoticePostvisit(Text, key="notice.postvisit"):
    """The same about the question how the patient is after a visit. most: messages a year."""

    most: int


@dataclass(frozen=True, kw_only=True)
class NoticeOffer(Text, key="notice.offer"):
    """The same about offers: a reduction, a gift or a price. most: messages a year."""

    most: int
