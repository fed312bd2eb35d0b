"""What is learnt tells what it was learnt from, and is the same after it was kept."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.features import NAMES
from bot.understanding.kept import LEARNT_FLAGS, Numbers
from bot.understanding.likeness import Likeness
from bot.understanding.networks import Networks
from bot.understanding.phrases import Phrase
from bot.understanding.training import learn_likeness, learn_networks
from bot.understanding.weights import FOLDER, WeightsError
from flows.meaning import Intent
from flows.vocabulary import Language

Learn = Callable[[Sequence[Phrase], Numbers, Sequence[int]], Networks | Likeness]
WIDTH, EACH = 224, 8
"""Numbers a text has of its encoder, and phrases an intent has."""


@pytest.fixture(scope="module")
def phrases() -> list[Phrase]:
    return [
        Phrase(
            text=f"{intent} {n}",
            language=Language.EN,
            intent=intent,
            flags=frozenset({LEARNT_FLAGS[n]} if intent is Intent.OTHER and n < len(LEARNT_FLAGS) else ()),
        )
        for intent in Intent
        for n in range(EACH)
    ]


@pytest.fixture(scope="module")
def numbers(phrases: list[Phrase]) -> Numbers:
    """Place the phrases of an intent near one another, those with flags beside them."""
    rng = np.random.default_rng(1)
    middles = {key: rng.standard_normal(WIDTH) for key in (*Intent, *LEARNT_FLAGS)}
    placed = [middles[next(iter(said.flags), said.intent)] + 0.3 * rng.standard_normal(WIDTH) for said in phrases]
    return np.hstack([np.zeros((len(phrases), len(NAMES))), np.array(placed)]).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is learnt elsewhere."""
    monkeypatch.setattr("bot.understanding.kept.files", lambda _: tmp_path)
    (tmp_path / FOLDER).mkdir()
    return tmp_path / FOLDER


@pytest.mark.parametrize("learn", [learn_networks, learn_likeness])
def test_phrases_are_told_apart_and_after_they_were_kept_as_before(
    learn: Learn, phrases: list[Phrase], numbers: Numbers, folder: Path
) -> None:
    learnt = learn(phrases, numbers, [WIDTH])
    learnt.save(folder / "one.npz")
    again = type(learnt).load(["one"])
    assert again.digest == learnt.digest
    right = 0
    for said, its_numbers in zip(phrases, numbers, strict=True):
        intents, flags = learnt.judge(its_numbers)
        assert float(intents.sum()) == pytest.approx(1, abs=1e-3)
        right += list(Intent)[int(intents.argmax())] is said.intent
        for kept, before in zip(again.judge(its_numbers), (intents, flags), strict=True):
            assert np.abs(kept - before).max() < 0.05
    assert right >= 0.9 * len(phrases)


def test_likeness_learns_the_flags_beside_the_intents(phrases: list[Phrase], numbers: Numbers) -> None:
    learnt = learn_likeness(phrases, numbers, [WIDTH])
    for said, its_numbers in zip(phrases, numbers, strict=True):
        if said.flags:
            _, flags = learnt.judge(its_numbers)
            assert LEARNT_FLAGS[int(flags.argmax())] in said.flags
    _, far_away = learnt.judge(np.full(len(numbers[0]), 9, dtype=np.float32))
    assert float(far_away.max()) < 0.5


def test_what_is_kept_holds_no_text(phrases: list[Phrase], numbers: Numbers, folder: Path) -> None:
    learn_likeness(phrases, numbers, [WIDTH]).save(folder / "one.npz")
    with np.load(folder / "one.npz") as kept:
        written = {name for name in kept.files if kept[name].dtype.kind in "USO"}
        assert written == {"names", "digest"}
        assert not {said.text for said in phrases} & set(kept["names"].tolist())


def test_a_file_with_a_part_missing_is_refused(folder: Path) -> None:
    np.savez(folder / "one.npz", mean=np.zeros(3))
    with pytest.raises(WeightsError, match=r"weights/one\.npz cannot be read; run make weights"):
        Likeness.load(["one"])
