"""Times a turn beside the same number of bare statements of the same kind, in one run, on SQLite with full durability.

The bare side does what no turn can do without: the same reads and writes, two transactions and two hops to a thread,
without understanding, deciding, wording, sealing or mapping. The ratio says what the house adds.
"""

import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import event, text

from storage.unit_of_work import UnitOfWork
from tests.world import World, make_world

ROUNDS = 300
WARM_UP = 30


async def test_a_turn_beside_bare_statements(tmp_path: Path) -> None:
    world = make_world(f"sqlite:///{tmp_path / 'bench.sqlite'}")
    _, conversation_id = world.add_patient()
    statements = _count_statements(world)

    async def turn() -> None:
        await world.writes(conversation_id, "what are your opening hours please")

    for _ in range(WARM_UP):
        await turn()
    statements.clear()
    await turn()
    done = [one for one in statements if not one.startswith("BEGIN")]
    writes = sum(not one.lstrip().upper().startswith("SELECT") for one in done)
    reads = len(done) - writes

    async def bare() -> None:
        await world.house.database.read(world.house.clinic.id, lambda uow: _bare(uow, reads // 2, 0))
        await world.house.database.write(world.house.clinic.id, lambda uow: _bare(uow, reads - reads // 2, writes - 1))
        await world.house.database.write(world.house.clinic.id, lambda uow: _bare(uow, 0, 1))

    _prepare(world)
    turns, bares = [], []
    for _ in range(ROUNDS):
        turns.append(await _time(turn))
        bares.append(await _time(bare))
    await world.house.database.close()

    ratio = statistics.median(turns) / statistics.median(bares)
    print(f"\nstatements a turn: {len(done)} ({reads} reads, {writes} writes)")
    for name, times in (("turn", turns), ("bare statements", bares)):
        cuts = statistics.quantiles(times, n=100)
        print(f"{name:<16} median {statistics.median(times) * 1000:6.2f} ms   p99 {cuts[98] * 1000:6.2f} ms")
    print(f"turn / bare      {ratio:.2f}")
    for one in done:
        print("  ", " ".join(one.split())[:110])


async def _time(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _count_statements(world: World) -> list[str]:
    seen: list[str] = []
    engines = world.house.database._engines  # noqa: SLF001 - a benchmark looks under the floor
    for engine in (engines.read, engines.write):
        event.listen(engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    return seen


def _prepare(world: World) -> None:
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        connection = uow._connection  # noqa: SLF001 - as above
        connection.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB)"))
        connection.execute(text("INSERT INTO bare VALUES (1, x'00')"))
        uow.commit()


def _bare(uow: UnitOfWork, reads: int, writes: int) -> None:
    connection = uow._connection  # noqa: SLF001 - as above
    for _ in range(reads):
        connection.execute(text("SELECT id, body FROM bare WHERE id = 1")).all()
    for _ in range(writes):
        connection.execute(text("INSERT INTO bare (body) VALUES (randomblob(300))"))
    if writes:
        uow.commit()
