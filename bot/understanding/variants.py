"""The same understanding with more or fewer encoders, as machines have them, and what each costs to load."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from bot.understanding.classifier import Classifier
from bot.understanding.encoders import KINDS
from bot.understanding.learned import LearnedUnderstander
from bot.understanding.port import Understander
from bot.understanding.rules import RuleUnderstander

_LOADING = """
import json, resource, sys, time
def held():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6
began, before = time.perf_counter(), held()
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from bot.understanding.port import Reading
from bot.understanding.variants import load_with
from flows.meaning import Expecting
now, zone = datetime(2026, 11, 18, tzinfo=UTC), ZoneInfo("UTC")
understander = load_with(sys.argv[1:])
reading = Reading(language=None, expecting=Expecting.NOTHING, now=now, zone=zone)
understander.understand("hello", reading)
print(json.dumps({"seconds": time.perf_counter() - began, "before": before, "after": held()}))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What loading costs a fresh process, the first text included. Memory held before and after, in MB."""

    seconds: float
    before: float
    after: float


def variants() -> Iterator[tuple[str, ...]]:
    """Name the encoders of each variant that this machine can run, from none to all."""
    names: tuple[str, ...] = ()
    yield names
    for kind in KINDS:
        if find_spec(kind.module) is None:
            return
        names = (*names, kind.name)
        yield names


def load_with(encoders: Sequence[str]) -> Understander:
    """Load rules, and a classifier with encoders of these names. Raises WordsError, WeightsError and ImportError."""
    rules = RuleUnderstander.load()
    if not encoders:
        return rules
    loaded = [kind() for kind in KINDS if kind.name in encoders]
    return LearnedUnderstander(rules=rules, classifier=Classifier.of(loaded))


def weigh_loading(encoders: Sequence[str]) -> Load:
    """Load a variant in a process of its own. Linux tells what it holds."""
    ran = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", _LOADING, *encoders], check=True, capture_output=True, text=True, timeout=120
    )
    return Load(**json.loads(ran.stdout))
