"""Measures how well texts are understood, and what it costs: python -m bot.understanding.evaluation, `make evaluate`.

The phrases measured with are those whose authors wrote none to learn from. Everything runs on one core.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import process_time

import click

from bot.understanding.confusion import draw_confusion
from bot.understanding.figures import (
    ALL,
    Measured,
    by_language,
    cost_table,
    quality_table,
    safety_table,
    told_asked,
    worth_table,
)
from bot.understanding.learned import LearnedUnderstander
from bot.understanding.measuring import Outcome, Share, confusion, right, shown_to_all, times_right, understand_all
from bot.understanding.phrases import Phrase, TimePhrase, Use, of_use, read_phrases
from bot.understanding.port import Reading, Understander
from bot.understanding.variants import load_with, variants, weigh_loading
from flows.meaning import Meaning
from flows.vocabulary import Language

PAGE = Path("docs/understanding.md")
PICTURES = Path("docs/understanding")
_LOADINGS = 3
"""The quickest counts: others may be busy on the machine."""

BEGIN, END = "<!-- figures: written by make evaluate -->", "<!-- end of figures -->"


@dataclass(kw_only=True, slots=True)
class Watched:
    """An understander, and the seconds of the processor it takes. told: whether it is told the patient's language."""

    inner: Understander
    seen: Callable[[], None]
    told: bool = True
    seconds: list[float] = field(default_factory=list)

    @property
    def is_quick(self) -> bool:
        """Tell what the inner one tells."""
        return self.inner.is_quick

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Let the inner one read, and take the time."""
        circumstances = reading if self.told else replace(reading, language=None)
        began = process_time()
        meaning = self.inner.understand(text, circumstances)
        self.seconds.append(process_time() - began)
        self.seen()
        return meaning

    def courtesies(self, language: Language) -> frozenset[str]:
        """Return what the inner one returns."""
        return self.inner.courtesies(language)


@click.command()
@click.option("--write-docs", is_flag=True, help="Write the figures into docs/understanding.md too.")
def main(*, write_docs: bool) -> None:
    """Measure everything, print the figures, and draw a picture of what is mistaken for what for each language."""
    phrases, times = phrases_to_measure_with()
    with on_one_core():
        measured = [_measure(encoders, phrases) for encoders in variants()]
        best = load_with(measured[-1].encoders)
        untold = [meaning for _, meaning in _watch(best, phrases, "language not told", told=False)]
        shares = _times_right(best, times)
    figures = told(measured, untold, shares)
    click.echo(figures)
    draw(measured[-1].outcomes)
    if write_docs:
        PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")


def phrases_to_measure_with() -> tuple[list[Phrase], list[TimePhrase]]:
    """Read everything that was written to measure with. Raises PhrasesError."""
    files = [file for language in Language for file in read_phrases(language)]
    return of_use(files, Use.EVALUATION), [said for file in files if file.use is Use.EVALUATION for said in file.times]


def told(measured: Sequence[Measured], untold: Sequence[Outcome], times: dict[str, Share]) -> str:
    """Tell the figures of all variants; those of the last one in full. untold: it was not told the language."""
    best = measured[-1]
    without = ", ".join(f"{name} {right(some).value * 100:.1f} %" for name, some in by_language(untold).items())
    cores = os.cpu_count() or 1
    starts = f"the quickest of {_LOADINGS} fresh starts, first text included"
    return "\n\n".join(
        [
            f"With {best.name}; in brackets the 95 % interval by Wilson:",
            quality_table(best.outcomes, times),
            f"Where the patient's language is not told, right are: {without}.",
            safety_table(best.outcomes),
            "With fewer encoders, or none:",
            worth_table(measured),
            f"On one core of {cores}: processor's time a text; {starts}:",
            cost_table(measured),
            told_asked(best),
        ]
    )


def draw(outcomes: Sequence[Outcome]) -> None:
    """Draw a picture for each language."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, some in by_language(outcomes).items():
        if name != ALL:
            picture = draw_confusion(f"What is understood, and what is mistaken: {name}", confusion(some))
            (PICTURES / f"confusion-{name}.svg").write_text(picture, encoding="utf-8")


def placed(page: str, figures: str) -> str:
    """Put the figures where the page has its marks. Raises ClickException where it has none."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise click.ClickException(f"{PAGE} has no place for figures; add the lines {BEGIN} and {END}")
    return f"{head}{begin}\n\n{figures}\n\n{end}{tail}"


def _measure(encoders: tuple[str, ...], phrases: Sequence[Phrase]) -> Measured:
    load = min((weigh_loading(encoders) for _ in range(_LOADINGS)), key=lambda each: each.seconds)
    understander = load_with(encoders)
    watched = _watch(understander, phrases, "+".join(encoders) or "rules alone")
    seconds, outcomes = zip(*watched, strict=True)
    measured = Measured(encoders=encoders, outcomes=outcomes, seconds=seconds, load=load)
    if isinstance(understander, LearnedUnderstander) and encoders[1:]:
        return replace(measured, shown=shown_to_all(understander, phrases))
    return measured


def _watch(
    understander: Understander, phrases: Sequence[Phrase], label: str, *, told: bool = True
) -> Iterator[tuple[float, Outcome]]:
    with click.progressbar(length=len(phrases), label=label, file=sys.stderr) as bar:
        watched = Watched(inner=understander, seen=lambda: bar.update(1), told=told)
        outcomes = understand_all(watched, phrases)
    yield from zip(watched.seconds, outcomes, strict=True)


def _times_right(understander: Understander, times: Sequence[TimePhrase]) -> dict[str, Share]:
    parted = {name.value: [said for said in times if said.language is name] for name in Language} | {ALL: list(times)}
    return {name: times_right(understander, some) for name, some in parted.items()}


@contextmanager
def on_one_core() -> Iterator[None]:
    """Stay on one core, where the system lets a process choose."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


if __name__ == "__main__":
    main()
