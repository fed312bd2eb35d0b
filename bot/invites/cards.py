"""Cards for the counter: ten to a page, with marks to cut along, each with a code of its own."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from bot.invites.codes import qr_svg
from bot.invites.paper import paper_of
from bot.invites.typesetting import set_pages, set_pictures
from bot.services.invitations import Card

TEMPLATE = "cards.typ"


def cards_pdf(cards: Sequence[Card], *, country: str, now: datetime) -> bytes:
    """Set cards for printing. country: of the clinic (ISO 3166-1 alpha-2); now: aware UTC."""
    return set_pages(TEMPLATE, _data(cards, country), now=now)


def cards_pictures(cards: Sequence[Card], *, country: str, now: datetime) -> list[bytes]:
    """Set the same cards as pictures, to be looked at."""
    return set_pictures(TEMPLATE, _data(cards, country), now=now)


def _data(cards: Sequence[Card], country: str) -> dict[str, object]:
    return {
        "paper": paper_of(country).value,
        "cards": [asdict(card) | {"qr": qr_svg(card.link)} for card in cards],
    }
