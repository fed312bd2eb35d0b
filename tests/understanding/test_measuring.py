"""What is counted, how it is told, and what is drawn of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree as ET

import click
import pytest

from bot.understanding import Reading
from bot.understanding.confusion import draw_confusion
from bot.understanding.evaluation import BEGIN, END, Watched, placed, told
from bot.understanding.figures import Measured, cost_table, quality_table, safety_table, wilson, worth_table
from bot.understanding.learned import LearnedUnderstander
from bot.understanding.measuring import (
    Outcome,
    Share,
    confusion,
    false_alarms,
    flag_false,
    flag_missed,
    missed,
    read_time,
    right,
    right_when_sure,
    shown_to_all,
    sure,
    times_right,
    understand_all,
)
from bot.understanding.phrases import Phrase, TimePhrase
from bot.understanding.variants import Load, load_with, weigh_loading
from flows.meaning import Expecting, Flag, Intent, Meaning, TimeWish
from flows.vocabulary import Language

STOP, YES, NO = Intent.STOP, Intent.YES, Intent.NO


def outcome(
    meant: Intent, taken: Intent, *, is_sure: bool = True, raised: Flag | None = None, heard: Flag | None = None
) -> Outcome:
    return Outcome(
        phrase=Phrase(text="x", language=Language.FR, intent=meant, flags=frozenset({raised} if raised else ())),
        meaning=Meaning(intent=taken, sure=is_sure, confidence=1, flags=frozenset({heard} if heard else ())),
    )


OUTCOMES = [
    outcome(STOP, STOP),
    outcome(STOP, NO, is_sure=False),
    outcome(YES, YES),
    outcome(YES, STOP),
    outcome(NO, NO, is_sure=False, raised=Flag.LEGAL),
    outcome(NO, NO, heard=Flag.LEGAL),
]


class Scripted:
    """An understander that says what it was told to, and remembers what it was asked."""

    is_quick = True

    def __init__(self, answer: Callable[[str], Meaning]) -> None:
        self.answer, self.readings = answer, list[Reading]()

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Give the answer."""
        self.readings.append(reading)
        return self.answer(text)

    def courtesies(self, language: Language) -> frozenset[str]:
        """Give the name of the language."""
        return frozenset({language.value})


def test_shares_are_counted() -> None:
    assert right(OUTCOMES) == Share(part=4, whole=6)
    assert sure(OUTCOMES) == Share(part=4, whole=6)
    assert right_when_sure(OUTCOMES) == Share(part=3, whole=4)
    assert missed(OUTCOMES, STOP) == Share(part=1, whole=2)
    assert false_alarms(OUTCOMES, STOP) == Share(part=1, whole=4)
    assert flag_missed(OUTCOMES, Flag.LEGAL) == Share(part=1, whole=1)
    assert flag_false(OUTCOMES, Flag.LEGAL) == Share(part=1, whole=5)
    assert right([]).value == 0
    assert confusion(OUTCOMES)[YES, STOP] == 1


def test_phrases_are_read_with_their_language_and_question() -> None:
    said = [Phrase(text="oui", language=Language.FR, intent=YES, expecting=Expecting.CONFIRMATION)]
    understander = Scripted(lambda _: Meaning(intent=YES, sure=True, confidence=1))
    assert right(understand_all(understander, said)) == Share(part=1, whole=1)
    assert understander.readings[0].language is Language.FR
    assert understander.readings[0].expecting is Expecting.CONFIRMATION


def test_a_time_phrase_is_right_only_if_exactly_right() -> None:
    offers = (datetime(2026, 11, 24, 9, 30), datetime(2026, 11, 26, 16, 0))  # noqa: DTZ001 - in the clinic's zone
    now = datetime(2026, 11, 18, 10)  # noqa: DTZ001 - the same
    second = TimePhrase(
        text="the second", language=Language.EN, now=now, offers=offers,
        dates=(date(2026, 11, 26),), earliest=time(16), latest=time(16),
    )  # fmt: skip
    pointing = Scripted(lambda _: Meaning(intent=Intent.SLOT_CHOICE, sure=True, confidence=1, ordinal=1))
    assert read_time(pointing, second) == TimeWish(dates=second.dates, earliest=time(16), latest=time(16))
    assert pointing.readings[0].offers[0] == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert pointing.readings[0].expecting is Expecting.SLOTS
    assert times_right(pointing, [second]) == Share(part=1, whole=1)
    vague = Scripted(lambda _: Meaning(intent=Intent.SLOT_CHOICE, sure=True, confidence=1))
    assert times_right(vague, [second]) == Share(part=0, whole=1)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (2, 89, 0.0062, 0.0782)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(Share(part=part, whole=whole)) == pytest.approx((low, high), abs=1e-4)


