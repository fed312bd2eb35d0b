"""Times as patients write them at different moments, with and without offers: `times/<language>.toml`.

Each line holds `now` and `offers` (the clinic's wall clock), `text`, the `dates` it means ("any" where no day is
named), and the bounds `from` and `to`, absent where open. A text that points at an offer means that offer's time.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.understanding import Reading, RuleUnderstander
from flows.meaning import Expecting, Meaning
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS

TABLES = Path(__file__).parent / "times"
Times = tuple[tuple[date, ...] | None, time | None, time | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A line of a table. now, offers: aware."""

    language: Language
    now: datetime
    offers: tuple[datetime, ...]
    text: str
    times: Times


def lines(language: Language) -> Iterator[Said]:
    for line in tomllib.loads((TABLES / f"{language.value}.toml").read_text(encoding="utf-8"))["times"]:
        yield Said(
            language=language,
            now=line["now"].replace(tzinfo=BRUSSELS),
            offers=tuple(offer.replace(tzinfo=BRUSSELS) for offer in line.get("offers", ())),
            text=line["text"],
            times=(None if line["dates"] == "any" else tuple(line["dates"]), line.get("from"), line.get("to")),
        )


def times_of(meaning: Meaning, offers: tuple[datetime, ...]) -> Times:
    if meaning.ordinal is not None and meaning.times.dates is None:
        offer = offers[meaning.ordinal]
        return (offer.date(),), offer.time(), offer.time()
    return meaning.times.dates, meaning.times.earliest, meaning.times.latest


def reading_of(said: Said) -> Reading:
    return Reading(
        language=said.language,
        expecting=Expecting.SLOTS,
        now=said.now.astimezone(UTC),
        zone=BRUSSELS,
        offers=tuple(offer.astimezone(UTC) for offer in said.offers),
    )


@pytest.mark.parametrize("language", Language)
def test_a_patients_words_give_these_times(language: Language, understander: RuleUnderstander) -> None:
    told = {f"{said.now:%a %d %b}: {said.text}": said for said in lines(language)}
    found = {
        key: times_of(understander.understand(said.text, reading_of(said)), said.offers) for key, said in told.items()
    }
    assert found == {key: said.times for key, said in told.items()}


@pytest.mark.parametrize("language", Language)
def test_each_language_has_its_phrases(language: Language) -> None:
    assert len(list(lines(language))) >= 150
