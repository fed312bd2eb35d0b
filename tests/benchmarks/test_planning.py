"""Times planning beside bare SQL for the same set, in one run, over clinics of growing size, on both databases.

`make bench ARGS="-k planning --patients 1000,10000,100000,1000000 --write-docs"` measures all that docs/benchmarks.md
shows; without these options a million is left out and nothing is written. A million patients take some 3 GB of disk.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database import Database
from storage.records.planning import Candidate
from storage.unit_of_work import UnitOfWork
from tests.benchmarks import bare_planning, big_clinic
from tests.benchmarks.big_clinic import CLINIC, NOW, QUERY
from tests.benchmarks.chart import Line, draw
from tests.benchmarks.measuring import Beside, Memory, beside, machine, memory_of
from tests.postgres import Databases

DOCS = Path(__file__).parents[2] / "docs"
KEY = bytes(range(32))
PAGE = 200
PAGES_A_TICK = 5
EVERYBODY = 10**9
LARGE_PAGE = 5_000
"""Whoever wants everybody takes larger pages; memory stays flat either way."""
MOST_TIMES_BARE = 3.0
FIXED_MS = 15.0
"""What a question may cost beyond that whatever the size: a small clinic is answered in milliseconds either way."""
STEEPER_THAN_LINEAR = 1.6
"""How much more than tenfold a tenfold clinic may take: caches end somewhere, and others use this machine."""
FLAT_MB = 8.0

ONE_PAGE = f"a page of {PAGE}"
ONE_TICK = f"a tick: {PAGES_A_TICK} pages"
WHOLE = f"all who are due, by {LARGE_PAGE:,}"
COUNTS = "everybody counted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What a clinic of one size took."""

    due: int
    megabytes: float
    times: dict[str, Beside]
    memory: Memory


def test_planning_beside_bare_sql_on_sqlite(tmp_path: Path, sizes: list[int], writes_docs: bool) -> None:  # noqa: FBT001  # a fixture
    results = {}
    for size in sizes:
        file = tmp_path / f"{size}.sqlite"
        results[size] = _measure(f"sqlite:///{file}", size)
        for left in tmp_path.glob(f"{file.name}*"):
            left.unlink()
    _judge("SQLite", results, writes_docs=writes_docs)


def test_planning_beside_bare_sql_on_postgresql(
    postgres_databases: Databases,
    sizes: list[int],
    writes_docs: bool,  # noqa: FBT001  # a fixture
) -> None:
    results = {}
    for size in sizes:
        url = postgres_databases.create()
        results[size] = _measure(url, size)
        postgres_databases.drop(url)
    _judge("PostgreSQL", results, writes_docs=writes_docs)


pytestmark = pytest.mark.timeout(3600)


def _measure(url: str, size: int) -> Measured:
    database = Database.open(url, master_key=KEY, clock=lambda: NOW)
    database.migrate()
    big_clinic.fill(database, patients=size)
    megabytes = big_clinic.size(database) / 1e6
    with database.reading(CLINIC) as uow:
        due = _same_answers(uow)
        times, memory = _times(uow), _memory(uow)
    database.close_now()
    return Measured(due=due, megabytes=megabytes, times=times, memory=memory)


def _same_answers(uow: UnitOfWork) -> int:
    """Check that both sides answer the same; returns how many are due."""
    connection = uow._connection  # noqa: SLF001  # a benchmark looks under the floor
    due = [candidate.patient_id for page in _pages(uow) for candidate in page]
    assert due == bare_planning.due(connection, limit=EVERYBODY)
    counts = uow.planning.counts(QUERY)
    told = {**{band.value: n for band, n in counts.due.items()}, **{why.value: n for why, n in counts.out.items()}}
    assert told == bare_planning.counts(connection)
    assert sum(counts.due.values()) == len(due) > 0
    return len(due)


def _pages(uow: UnitOfWork, size: int = PAGE) -> Iterator[list[Candidate]]:
    last = None
    while page := uow.planning.due(QUERY, limit=size, after=last):
        yield page
        if len(page) < size:
            return
        last = page[-1]


