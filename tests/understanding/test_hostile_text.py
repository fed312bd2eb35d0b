"""Texts made to hurt: nothing breaks, and the rules read each of 4,096 characters within 50 milliseconds."""

from itertools import product
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import Reading, RuleUnderstander, Understander, load_understander
from bot.understanding.offers import named_offer
from flows.meaning import Expecting, Intent
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS, OFFERS, VISIT, WEDNESDAY

LONGEST = 4096
SLOWEST = 0.05
RULES = RuleUnderstander.load()
WITH_ALL = load_understander()
RIGHT_TO_LEFT = "\u0590\u05ff\u0600\u06ff\u0750\u077f\u202b\u202e\u2067\u061c"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u2062"
EMOJI = "👍🏽👨‍👩‍👧‍👦🦷😱🇧🇪☎️1️⃣❤️‍🔥"
REPEATED = (
    "stop ", "1 ", "9:30 ", "24/11 ", "the second one ", "monday or tuesday and ", "not tuesday ", "from 9 to 10 ",
    "any day but friday ", "my cheek is not swollen ", "не опухла щека ", "в половине десятого ", "half tien ",
    "moins le quart ", "ne pas ", "a@b.", "+32 ", "0470 ", "a-", "x'", "..", "(", "\0", "\n", "ghbdtn ", "shch",
    "👍", "\u200b", "ﷺ", "e\u0301", "İ", "ß", "𝕊", "Ａ",
)  # fmt: skip
readings = st.builds(
    Reading,
    language=st.sampled_from([None, *Language]),
    expecting=st.sampled_from(Expecting),
    now=st.just(WEDNESDAY),
    zone=st.just(BRUSSELS),
    offers=st.sampled_from([(), OFFERS]),
    visit=st.sampled_from([None, VISIT]),
)
hostile = st.one_of(
    st.text(max_size=LONGEST),
    st.text(alphabet=st.characters(), min_size=1, max_size=12).map(lambda text: (text * LONGEST)[:LONGEST]),
    st.text(alphabet=RIGHT_TO_LEFT + "stop 12", max_size=400),
    st.text(alphabet=INVISIBLE + "stop", max_size=400),
    st.text(alphabet=EMOJI, max_size=400),
)


def check(understander: Understander, text: str, reading: Reading) -> None:
    meaning = understander.understand(text, reading)
    assert meaning.intent not in meaning.alternatives
    assert 0 <= meaning.confidence <= 1
    assert named_offer(meaning, reading) == meaning.times or meaning.ordinal is not None


def seconds(text: str, reading: Reading) -> float:
    """Take the processor's time of the quickest of three, so that a busy machine does not count."""
    found = []
    for _ in range(3):
        began = thread_time()
        RULES.understand(text, reading)
        found.append(thread_time() - began)
    return min(found)


@settings(max_examples=200)
@given(text=hostile, reading=readings)
def test_the_rules_read_anything(text: str, reading: Reading) -> None:
    check(RULES, text, reading)


@pytest.mark.long
@settings(max_examples=40)
@given(text=hostile, reading=readings)
def test_with_encoders_anything_is_read_too(text: str, reading: Reading) -> None:
    check(WITH_ALL, text, reading)


@pytest.mark.parametrize("repeated", REPEATED)
def test_no_text_makes_the_rules_slow(repeated: str) -> None:
    text = (repeated * LONGEST)[:LONGEST]
    reading = Reading(
        language=None, expecting=Expecting.SLOTS, now=WEDNESDAY, zone=BRUSSELS, offers=OFFERS, visit=VISIT
    )
    assert seconds(text, reading) < SLOWEST


@pytest.mark.parametrize(("head", "tails"), [("con", "abdelmnor"), ("ver", "abdehlmno"), ("пер", "абвгдежзи")])
def test_words_never_seen_that_begin_like_many_known_ones_do_not_make_the_rules_slow(head: str, tails: str) -> None:
    found = []
    for first in "abc" if head.isascii() else "клм":
        words = [f"{head}{first}{''.join(tail)}" for tail in product(tails, repeat=3)]
        reading = Reading(language=None, expecting=Expecting.NOTHING, now=WEDNESDAY, zone=BRUSSELS)
        began = thread_time()
        RULES.understand(" ".join(words)[:LONGEST], reading)
        found.append(thread_time() - began)
    assert min(found) < SLOWEST


@settings(max_examples=40)
@given(text=hostile, reading=readings)
def test_no_chance_text_makes_the_rules_slow(text: str, reading: Reading) -> None:
    assert seconds(text, reading) < SLOWEST


@pytest.mark.parametrize(
    "hidden", ["s\u200bt\u200bo\u200bp", "ｓｔｏｐ", "STOP!!!", "\u202astop\u202c", "s\u00adtop", "ѕtop"]
)
def test_a_stop_in_disguise_is_a_stop(hidden: str) -> None:
    reading = Reading(language=Language.EN, expecting=Expecting.NOTHING, now=WEDNESDAY, zone=BRUSSELS)
    assert RULES.understand(hidden, reading).intent is Intent.STOP
    assert WITH_ALL.understand(hidden, reading).intent is Intent.STOP
