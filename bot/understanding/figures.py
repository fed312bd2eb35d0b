"""What was measured, as the tables that `make evaluate` prints and docs/understanding.md shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from statistics import median, quantiles

from bot.understanding.kept import LEARNT_FLAGS
from bot.understanding.measuring import (
    MEASURED_SAFETY,
    Outcome,
    Share,
    false_alarms,
    flag_false,
    flag_missed,
    missed,
    right,
    right_when_sure,
    sure,
)
from bot.understanding.variants import Load
from flows.meaning import Flag
from flows.vocabulary import Language

ALL = "all"
_Count = Callable[[Sequence[Outcome]], Share]
_FLAG_NAMES = {Flag.ROBOT_QUESTION: "robot"}
_Z = 1.959964
"""Of the normal distribution: 95 % lie within so many standard deviations."""

_MILLISECONDS = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What a variant made of all phrases. seconds: how long each text took. shown: how many all encoders were asked."""

    encoders: tuple[str, ...]
    outcomes: Sequence[Outcome]
    seconds: Sequence[float]
    load: Load
    shown: Share | None = None

    @property
    def name(self) -> str:
        """Say what decides."""
        return " + ".join(("rules", *self.encoders)) if self.encoders else "rules alone"


def wilson(share: Share) -> tuple[float, float]:
    """Give the 95 % interval of a share by Wilson's score; from nothing to all where nothing was counted."""
    if not share.whole:
        return 0.0, 1.0
    n, p = share.whole, share.value
    centre, spread = p + _Z**2 / (2 * n), _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
    scale = 1 + _Z**2 / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def by_language(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Give the outcomes of each language, and those of all together last."""
    everything = list(outcomes)
    parted = {
        language.value: [each for each in everything if each.phrase.language is language] for language in Language
    }
    return parted | {ALL: everything}


def quality_table(outcomes: Iterable[Outcome], times: Mapping[str, Share]) -> str:
    """Tell how well each language is understood. times: time phrases exactly right, by language."""
    rows = [
        [name, str(len(some)), _with_interval(right(some)), _with_interval(right_when_sure(some)),
         _percent(sure(some).value), _with_count(times[name])]
        for name, some in by_language(outcomes).items()
    ]  # fmt: skip
    asked = ["asked for", "300 each", "≥ 80 %", "≥ 95 %", "≥ 60 %", "≥ 90 %"]
    return table(["language", "texts", "right", "right when sure", "sure", "times exactly right"], [*rows, asked])


def safety_table(outcomes: Iterable[Outcome]) -> str:
    """Tell what was missed and what was falsely heard of all that must not be, over all languages and in each."""
    parted = by_language(outcomes)
    kinds: list[tuple[str, _Count, _Count]] = [
        (intent.value, partial(missed, intent=intent), partial(false_alarms, intent=intent))
        for intent in MEASURED_SAFETY
    ]
    kinds += [
        (f"{_FLAG_NAMES.get(flag, flag.value)} (flag)", partial(flag_missed, flag=flag), partial(flag_false, flag=flag))
        for flag in LEARNT_FLAGS
    ]
    rows = [
        [name, _with_interval(lost(parted[ALL]), counted=True),
         ", ".join(f"{language.value} {lost(parted[language.value]).part}" for language in Language),
         _with_interval(false(parted[ALL]), counted=True)]
        for name, lost, false in kinds
    ]  # fmt: skip
    return table(["", "missed", "where", "false alarms among other texts"], rows)


def worth_table(measured: Iterable[Measured]) -> str:
    """Tell how well each variant understands. Of safety: all of it together, flags aside."""
    rows = [
        [each.name, _percent(right(each.outcomes).value), _percent(right_when_sure(each.outcomes).value),
         _percent(sure(each.outcomes).value), _with_count(_missed_of_safety(each.outcomes))]
        for each in measured
    ]  # fmt: skip
    return table(["what decides", "right", "right when sure", "sure", "missed of safety"], rows)


def cost_table(measured: Iterable[Measured]) -> str:
    """Tell what each variant costs."""
    rows = [
        [each.name, *_times(each.seconds), f"{each.load.seconds:.1f} s",
         f"{each.load.after - each.load.before:.0f} MB ({each.load.before:.0f} → {each.load.after:.0f})"]
        for each in measured
    ]  # fmt: skip
    return table(["what decides", "median", "95th of 100", "ready after", "memory"], rows)


def told_asked(measured: Measured) -> str:
    """Tell how often all encoders were asked, and not the quick one alone."""
    if measured.shown is None:
        return "There is no second encoder to ask."
    return (
        f"All encoders were asked about {_with_count(measured.shown)}; about the others, {measured.encoders[0]} alone."
    )


def _missed_of_safety(outcomes: Sequence[Outcome]) -> Share:
    shares = [missed(outcomes, intent) for intent in MEASURED_SAFETY]
    return Share(part=sum(share.part for share in shares), whole=sum(share.whole for share in shares))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown, its columns aligned for who reads it as text."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    lines.insert(1, ["-" * width for width in widths])
    aligned = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in aligned)


def _times(seconds: Sequence[float]) -> tuple[str, str]:
    late = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else max(seconds, default=0.0)
    middle = median(seconds) if seconds else 0.0
    return f"{middle * _MILLISECONDS:.2f} ms", f"{late * _MILLISECONDS:.2f} ms"


def _with_interval(share: Share, *, counted: bool = False) -> str:
    low, high = wilson(share)
    count = f"{share.part} of {share.whole}, " if counted else ""
    return f"{count}{_percent(share.value)} ({low * 100:.1f}–{high * 100:.1f})"


def _with_count(share: Share) -> str:
    return f"{share.part} of {share.whole}, {_percent(share.value)}"


def _percent(value: float) -> str:
    return f"{value * 100:.1f} %"
