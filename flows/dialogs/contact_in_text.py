"""Finds an e-mail address or a telephone number in what a patient wrote; whether it is good is judged elsewhere."""

import re
from dataclasses import dataclass

from flows.vocabulary import ContactKind

EMAIL = re.compile(r"[^\s@<>(),;:\"']+@[^\s@<>(),;:\"']+\.[^\s@<>(),;:\"']*[^\s@<>(),;:\"'.!?]")
NUMBER = re.compile(r"(?<![\w@.])(?:\+|\(\+?)?\d[\d\s().\-/]{6,22}\d(?![\w@])")
DAY_OF_YEAR = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)")
FEWEST_DIGITS = 9
"""Mobile numbers in the countries recare serves have at least nine digits, with or without the leading zero."""
DIGITS_OF_AN_ATTEMPT = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundContact:
    """What looks like a contact detail, as it was written."""

    kind: ContactKind
    raw: str


def contact_in(text: str) -> FoundContact | None:
    """Find the first contact detail in a text; an address before a number."""
    address = EMAIL.search(text)
    if address:
        return FoundContact(kind=ContactKind.EMAIL, raw=address.group())
    without_days = DAY_OF_YEAR.sub(" ; ", text)
    for number in NUMBER.finditer(without_days):
        if sum(sign.isdigit() for sign in number.group()) >= FEWEST_DIGITS:
            return FoundContact(kind=ContactKind.MOBILE, raw=number.group())
    return None


def slip_in(text: str) -> FoundContact | None:
    """Find what is meant for an e-mail address and is none: "anna@example,com"."""
    slip = next((word for word in text.split() if "@" in word.strip("@")), None)
    return FoundContact(kind=ContactKind.EMAIL, raw=slip) if slip else None


def looks_like_an_attempt(text: str) -> bool:
    """Tell whether a text tries to be a contact detail, good or not."""
    return "@" in text or sum(sign.isdigit() for sign in text) >= DIGITS_OF_AN_ATTEMPT
