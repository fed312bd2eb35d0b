"""Measures work beside other work in one run, turn by turn, so that whatever else the machine does hits both alike."""

import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 5, 40
SECONDS = 10.0
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """Medians of both, in milliseconds."""

    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        """How many times as long ours takes."""
        return self.ours / self.bare


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """The most that was in use at once beyond what was before, in MB: Python's objects, and the whole process.

    process: None where the system does not tell.
    """

    objects: float
    process: float | None


def beside(ours: Callable[[], object], bare: Callable[[], object]) -> Beside:
    """Time both in turns, after one round unmeasured: five rounds at least, more while they are short."""
    least, most = ROUNDS
    times: tuple[list[float], list[float]] = ([], [])
    ours()
    bare()
    began = time.perf_counter()
    while len(times[0]) < least or (len(times[0]) < most and time.perf_counter() - began < SECONDS):
        for work, taken in zip((ours, bare), times, strict=True):
            before = time.perf_counter()
            work()
            taken.append(time.perf_counter() - before)
    return Beside(ours=statistics.median(times[0]) * 1000, bare=statistics.median(times[1]) * 1000)


def memory_of(works: Iterable[Callable[[], object]]) -> Memory:
    """Run pieces of work one after the other and tell how much memory they needed at their most."""
    works = list(works)
    before = _peak_now()
    for work in works:
        work()
    grown = None if before is None else (_peak() - before) / 1e6
    tracemalloc.start()
    for work in works:
        work()
    objects = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return Memory(objects=objects, process=grown)


def machine() -> str:
    """Describe this machine, without its name."""
    cpus = [line for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    model = cpus[0].partition(":")[2].strip() if cpus else platform.machine()
    memory = [int(line.split()[1]) for line in _lines(Path("/proc/meminfo")) if line.startswith("MemTotal")]
    room = f", {memory[0] / 1e6:.0f} GB" if memory else ""
    return f"{len(cpus) or 'some'} × {model}{room}, {platform.system()}, Python {platform.python_version()}"


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def _peak_now() -> float | None:
    """Forget earlier peaks and return the memory in use, in bytes."""
    if not _RESET.exists():
        return None
    _RESET.write_text(_RESET_PEAK)
    return _peak()


def _peak() -> float:
    return next(int(line.split()[1]) * 1024 for line in _lines(_STATUS) if line.startswith("VmHWM"))
