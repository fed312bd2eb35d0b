"""Does once a run what each house would do again with the same outcome: read files that stay, compile statements.

A test builds a house of its own, and many hundred do: these took longer than what the tests are about.
"""

import sqlite3
import ssl
import tempfile
from collections.abc import Hashable
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import certifi
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

from bot.settings import policies
from bot.settings.programmes import read_programme
from bot.understanding import RuleUnderstander
from bot.understanding.classifier import Classifier
from bot.wording import Catalogue
from bot.wording.check import findings
from bot.wording.extract import SHIPPED
from bot.wording.findings import Finding
from storage.engines import Lasting, open_engines
from storage.migrations.upgrade import upgrade

_ANYTHING = "SELECT 1 FROM sqlite_master LIMIT 1"


class _Compiled(dict[Hashable, Any]):
    """Compiled statements of all engines; SQLAlchemy keeps them for each engine alone, whose dialect begins a key.

    Engines of one kind of database compile a statement to the same words.
    """

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401  # SQLAlchemy's own
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:  # noqa: ANN401  # as above
        super().__setitem__(_of_any_engine(key), compiled)


def _of_any_engine(key: Any) -> Hashable:  # noqa: ANN401  # as above
    dialect, *rest = key
    return (dialect.name, dialect.driver, *rest)


def do_once(patch: pytest.MonkeyPatch) -> None:
    """Patch what is to be done once, until the patch is undone."""
    for reader in (RuleUnderstander, Catalogue, Classifier):
        patch.setattr(reader, "load", cache(reader.load))
    patch.setattr(policies, "_parsed", cache(policies._parsed))  # noqa: SLF001  # reads a text, and nothing else
    patch.setattr("bot.settings.values.available_timezones", cache(available_timezones))
    patch.setattr("bot.services.enrolment.read_programme", cache(read_programme))
    _check_words_once(patch)
    _read_migrations_once(patch)
    _migrate_once(patch)
    _compile_once(patch)
    _trust_once(patch)


def _read_migrations_once(patch: pytest.MonkeyPatch) -> None:
    read = ScriptDirectory.from_config
    known: dict[Hashable, ScriptDirectory] = {}

    def from_config(config: Config) -> ScriptDirectory:
        options = tuple(sorted(config.get_section(config.config_ini_section, {}).items()))
        if options not in known:
            known[options] = read(config)
        return known[options]

    patch.setattr(ScriptDirectory, "from_config", from_config)


def _check_words_once(patch: pytest.MonkeyPatch) -> None:
    """The words that recare ships: those of a folder of a test's own are checked whenever it asks."""
    of_shipped = cache(partial(findings, SHIPPED))

    def found(folder: Path) -> list[Finding]:
        return list(of_shipped()) if folder == SHIPPED else findings(folder)

    patch.setattr("bot.wording.check.findings", found)


def _migrate_once(patch: pytest.MonkeyPatch) -> None:
    """A new SQLite file gets at once what the migrations made of another; those of `tests/storage` run them all."""

    def upgraded(engine: Engine) -> None:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite" and connection.exec_driver_sql(_ANYTHING).first() is None:
                for statement in _what_migrations_make():
                    connection.exec_driver_sql(statement)
        upgrade(engine)

    patch.setattr("storage.database.upgrade", upgraded)


@cache
def _what_migrations_make() -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite"
        engines = open_engines(f"sqlite:///{file}", lasting=Lasting.THROWN_AWAY)
        upgrade(engines.write)
        engines.dispose()
        with closing(sqlite3.connect(file)) as migrated:
            return tuple(line for line in migrated.iterdump() if line not in {"BEGIN TRANSACTION;", "COMMIT;"})


def _compile_once(patch: pytest.MonkeyPatch) -> None:
    options = {"compiled_cache": _Compiled()}
    patch.setattr("storage.engines.create_engine", partial(create_engine, execution_options=options))


def _trust_once(patch: pytest.MonkeyPatch) -> None:
    """Each client of a messenger reads whom the world trusts, a hundred and fifty certificates in one file."""
    make = ssl.create_default_context
    trusted = certifi.where()
    of_the_world = cache(partial(make, cafile=trusted))

    def context(
        purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH,
        *,
        cafile: str | None = None,
        capath: str | None = None,
        cadata: str | bytes | None = None,
    ) -> ssl.SSLContext:
        if (purpose, cafile, capath, cadata) == (ssl.Purpose.SERVER_AUTH, trusted, None, None):
            return of_the_world()
        return make(purpose, cafile=cafile, capath=capath, cadata=cadata)

    patch.setattr(ssl, "create_default_context", context)
