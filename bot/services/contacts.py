"""Reads contact details people write: mobile numbers and e-mail addresses, by the libraries that know them."""

from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from flows.vocabulary import ContactKind

LONGEST_DETAIL = 254


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRead:
    """A well-formed detail: as it is stored, and as people write it."""

    value: str
    shown: str


def read_contact(kind: ContactKind, raw: str, *, country: str) -> ContactRead | None:
    """Read a detail; None when it is no such thing.

    A number without a country code is taken as one of `country` (ISO 3166 alpha-2). Whether an address receives mail
    is not asked of the network.
    """
    text = raw.strip()[:LONGEST_DETAIL]
    return _read_mobile(text, country) if kind is ContactKind.MOBILE else _read_email(text)


def _read_mobile(text: str, country: str) -> ContactRead | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not _could_be_real(number, text):
        return None
    return ContactRead(
        value=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        shown=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    )


def _could_be_real(number: phonenumbers.PhoneNumber, text: str) -> bool:
    # Written in full it is read back and confirmed; without a country code a wrong guess of the country would be too.
    if text.startswith(("+", "00")):
        return phonenumbers.is_possible_number(number)
    return phonenumbers.is_valid_number(number)


def _read_email(text: str) -> ContactRead | None:
    try:
        address = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
    return ContactRead(value=address, shown=address)
