"""The quick encoder is asked first, and the slow one wherever it is not plain or something grave is in sight."""

import numpy as np
import pytest

from bot.understanding import Reading, RuleUnderstander
from bot.understanding.classifier import Classifier, Odds
from bot.understanding.encoders import Vector
from bot.understanding.features import NAMES
from bot.understanding.kept import LEARNT_FLAGS, Numbers
from bot.understanding.likeness import Likeness
from bot.understanding.networks import Networks
from bot.understanding.variants import load_with, variants
from flows.meaning import Expecting, Flag, Intent
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS, WEDNESDAY

READING = Reading(language=Language.EN, expecting=Expecting.NOTHING, now=WEDNESDAY, zone=BRUSSELS)
ORDINARY = "the tram was full of people"


class Counted:
    """An encoder that counts what it is asked."""

    width = 2

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, text: str) -> Vector:
        """Return nothing but zeros."""
        self.asked.append(text)
        return np.zeros(self.width, dtype=np.float32)


def says(likely: dict[Intent, float]) -> Numbers:
    """Give likelihoods of all intents; what is left is shared by all others."""
    rest = (1 - sum(likely.values())) / (len(Intent) - len(likely))
    return np.array([likely.get(intent, rest) for intent in Intent], dtype=np.float32)


def networks(likely: dict[Intent, float], flags: dict[Flag, float]) -> Networks:
    """Make networks that say this of every text."""
    numbers = len(NAMES) + Counted.width
    chances = np.array([flags.get(flag, 0.001) for flag in LEARNT_FLAGS], dtype=np.float32)
    return Networks(
        mean=np.zeros(numbers, dtype=np.float32),
        hidden=np.zeros((numbers, 1), dtype=np.float32),
        hidden_bias=np.zeros(1, dtype=np.float32),
        intents=np.zeros((1, 1, len(Intent)), dtype=np.float32),
        intents_bias=np.log(says(likely))[None],
        flags=np.zeros((numbers, len(LEARNT_FLAGS)), dtype=np.float32),
        flags_bias=np.log(chances / (1 - chances)),
        digest="",
    )


def likeness(intent: Intent) -> Likeness:
    """Make a single phrase that is like every text and says this."""
    numbers = len(NAMES) + 2 * Counted.width
    said = np.zeros((1, len(Intent) + len(LEARNT_FLAGS)), dtype=np.float32)
    said[0, list(Intent).index(intent)] = 20
    return Likeness(
        mean=np.zeros(numbers, dtype=np.float32),
        axes=np.zeros((numbers, 1), dtype=np.float32),
        places=np.zeros((1, 1), dtype=np.float32),
        says=said,
        bias=np.repeat(np.array([0, -5], dtype=np.float32), [len(Intent), len(LEARNT_FLAGS)]),
        digest="",
    )


def judged(likely: dict[Intent, float], text: str = ORDINARY, flags: dict[Flag, float] | None = None) -> Odds:
    """Judge a text of which the first encoder says this, and all together that it is a complaint."""
    quick, slow = Counted("quick"), Counted("slow")
    classifier = Classifier([quick, slow], networks(likely, flags or {}), likeness(Intent.COMPLAINT))
    heard, _ = RuleUnderstander.load(Language.EN).hear(text, READING)
    odds = classifier.judge(heard)
    assert (quick.asked, slow.asked) == ([heard.text], [heard.text] if "slow" in odds.asked else [])
    return odds


def test_where_the_quick_encoder_is_sure_the_slow_one_is_not_asked() -> None:
    odds = judged({Intent.MONEY: 0.97})
    assert odds.asked == ("quick",)
    assert odds.intents[Intent.MONEY] == pytest.approx(0.97, abs=1e-3)


def test_where_it_is_not_sure_all_are_asked_and_likeness_says_most() -> None:
    odds = judged({Intent.MONEY: 0.6, Intent.FEAR: 0.35})
    assert odds.asked == ("quick", "slow")
    assert max(odds.intents, key=odds.intents.__getitem__) is Intent.COMPLAINT
    assert odds.intents[Intent.MONEY] > odds.intents[Intent.FEAR] > 0
    assert sum(odds.intents.values()) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("grave", [Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE])
def test_a_share_of_something_grave_is_looked_at_by_all(grave: Intent) -> None:
    assert judged({Intent.MONEY: 0.94, grave: 0.05}).asked == ("quick", "slow")


@pytest.mark.parametrize("flag", LEARNT_FLAGS)
def test_a_flag_in_sight_is_looked_at_by_all(flag: Flag) -> None:
    assert judged({Intent.MONEY: 0.97}, flags={flag: 0.1}).asked == ("quick", "slow")


def test_a_word_of_something_grave_is_looked_at_by_all() -> None:
    assert judged({Intent.MONEY: 0.97}, "please stop writing to me").asked == ("quick", "slow")
    assert judged({Intent.MONEY: 0.97}, "I will see you in court").asked == ("quick", "slow")


def test_what_is_grave_is_plain_only_in_plain_words_and_with_nothing_graver_in_sight() -> None:
    assert judged({Intent.STOP: 0.97}).asked == ("quick", "slow")
    assert judged({Intent.STOP: 0.97}, "please stop writing to me").asked == ("quick",)
    assert judged({Intent.STOP: 0.94, Intent.DECEASED: 0.05}, "please stop writing to me").asked == ("quick", "slow")


def test_a_short_text_is_encoded_once_and_a_long_one_each_time() -> None:
    quick = Counted("quick")
    classifier = Classifier([quick], networks({Intent.YES: 0.5}, {}))
    rules = RuleUnderstander.load(Language.EN)
    for text in ("yes please", "yes please", "a" * 30, "a" * 30):
        assert classifier.judge(rules.hear(text, READING)[0]).asked == ("quick",)
    assert quick.asked == ["yes please", "a" * 30, "a" * 30]


@pytest.mark.skipif(len(list(variants())) < 3, reason="only one encoder is installed")
def test_what_is_learnt_asks_no_more_than_it_must() -> None:
    understander = load_with(["use", "e5"])
    for text, asked in (("yes please", 1), ("my inbox is not your notice board", 2)):
        heard, _ = understander.rules.hear(text, READING)  # type: ignore[attr-defined]
        assert len(understander.classifier.judge(heard).asked) == asked  # type: ignore[attr-defined]
