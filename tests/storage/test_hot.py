"""Statements below SQLAlchemy give the same rows of the same types, fail alike and are heard alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    event,
    insert,
    select,
    text,
    update,
)

from storage.dialects import inserting
from storage.engines import open_engines
from storage.errors import ConstraintError, SchemaTooOldError, StorageBusyError, StorageError
from storage.hot import Hot
from storage.savepoints import set_savepoint
from storage.types import UtcInstant, one_of


class Colour(StrEnum):
    """A closed set."""

    RED = "red"
    BLUE = "blue"


METADATA = MetaData()
THINGS = Table(
    "thing",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("colour", one_of(Colour), nullable=False),
    Column("at", UtcInstant),
    Column("sealed", LargeBinary),
    Column("name", String),
    Index("ix_thing_red", "name", sqlite_where=text("colour = 'red'")),
)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AMSTERDAM_IN_SUMMER = timezone(timedelta(hours=2))
NOW = datetime(2026, 11, 23, 8, 0, 0, 5, tzinfo=UTC)

ADD = insert(THINGS)
ALL = select(THINGS).order_by(THINGS.c.id)
AMONG = ALL.where(THINGS.c.id.in_(bindparam("ids", expanding=True)), THINGS.c.colour.in_([Colour.RED, Colour.BLUE]))
RENAME = (
    update(THINGS)
    .where(THINGS.c.colour == bindparam("which"))
    .values(name="renamed")
    .returning(THINGS.c.id, THINGS.c.at)
)


@pytest.fixture(name="engine")
def _engine(tmp_path: Path) -> Iterator[Engine]:
    engines = open_engines(f"sqlite:///{tmp_path / 'things.sqlite'}")
    METADATA.create_all(engines.write)
    yield engines.write
    engines.dispose()


@pytest.fixture(name="connection")
def _connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def thing(number: int, colour: Colour = Colour.RED, **more: object) -> dict[str, Any]:
    return {"id": number, "colour": colour, "at": NOW, "sealed": b"\0\1", "name": None} | more


def test_rows_are_those_of_sqlalchemy(connection: Connection) -> None:
    Hot(ADD).run(connection, thing(1))
    connection.execute(ADD, thing(2, Colour.BLUE, at=None, sealed=None, name="two"))
    for read, parameters in ((ALL, {}), (AMONG, {"ids": [1, 2, 3]}), (AMONG, {"ids": [2]}), (AMONG, {"ids": []})):
        hot, usual = Hot(read), list(connection.execute(read, parameters).mappings())
        for _ in range(2):
            assert list(hot.run(connection, parameters).mappings()) == usual
    first = Hot(ALL).run(connection, {}).first()
    assert first is not None
    assert (first.colour, first.at, first.sealed) == (Colour.RED, NOW, b"\0\1")
    assert first.colour is Colour.RED


def test_instants_are_stored_as_sqlalchemy_stores_them(connection: Connection) -> None:
    for number, at in enumerate((NOW, NOW.replace(microsecond=0), NOW.astimezone(AMSTERDAM_IN_SUMMER))):
        Hot(ADD).run(connection, thing(number, at=at))
    stored = connection.exec_driver_sql("SELECT at FROM thing ORDER BY id").scalars().all()
    assert stored == ["2026-11-23 08:00:00.000005", "2026-11-23 08:00:00.000000", "2026-11-23 08:00:00.000005"]
    with pytest.raises(ValueError, match="zone"):
        Hot(ADD).run(connection, thing(9, at=NOW.replace(tzinfo=None)))


def test_the_hour_that_comes_twice_is_stored_as_two(connection: Connection) -> None:
    half_past_two = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)
    assert half_past_two == half_past_two.replace(fold=1)  # in one zone Python compares what the clock shows
    for number, fold in enumerate((0, 1, 0)):
        Hot(ADD).run(connection, thing(number, at=half_past_two.replace(fold=fold)))
    rows = Hot(select(THINGS.c.at).order_by(THINGS.c.id)).rows(connection, {})
    assert [row["at"].hour for row in rows] == [0, 1, 0]
    assert {row["at"].tzinfo for row in rows} == {UTC}


def test_plain_rows_hold_what_sqlalchemys_do(connection: Connection) -> None:
    named = Hot(ALL.where(THINGS.c.name == bindparam("name")))
    assert named.rows(connection, {"name": "x"}) == []
    assert named.first(connection, {"name": "x"}) is None
    assert named.value(connection, {"name": "x"}) is None
    Hot(ADD).run(connection, [thing(1, name="x"), thing(2, Colour.BLUE, at=None, sealed=None, name="x")])
    usual = [dict(row) for row in connection.execute(ALL).mappings()]
    assert named.rows(connection, {"name": "x"}) == usual
    assert named.first(connection, {"name": "x"}) == usual[0]
    assert named.value(connection, {"name": "x"}) == 1
    assert Hot(select(THINGS.c.at)).value(connection, {}) == NOW


def test_a_change_tells_how_many_rows_it_made_changed_or_dropped(connection: Connection) -> None:
    add = Hot(inserting("sqlite", THINGS).on_conflict_do_nothing())
    rename = Hot(update(THINGS).where(THINGS.c.colour == bindparam("which")).values(name="renamed"))
    assert [add.change(connection, thing(number)) for number in (1, 1, 2)] == [1, 0, 1]
    assert rename.change(connection, {"which": Colour.RED}) == 2
    assert rename.change(connection, {"which": Colour.BLUE}) == 0
    assert Hot(delete(THINGS)).change(connection, {}) == 2


def test_sqlite_plans_a_statement_once_whatever_it_is_run_with(engine: Engine, connection: Connection) -> None:
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *about: heard.append(about[2]))
    red = Hot(select(THINGS.c.id).where(THINGS.c.colour == Colour.RED, THINGS.c.name == bindparam("name")))
    for name in ("x", "y", "z"):
        red.rows(connection, {"name": name})
    (sql,) = {each for each in heard if each.startswith("SELECT thing.id")}
    # The index holds red things alone; that it fits must show before anything is bound.
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).all()
    assert ["ix_thing_red (name=?)" in row[3] for row in plan] == [True]
    if "sqlite_stmt" in connection.exec_driver_sql("PRAGMA module_list").scalars().all():
        told = connection.exec_driver_sql("SELECT run, reprep FROM sqlite_stmt WHERE sql = ?", (sql,)).one()
        assert tuple(told) == (3, 0)


def test_a_parameter_with_a_default_is_what_its_caller_gives(connection: Connection) -> None:
    Hot(ADD).run(connection, [thing(1), thing(2), thing(3)])
    one = Hot(select(THINGS.c.id).where(THINGS.c.id == bindparam("which", 1)))
    assert [one.value(connection, {"which": each}) for each in (1, 2, 3)] == [1, 2, 3]
    assert one.value(connection, {}) == 1


def test_many_are_run_one_after_the_other(connection: Connection) -> None:
    assert Hot(ADD).run(connection, [thing(1), thing(2), thing(3, Colour.BLUE)]).all() == []
    renamed = Hot(RENAME).run(connection, [{"which": Colour.BLUE}, {"which": Colour.RED}])
    assert renamed.scalars().all() == [3, 1, 2]


def test_nothing_is_kept_without_a_commit(engine: Engine) -> None:
    for commits in (False, True):
        with engine.connect() as connection:
            Hot(ADD).run(connection, thing(1))
            if commits:
                connection.commit()
        with engine.connect() as connection:
            assert len(Hot(ALL).run(connection, {}).all()) == commits


def test_a_savepoint_of_sqlalchemy_undoes_it(connection: Connection) -> None:
    Hot(ADD).run(connection, thing(1))
    savepoint = connection.begin_nested()
    Hot(ADD).run(connection, thing(2))
    savepoint.rollback()
    assert Hot(select(THINGS.c.id)).run(connection, {}).scalars().all() == [1]


def test_a_savepoint_undoes_what_followed_it_and_that_alone(connection: Connection) -> None:
    outer = set_savepoint(connection, "outer")
    Hot(ADD).run(connection, thing(1))
    inner = set_savepoint(connection, "inner")
    Hot(ADD).run(connection, thing(2))
    inner.rollback()
    inner = set_savepoint(connection, "inner")
    Hot(ADD).run(connection, thing(3))
    inner.commit()
    outer.commit()
    connection.commit()
    assert Hot(select(THINGS.c.id)).run(connection, {}).scalars().all() == [1, 3]


def test_a_savepoint_whose_transaction_the_disk_gave_up_says_so(connection: Connection) -> None:
    place = set_savepoint(connection, "place")
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("ROLLBACK")
    with pytest.raises(StorageBusyError, match="the disk refused"):
        place.commit()


def test_failures_are_ours(connection: Connection) -> None:
    add = Hot(ADD)
    add.run(connection, thing(1))
    with pytest.raises(ConstraintError):
        add.run(connection, thing(1))
    with pytest.raises(ConstraintError):
        add.run(connection, [thing(2), thing(1)])
    Hot(delete(THINGS)).run(connection, {})
    connection.exec_driver_sql("DROP TABLE thing")
    with pytest.raises(SchemaTooOldError):
        add.run(connection, thing(3))


def test_other_parameters_than_the_statement_has_are_refused(connection: Connection) -> None:
    with pytest.raises(TypeError, match="surplus"):
        Hot(AMONG).run(connection, {"ids": [1], "surplus": 1})
    with pytest.raises(TypeError, match="which"):
        Hot(RENAME).run(connection, {})
    among = Hot(RENAME)
    among.run(connection, {"which": Colour.RED})
    with pytest.raises(KeyError):
        among.run(connection, {"wich": Colour.RED})


def test_listeners_hear_it(engine: Engine, connection: Connection) -> None:
    heard: list[tuple[str, object, bool]] = []
    event.listen(engine, "before_cursor_execute", lambda *about: heard.append((about[2], about[3], about[5])))
    Hot(select(THINGS.c.id).where(THINGS.c.id == bindparam("which"))).run(connection, {"which": 7})
    Hot(delete(THINGS).where(THINGS.c.id == bindparam("which"))).run(connection, [{"which": 7}, {"which": 8}])
    assert [(parameters, many) for _, parameters, many in heard] == [((7,), False), ([(7,), (8,)], True)]
    assert heard[0][0].startswith("SELECT thing.id")


def test_what_the_driver_says_at_a_savepoint_is_ours(connection: Connection) -> None:
    set_savepoint(connection, "outer")
    place = set_savepoint(connection, "place")
    place.commit()
    with pytest.raises(StorageError):
        place.commit()
