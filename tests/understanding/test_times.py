"""Times as patients write them, in `times/<language>.txt`, and the days and bounds each must be read as."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.understanding import Reading, RuleUnderstander
from flows.meaning import Expecting, Intent
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS, OFFERS, VISIT, WEDNESDAY, Read

TABLES = Path(__file__).parent / "times"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """A line of a table."""

    language: Language
    text: str
    dates: tuple[date, ...] | None
    earliest: time | None
    latest: time | None


def day(text: str) -> date:
    month, of_month = map(int, text.split("-"))
    this_year = date(2025, month, of_month)
    return this_year if this_year >= WEDNESDAY.date() else date(2026, month, of_month)


def days(text: str) -> tuple[date, ...] | None:
    if text == "*":
        return None
    found: set[date] = set()
    for stretch in text.split(","):
        first, _, last = stretch.partition("..")
        length = (day(last or first) - day(first)).days
        found |= {day(first) + timedelta(days=ahead) for ahead in range(length + 1)}
    return tuple(sorted(found))


def lines(language: Language) -> Iterator[Phrase]:
    for line in (TABLES / f"{language.value}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, text = line.split(" | ", 1)
            dates, earliest, latest = head.split()
            yield Phrase(
                language=language,
                text=text,
                dates=days(dates),
                earliest=None if earliest == "-" else time.fromisoformat(earliest),
                latest=None if latest == "-" else time.fromisoformat(latest),
            )


@pytest.mark.parametrize("language", Language)
def test_times_in_words_are_read(language: Language, read: Read) -> None:
    phrases = list(lines(language))
    times = {
        each.text: read(each.text, language, expecting=Expecting.SLOTS, offers=(), visit=VISIT).times
        for each in phrases
    }
    found = {text: (wish.dates, wish.earliest, wish.latest) for text, wish in times.items()}
    assert found == {each.text: (each.dates, each.earliest, each.latest) for each in phrases}


@pytest.mark.parametrize("language", Language)
def test_the_tables_are_long_enough(language: Language) -> None:
    assert len(list(lines(language))) >= 40


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("in spring", Language.EN),
        ("après l'été", Language.FR),
        ("over drie maanden", Language.NL),
        ("в сентябре", Language.RU),
    ],
)
def test_a_far_time_asks_to_be_reminded(text: str, language: Language, read: Read) -> None:
    meaning = read(text, language)
    assert meaning.intent is Intent.LATER
    assert meaning.times.dates is not None
    assert len(meaning.times.dates) == 1


@pytest.mark.parametrize(
    ("text", "ordinal"), [("the first", 0), ("second one please", 1), ("the later one", -1), ("yes the 2nd", 1)]
)
def test_an_offer_is_pointed_at(text: str, ordinal: int, read: Read) -> None:
    meaning = read(text, expecting=Expecting.SLOTS)
    assert (meaning.intent, meaning.sure, meaning.ordinal) == (Intent.SLOT_CHOICE, True, ordinal)


def test_nothing_is_pointed_at_where_nothing_was_offered(read: Read) -> None:
    assert read("the first").ordinal is None


def test_a_bare_hour_is_read_by_the_offers(read: Read) -> None:
    evening = (datetime(2025, 11, 24, 19, 0, tzinfo=UTC),)
    assert read("at 8", expecting=Expecting.SLOTS, offers=evening).times.earliest == time(20)
    assert read("at 8", expecting=Expecting.SLOTS, offers=OFFERS).times.earliest == time(8)


def test_a_phone_number_is_no_time(read: Read) -> None:
    meaning = read("0470 11 22 33", expecting=Expecting.FIELD)
    assert meaning.intent is Intent.UPDATE_CONTACT
    assert not meaning.times.names_something


def test_today_is_the_clinics_today(understander: RuleUnderstander) -> None:
    late_in_the_evening = datetime(2025, 11, 19, 23, 30, tzinfo=UTC)
    reading = Reading(
        language=Language.EN, expecting=Expecting.SLOTS, now=late_in_the_evening, zone=BRUSSELS, offers=(), visit=None
    )
    assert understander.understand("today", reading).times.dates == (date(2025, 11, 20),)


def test_a_day_that_cannot_be_names_nothing(read: Read) -> None:
    assert read("31 february", expecting=Expecting.SLOTS).times.dates is None


def test_the_29th_of_february_is_found_years_ahead(read: Read) -> None:
    assert read("29 february", expecting=Expecting.SLOTS).times.dates == (date(2028, 2, 29),)
