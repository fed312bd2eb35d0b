"""Learns the weights from the phrases of all languages: python -m bot.understanding.training.

Takes a quarter of an hour on one core the first time: each phrase is encoded once and its vector kept in a folder of
the cache. Needs 4 GB of memory, and scikit-learn, which nothing that runs in a clinic does.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from bot.understanding.encoders import Encoder, installed
from bot.understanding.features import NAMES, Heard, features
from bot.understanding.kept import LEARNT_FLAGS, Numbers, steps_of
from bot.understanding.letters import FILE, learn
from bot.understanding.likeness import Likeness, nearness, squares
from bot.understanding.networks import Networks
from bot.understanding.phrases import Phrase, Use, digest_of, of_use, read_phrases
from bot.understanding.port import Reading
from bot.understanding.rules import RuleUnderstander
from flows.meaning import Expecting, Intent
from flows.vocabulary import Language

WEIGHTS = Path(__file__).with_name("weights")
CACHE = Path(".cache/vectors")
_NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
_ZONE = ZoneInfo("Europe/Brussels")
_STRENGTH_OF_FLAGS = 5.0
_MEMBERS, _UNITS = 3, 384
_LEARNING = {"alpha": 3e-3, "max_iter": 14, "batch_size": 128, "learning_rate_init": 1.5e-3}
"""A few rounds: more learn the phrases by heart."""
_MOST_ROUNDS = 1000

_DIMENSIONS = 192
"""Of the numbers of a text, those directions are kept in which phrases differ most."""
_REACH = 1.0
"""How soon nearness fades, where two phrases are as far apart as most are."""
_DOUBT = 0.05
"""How little a phrase is trusted by itself: with none, each would be learnt by heart."""
_LOUDNESS = 12.0
"""Turns what the phrases say, which is 1 for all and 0 for none, into votes that make fair likelihoods."""
_FLAG = 0.28
"""From here on, between 0 for none and 1 for all, what the phrases say of a flag is rather yes than no."""
_LOOKED_AT, _ROWS = 400, 2000


def phrases_to_learn_from() -> list[Phrase]:
    """Read everything that was written to learn from. Raises PhrasesError."""
    return [phrase for language in Language for phrase in of_use(read_phrases(language), Use.TRAINING)]


def hear(phrases: Sequence[Phrase], rules: RuleUnderstander) -> list[Heard]:
    """Let the word lists read each phrase, as from somebody with that language."""
    return [
        rules.hear(said.text, Reading(language=said.language, expecting=Expecting.NOTHING, now=_NOW, zone=_ZONE))[0]
        for said in phrases
    ]


def encode(heard: Sequence[Heard], encoder: Encoder, show: Callable[[Sequence[Heard]], Iterator[Heard]]) -> Numbers:
    """Encode each text once; what was encoded before is taken from the cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    file = CACHE / f"{encoder.name}.npz"
    known: dict[str, Numbers] = {}
    if file.exists():
        with np.load(file) as kept:
            known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
    vectors = {text.text: known.get(text.text) for text in heard}
    for text in show([text for text in heard if vectors[text.text] is None]):
        vectors[text.text] = encoder.encode(text.text)
    found = {text: vector for text, vector in vectors.items() if vector is not None}
    everything = known | found
    np.savez(file, texts=np.array(list(everything)), vectors=np.stack(list(everything.values())))
    return np.stack([found[text.text] for text in heard])


def learn_networks(phrases: Sequence[Phrase], numbers: Numbers, widths: Sequence[int]) -> Networks:
    """Learn to tell intents and flags from the numbers of each phrase, whose encoders give vectors of these widths."""
    mean, scale = mean_and_scale(numbers, widths)
    scaled: Numbers = (numbers - mean) * scale
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # few rounds are meant
        members = [
            MLPClassifier((_UNITS,), random_state=seed, **_LEARNING).fit(scaled, _wanted(phrases))
            for seed in range(_MEMBERS)
        ]
    flags, flags_bias = _learn_flags(phrases, scaled)
    return Networks(
        mean=mean,
        hidden=np.hstack([member.coefs_[0] for member in members]) * scale[:, None],
        hidden_bias=np.concatenate([member.intercepts_[0] for member in members]),
        intents=np.stack([member.coefs_[1] for member in members]),
        intents_bias=np.stack([member.intercepts_[1] for member in members]),
        flags=flags * scale[:, None],
        flags_bias=flags_bias,
        digest=digest_of(phrases),
    )


