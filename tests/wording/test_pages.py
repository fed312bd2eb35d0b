"""The words of pages and the desk: declared, complete, and called with what they take."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import bot
from bot.wording import Catalogue, ClinicVoice, PageText, PageWords
from bot.wording.page_text import PageTextError
from bot.wording.pages import PAGE_ENTRIES
from flows.messages.text import Money
from flows.vocabulary import Language, TicketReason

KEY_IN_TEMPLATE = re.compile(r"""["']((?:page|desk|demo)\.[a-z0-9_.]*[a-z0-9])["']""")


@pytest.fixture
def words(catalogue: Catalogue, clinic: ClinicVoice) -> PageWords:
    return PageWords(catalogue=catalogue, zone=clinic.zone)


@pytest.fixture
def english(words: PageWords, now: datetime) -> PageText:
    return words.page(Language.EN, now)


@pytest.mark.parametrize("language", list(Language))
def test_every_text_of_every_page_can_be_said(words: PageWords, now: datetime, language: Language) -> None:
    text = words.page(language, now)

    for key, entry in PAGE_ENTRIES.items():
        assert text(key, **dict.fromkeys(entry.parameters, "7"))


def test_every_key_a_template_or_script_names_is_declared() -> None:
    root = Path(bot.__file__).parent
    files = [file for suffix in ("*.html", "*.js") for file in root.rglob(suffix)]

    named = {key for file in files for key in KEY_IN_TEMPLATE.findall(file.read_text(encoding="utf-8"))}

    assert named - PAGE_ENTRIES.keys() == set()


@pytest.mark.parametrize("reason", list(TicketReason))
def test_each_reason_of_a_ticket_has_words(english: PageText, reason: TicketReason) -> None:
    assert english(f"desk.reason.{reason}")


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        (Language.EN, 1, "1 month"),
        (Language.EN, "12", "12 months"),
        (Language.NL, 1, "1 maand"),
        (Language.RU, 3, "3 месяца"),
        (Language.RU, "6", "6 месяцев"),
        (Language.RU, 21, "21 месяц"),
    ],
)
def test_a_page_counts_in_the_plurals_of_its_language(
    words: PageWords, now: datetime, language: Language, count: int | str, expected: str
) -> None:
    assert words.page(language, now)("desk.card.months", count=count) == expected


def test_a_value_is_inserted_as_it_stands(english: PageText) -> None:
    assert english("desk.log", name="<b>{name}</b>\n{0}") == "Conversation with <b>{name}</b> {0}"


@pytest.mark.parametrize(
    ("key", "values"),
    [("desk.nothing", {}), ("desk.log", {}), ("desk.log", {"name": "A", "more": "B"}), ("recall.first", {})],
)
def test_an_unknown_key_or_other_values_are_refused(english: PageText, key: str, values: dict[str, str]) -> None:
    with pytest.raises(PageTextError):
        english(key, **values)


def test_a_page_shows_moments_in_the_clinics_zone(english: PageText) -> None:
    at = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)

    assert english.show(at, "time") == "0:30"
    assert english.show(at, "alone") == "Wednesday 25 November, 0:30"
    assert english.show(date(1980, 2, 1), "date") == "1 February 1980"


def test_a_page_may_show_an_amount(english: PageText) -> None:
    assert english("desk.visit.with", provider=Money(minor=4550, currency="EUR")) == "with €45.50"