def _walk(uow: UnitOfWork, pages: int) -> int:
    return sum(len(page) for page in itertools.islice(_pages(uow), pages))


def _walk_through(uow: UnitOfWork) -> int:
    return sum(len(page) for page in _pages(uow, LARGE_PAGE))


def _times(uow: UnitOfWork) -> dict[str, Beside]:
    connection = uow._connection  # noqa: SLF001  # as above
    return {
        ONE_PAGE: beside(lambda: _walk(uow, 1), lambda: bare_planning.due(connection, limit=PAGE)),
        ONE_TICK: beside(
            lambda: _walk(uow, PAGES_A_TICK), lambda: bare_planning.due(connection, limit=PAGE * PAGES_A_TICK)
        ),
        WHOLE: beside(lambda: _walk_through(uow), lambda: bare_planning.due(connection, limit=EVERYBODY)),
        COUNTS: beside(lambda: uow.planning.counts(QUERY), lambda: bare_planning.counts(connection)),
    }


def _memory(uow: UnitOfWork) -> Memory:
    return memory_of([lambda: _walk(uow, PAGES_A_TICK), lambda: uow.planning.counts(QUERY)])


def _judge(database: str, results: dict[int, Measured], *, writes_docs: bool) -> None:
    table = _table(results)
    print(f"\n{database}, {machine()}\n{table}")
    if writes_docs:
        _write(database, results, table)
    for size, measured in results.items():
        slow = {
            name: round(each.ratio, 1)
            for name, each in measured.times.items()
            if each.ours > each.bare * MOST_TIMES_BARE + FIXED_MS
        }
        assert not slow, f"{database} at {size}: more than {MOST_TIMES_BARE} times the bare statement: {slow}"
    for (less, before), (more, after) in itertools.pairwise(results.items()):
        for name, each in after.times.items():
            # What outgrows the memory of the database costs more for everybody: the bare statement tells how much.
            growth = max(more / less, each.bare / before.times[name].bare)
            assert each.ours <= before.times[name].ours * growth * STEEPER_THAN_LINEAR + FIXED_MS, (
                f"{database}: {name} grows faster than the clinic"
            )
        grown = after.memory.objects - before.memory.objects
        assert grown <= FLAT_MB, f"{database}: from {less} to {more} patients memory grew by {grown:.1f} MB"


def _table(results: dict[int, Measured]) -> str:
    head = "| patients | due | on disk | measured | recare | bare SQL | ratio | memory |"
    lines = [head, "|---:|---:|---:|---|---:|---:|---:|---:|"]
    for size, measured in results.items():
        memory = f"{measured.memory.objects:.1f} MB"
        about = f"| {size:,} | {measured.due:,} | {measured.megabytes:,.0f} MB "
        for name, each in measured.times.items():
            took = f"{_time(each.ours)} | {_time(each.bare)} | {each.ratio:.2f}"
            lines.append(f"{about}| {name} | {took} | {memory} |")
            about, memory = "| | | ", ""
    return "\n".join(lines)


def _time(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.2f} s"


def _write(database: str, results: dict[int, Measured], table: str) -> None:
    lines = [
        Line(
            name=name,
            ours={size: measured.times[name].ours for size, measured in results.items()},
            bare={size: measured.times[name].bare for size, measured in results.items()},
        )
        for name in (ONE_PAGE, ONE_TICK, WHOLE, COUNTS)
    ]
    folder = DOCS / "benchmarks"
    folder.mkdir(exist_ok=True)
    (folder / f"planning-{database.lower()}.svg").write_text(draw(f"Planning on {database}", lines), "utf-8")
    page = DOCS / "benchmarks.md"
    begin, end = f"<!-- planning {database}: begin -->", f"<!-- planning {database}: end -->"
    head, _, rest = page.read_text("utf-8").partition(begin)
    _, _, tail = rest.partition(end)
    page.write_text(f"{head}{begin}\n{table}\n\nMeasured on {machine()}.\n{end}{tail}", "utf-8")
