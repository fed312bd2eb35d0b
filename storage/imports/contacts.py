"""Mobile numbers and e-mail addresses: whether they are some, and their canonical form.

Nothing is looked up in the network; a number counts if its range is in use, or is one reserved for fiction.
"""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from storage.imports.problems import CellError

# Ranges that belong to nobody, kept free for fiction: Ofcom's 07700 900000 to 900999, ARCEP's 06 39 98 00 00 to 99 99.
FICTION = re.compile(r"\+447700900\d{3}|\+3363998\d{4}")
# North America gives out mobile and fixed numbers from the same ranges.
_MOBILE_KINDS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def read_mobile(raw: str, country: str) -> str:
    """Read a mobile number and return it as E.164, to be stored and compared.

    Args:
        raw: as written, national or international.
        country: the clinic's ISO 3166 code, for numbers written without one.

    Raises:
        CellError: it is no number, or not a mobile's.
    """
    try:
        number = phonenumbers.parse(raw, country[:2].upper())
    except NumberParseException:
        raise CellError("is no phone number", "write one number, abroad's with + and country code") from None
    if number.extension:
        raise CellError("has an extension, so it is not a mobile number", "put the patient's own mobile number there")
    value = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    kind = phonenumbers.number_type(number)
    if FICTION.fullmatch(value) or kind in _MOBILE_KINDS:
        return value
    if kind == PhoneNumberType.UNKNOWN:
        raise CellError("is not a number in use in its country", "compare its digits with the patient's file")
    raise CellError("is not a mobile number", "put the mobile number there, or leave it blank")


def read_email(raw: str) -> str:
    """Read an e-mail address and return its canonical form, without asking the network whether it exists.

    Raises:
        CellError: it is none.
    """
    try:
        return validate_email(raw.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise CellError("is no e-mail address", "write one address, as name@example.com") from None
