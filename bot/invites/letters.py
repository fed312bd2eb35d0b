"""Letters: one page each, the address where the window of an envelope is, a code to scan and the same link to type."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from bot.invites.codes import qr_svg
from bot.invites.paper import paper_of, window_of
from bot.invites.typesetting import set_pages, set_pictures
from bot.services.invitations import Letter

TEMPLATE = "letter.typ"


def letters_pdf(letters: Sequence[Letter], *, country: str, now: datetime) -> bytes:
    """Set letters for printing. country: of the clinic (ISO 3166-1 alpha-2); now: aware UTC."""
    return set_pages(TEMPLATE, _data(letters, country), now=now)


def letters_pictures(letters: Sequence[Letter], *, country: str, now: datetime) -> list[bytes]:
    """Set the same letters as pictures, to be looked at."""
    return set_pictures(TEMPLATE, _data(letters, country), now=now)


def _data(letters: Sequence[Letter], country: str) -> dict[str, object]:
    return {
        "paper": paper_of(country).value,
        "window": window_of(country).value,
        "letters": [
            asdict(letter)
            | {"recipient": letter.recipient.lines, "until": letter.until.isoformat(), "qr": qr_svg(letter.link)}
            for letter in letters
        ],
    }
