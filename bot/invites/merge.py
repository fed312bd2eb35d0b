"""A list for a mail merge: who, where to, how they are addressed, and their personal link.

No cell begins as a formula does: a spreadsheet that opens the list computes nothing (OWASP, CSV Injection).
"""

import csv
import io
from collections.abc import Sequence

from bot.services.invitations import Letter

HEADERS = (
    "number",
    "salutation",
    "name",
    "street",
    "postcode",
    "city",
    "language",
    "link",
    "valid until",
    "closing lines",
)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


def merge_csv(letters: Sequence[Letter]) -> bytes:
    """Write the list as UTF-8 CSV.

    "valid until" is the last day the link works, as an ISO date; "closing lines" is what the law has the letter say.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows([harmless(cell) for cell in _row(letter)] for letter in letters)
    return (MARK + text.getvalue()).encode()


def harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula: an apostrophe goes before what looks like one."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else cell


def _row(letter: Letter) -> tuple[str, ...]:
    to = letter.recipient
    return (
        to.number,
        letter.salutation,
        to.name,
        to.street,
        to.postcode,
        to.city,
        letter.language.value,
        letter.link,
        letter.until.isoformat(),
        " ".join(letter.foot),
    )
