"""Amounts as people of each language write them."""

import pytest

from bot.wording.catalogue import Catalogue
from bot.wording.money import show_money
from flows.messages.text import Money
from flows.vocabulary import Language


@pytest.mark.parametrize(
    ("language", "minor", "currency", "expected"),
    [
        ("en", 6500, "EUR", "€65"),
        ("en", 6550, "EUR", "€65.50"),
        ("en", 125000, "GBP", "£1,250"),
        ("fr", 6500, "EUR", "65\u00a0€"),
        ("fr", 125050, "EUR", "1\u202f250,50\u00a0€"),
        ("nl", 6500, "EUR", "€\u00a065"),
        ("nl", 6550, "EUR", "€\u00a065,50"),
        ("ru", 6550, "EUR", "65,50\u00a0€"),
        ("ru", 450000, "RUB", "4\u00a0500\u00a0₽"),
        ("en", 6500, "JPY", "JP¥6,500"),
    ],
)
def test_an_amount_shows_cents_only_where_there_are_some(
    catalogue: Catalogue, language: str, minor: int, currency: str, expected: str
) -> None:
    manner = catalogue.lexicon(Language(language)).style

    assert show_money(Money(minor=minor, currency=currency), manner) == expected