def learn_likeness(phrases: Sequence[Phrase], numbers: Numbers, widths: Sequence[int]) -> Likeness:
    """Learn the same by kernel ridge regression: what each phrase has to say so that all come out as they are meant."""
    mean, scale = mean_and_scale(numbers, widths)
    scaled: Numbers = (numbers - mean) * scale
    _, directions = np.linalg.eigh(np.cov(scaled.T))
    axes: Numbers = directions[:, : -_DIMENSIONS - 1 : -1].astype(np.float32)
    some: Numbers = scaled[:: max(1, len(scaled) // _LOOKED_AT)] @ axes
    unit = np.sqrt(_REACH / np.median(_far_apart(some, some)))
    places = scaled @ axes * unit
    steps = steps_of(places)
    places = np.rint(places / steps) * steps  # as they will be kept
    intents = np.eye(len(Intent), dtype=np.float32)[_wanted(phrases)] - np.float32(1 / len(Intent))
    flags = np.array([[flag in said.flags for flag in LEARNT_FLAGS] for said in phrases], dtype=np.float32)
    against = np.array([0] * len(Intent) + [_FLAG] * len(LEARNT_FLAGS), dtype=np.float32)
    return Likeness(
        mean=mean,
        axes=axes * scale[:, None] * unit,
        places=places,
        says=_settled(places, np.hstack([intents, flags])) * np.float32(_LOUDNESS),
        bias=-against * np.float32(_LOUDNESS),
        digest=digest_of(phrases),
    )


def _settled(places: Numbers, wanted: Numbers) -> Numbers:
    """Solve (nearness + doubt) says = wanted; there is one large table, and it is worked on where it lies."""
    lengths = squares(places)
    table = np.empty((len(places), len(places)), dtype=np.float32, order="F")
    for at in range(0, len(places), _ROWS):
        table[:, at : at + _ROWS] = nearness(places[at : at + _ROWS], places, lengths).T
    table[np.diag_indices(len(places))] += np.float32(_DOUBT)
    factor = cho_factor(table, lower=True, overwrite_a=True, check_finite=False)
    says: Numbers = cho_solve(factor, wanted, check_finite=False)
    return says


def _far_apart(some: Numbers, others: Numbers) -> Numbers:
    """Tell the squares of the distances between places and others."""
    return squares(some)[:, None] + squares(others) - 2 * (some @ others.T)


def _learn_flags(phrases: Sequence[Phrase], scaled: Numbers) -> tuple[Numbers, Numbers]:
    planes = [
        LogisticRegression(C=_STRENGTH_OF_FLAGS, max_iter=_MOST_ROUNDS).fit(
            scaled, np.array([flag in said.flags for said in phrases])
        )
        for flag in LEARNT_FLAGS
    ]
    return np.column_stack([plane.coef_[0] for plane in planes]), np.concatenate([plane.intercept_ for plane in planes])


def _wanted(phrases: Sequence[Phrase]) -> NDArray[np.int64]:
    return np.array([list(Intent).index(said.intent) for said in phrases])


def mean_and_scale(numbers: Numbers, widths: Sequence[int]) -> tuple[Numbers, Numbers]:
    """Give the middle of what encoders say of all phrases, and how much each number counts."""
    mean: Numbers = numbers.mean(axis=0)
    mean[: len(NAMES)] = 0
    return mean, scale_of(numbers, widths)


def scale_of(numbers: Numbers, widths: Sequence[int]) -> Numbers:
    """Give how much each number counts, so that all encoders have the same say."""
    scale = np.ones(numbers.shape[1], dtype=np.float32)
    at = len(NAMES)
    for width in widths:
        block = numbers[:, at : at + width]
        scale[at : at + width] = 1 / np.linalg.norm(block - block.mean(axis=0), axis=1).mean()
        at += width
    return scale


@click.command()
def main() -> None:
    """Learn the weights of all languages, and keep them."""
    phrases = phrases_to_learn_from()
    texts = {language: [said.text for said in phrases if said.language is language] for language in Language}
    WEIGHTS.mkdir(exist_ok=True)
    np.savez_compressed(WEIGHTS / FILE, **learn(texts).packed())  # type: ignore[arg-type]  # its stub wants no names
    heard = hear(phrases, RuleUnderstander.load())
    blocks = [np.stack([features(text) for text in heard])]
    names: list[str] = []

    def show(waiting: Sequence[Heard]) -> Iterator[Heard]:
        with click.progressbar(waiting, label=f"encoding with {names[-1]}") as bar:
            yield from bar

    for encoder in installed():
        names.append(encoder.name)
        blocks.append(encode(heard, encoder, show))
        numbers, widths = np.hstack(blocks), [block.shape[1] for block in blocks[1:]]
        learnt = learn_likeness(phrases, numbers, widths) if names[1:] else learn_networks(phrases, numbers, widths)
        learnt.save(WEIGHTS / f"{'+'.join(names)}.npz")
        click.echo(f"{'+'.join(names)}: learnt from {len(phrases)} phrases")


if __name__ == "__main__":
    main()