def test_the_tables_tell_the_figures() -> None:
    times = dict.fromkeys([*(language.value for language in Language), "all"], Share(part=9, whole=10))
    quality = quality_table(OUTCOMES, times)
    assert "| fr        | 6 " in quality
    assert "9 of 10, 90.0 %" in quality
    safety = safety_table(OUTCOMES)
    assert "1 of 2, 50.0 % (9.5–90.5) | en 0, fr 1, nl 0, ru 0" in re.sub(" +", " ", safety)
    assert "robot (flag)" in safety
    load = Load(seconds=1.25, before=10, after=60)
    measured = Measured(encoders=("use",), outcomes=OUTCOMES, seconds=[0.001] * 6, load=load)
    cost = cost_table([measured])
    assert "rules + use" in cost
    worth = worth_table([measured])
    assert "1 of 2, 50.0 %" in worth
    assert "50 MB (10 → 60)" in cost
    assert all(table in told([measured], OUTCOMES, times) for table in (quality, safety, worth, cost))
    asked = replace(measured, encoders=("use", "e5"), shown=Share(part=2, whole=6))
    page = told([asked], OUTCOMES, times)
    assert "All encoders were asked about 2 of 6, 33.3 %; about the others, use alone." in page


def test_how_many_texts_all_encoders_were_asked_about_is_counted() -> None:
    understander = load_with(["use", "e5"])
    assert isinstance(understander, LearnedUnderstander)
    plain, grave = (
        Phrase(text=text, language=Language.EN, intent=intent)
        for text, intent in (("yes", Intent.YES), ("mum is not with us any more since easter", Intent.DECEASED))
    )
    assert shown_to_all(understander, [plain]) == Share(part=0, whole=1)
    assert shown_to_all(understander, [plain, grave, grave]) == Share(part=2, whole=3)


def test_figures_are_put_between_their_marks_as_often_as_one_likes() -> None:
    page = f"# Head\n\n{BEGIN}\nold\n{END}\n\ntail\n"
    once = placed(page, "| a |")
    assert once == f"# Head\n\n{BEGIN}\n\n| a |\n\n{END}\n\ntail\n"
    assert placed(once, "| a |") == once
    with pytest.raises(click.ClickException, match="has no place for figures; add the lines"):
        placed("# Head", "| a |")


def test_time_is_taken_and_the_language_can_be_kept_from_it() -> None:
    inner, seen = Scripted(lambda _: Meaning(intent=YES, sure=True, confidence=1)), list[bool]()
    watched = Watched(inner=inner, seen=lambda: seen.append(True), told=False)
    understand_all(watched, [Phrase(text="oui", language=Language.FR, intent=YES)])
    assert (len(watched.seconds), seen, inner.readings[0].language) == (1, [True], None)
    assert watched.is_quick
    assert watched.courtesies(Language.FR) == {"fr"}


def test_loading_is_weighed_in_a_process_of_its_own() -> None:
    load = weigh_loading([])
    assert 0 < load.seconds < 60
    assert load.before < load.after
    assert load_with([]).is_quick


def test_the_picture_has_a_row_for_each_intent_and_a_shade_for_each_count() -> None:
    picture = ET.fromstring(draw_confusion("right & wrong", confusion(OUTCOMES)))  # noqa: S314 - our own
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert all(texts.count(intent.value) == 2 for intent in Intent)
    cells = [rect.get("fill") for rect in picture.iter("{http://www.w3.org/2000/svg}rect") if rect.get("width") == "21"]
    assert len(cells) == len(confusion(OUTCOMES)) == 5
    assert cells.count("#0b5a96") == 1
    assert texts[0] == "right & wrong"
