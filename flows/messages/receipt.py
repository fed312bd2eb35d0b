"""The lines of the receipt: a small file with what a patient allowed and refused, for them to keep."""

from dataclasses import dataclass
from datetime import date

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class ReceiptTitle(Text, key="receipt.title", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """Heading: what was agreed with {clinic} about messages, as of that day. Level 1 says for whom. on: that day."""

    name: str
    on: date


@dataclass(frozen=True, kw_only=True)
class ReceiptRecallAllowed(Text, key="receipt.recall_allowed"):
    """Messages when a check-up is due: allowed. since: the day it was."""

    since: date


@dataclass(frozen=True, kw_only=True)
class ReceiptRecallRefused(Text, key="receipt.recall_refused"):
    """Messages when a check-up is due: not allowed."""


@dataclass(frozen=True, kw_only=True)
class ReceiptPostvisitAllowed(Text, key="receipt.postvisit_allowed"):
    """The question after a visit whether all is well: allowed. since: the day it was."""

    since: date


@dataclass(frozen=True, kw_only=True)
class ReceiptPostvisitRefused(Text, key="receipt.postvisit_refused"):
    """The question after a visit whether all is well: not allowed."""


@dataclass(frozen=True, kw_only=True)
class ReceiptOfferAllowed(Text, key="receipt.offer_allowed"):
    """Offers of the practice: allowed. since: the day it was."""

    since: date


@dataclass(frozen=True, kw_only=True)
class ReceiptOfferRefused(Text, key="receipt.offer_refused"):
    """Offers of the practice: not allowed."""


@dataclass(frozen=True, kw_only=True)
class ReceiptNotice(Text, key="receipt.notice"):
    """Stands under a permission: the text it was given on. reference: language, name, version and fingerprint."""

    reference: str


@dataclass(frozen=True, kw_only=True)
class ReceiptTakeBack(Text, key="receipt.take_back"):
    """How to take it back: "stop" in the chat at any time, "Message settings", or {phone}."""


@dataclass(frozen=True, kw_only=True)
class ReceiptFileName(Text, key="receipt.file"):
    """Name of the file that holds the receipt, without ".txt": one word, only letters and "-": "messages"."""
