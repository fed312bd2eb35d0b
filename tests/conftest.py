"""What tests need from the machine: PostgreSQL and Chromium, found or skipped.

With `RECARE_CI=1` nothing is skipped silently: what the machine lacks fails the test.
"""

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import playwright
import pytest
from hypothesis import settings

from storage.engines import open_engines
from storage.migrations.upgrade import upgrade
from tests.once import do_once
from tests.postgres import Databases, find_programs, private_server
from tests.postgres_lending import Lender

CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# The browser opens our pages only: whatever it would do by itself (look for updates, sync, report) is off.
CHROMIUM_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
PLAYWRIGHT_NODE = Path(playwright.__file__).parent / "driver" / "node"
# Chromium makes a Unix socket in its temporary folder, and a socket's path holds about a hundred bytes.
LONGEST_TEMPORARY_FOLDER = 40


def pytest_configure(config: pytest.Config) -> None:
    """Begin to do once a run what need not be done again; already for what test modules load.

    Benchmarks measure the program as it is.
    """
    # What takes long here and now says nothing of the program.
    settings.register_profile("unhurried", deadline=None)
    settings.load_profile("unhurried")
    if any("benchmarks" in Path(argument).parts for argument in config.args):
        return
    patch = pytest.MonkeyPatch()
    do_once(patch)
    config.add_cleanup(patch.undo)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they ask for, so that `-m postgres` and `-m chromium` choose them all."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "postgres_url" in names:
            item.add_marker("postgres")
        if "chromium_path" in names:
            item.add_marker("chromium")


def pytest_collection_finish() -> None:
    """Keep what was collected out of the garbage collector's way: it stays until the end, and is much."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _lacking(reason: str) -> NoReturn:
    if os.environ.get("RECARE_CI") == "1":
        pytest.fail(f"RECARE_CI=1 forbids to skip: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL server's maintenance database, for SQLAlchemy with psycopg.

    The server of `RECARE_TEST_POSTGRES` if set, else a private one of this run.
    """
    if given := os.environ.get("RECARE_TEST_POSTGRES"):
        yield given
        return
    programs = find_programs()
    if programs is None:
        _lacking("no PostgreSQL server is installed, and RECARE_TEST_POSTGRES is not set")
    with private_server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_url: str) -> Databases:
    """Maker of databases; for a migrated one ask for `postgres_database`."""
    return Databases(server_url=postgres_url)


@pytest.fixture(scope="session")
def postgres_lender(postgres_databases: Databases) -> Iterator[Lender]:
    """Lender of migrated databases."""
    template = postgres_databases.create()
    engines = open_engines(template)
    upgrade(engines.write)
    engines.dispose()
    lender = Lender(databases=postgres_databases, template=template)
    yield lender
    lender.drop_all()


@pytest.fixture
def postgres_database(postgres_lender: Lender) -> Iterator[str]:
    """URL of a migrated database without rows, of this test alone while it runs."""
    with postgres_lender.lent() as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the system's Chromium or Chrome; `RECARE_CHROMIUM` names another."""
    names = (given,) if (given := os.environ.get("RECARE_CHROMIUM")) else CHROMIUM_NAMES
    path = next((path for name in names if (path := shutil.which(name))), None)
    if path is None:
        _lacking("no Chromium is installed, and RECARE_CHROMIUM names none")
    if subprocess.run([PLAYWRIGHT_NODE, "--version"], check=False, capture_output=True).returncode != 0:  # noqa: S603  # ours
        _lacking("Playwright's Node does not start here (on Debian it asks for libatomic1)")
    return path


@pytest.fixture(scope="session")
def chromium_options(chromium_path: str) -> Iterator[dict[str, Any]]:
    """Keyword arguments for Playwright's `chromium.launch(**options)`, with a throw-away home folder."""
    here = tempfile.gettempdir()
    short_enough = len(os.fsencode(here)) <= LONGEST_TEMPORARY_FOLDER
    folder = None if short_enough else "/tmp"  # noqa: S108  # a folder of our own is made in it
    with tempfile.TemporaryDirectory(prefix="recare-", dir=folder, ignore_cleanup_errors=True) as home:
        yield {
            "executable_path": chromium_path,
            "args": [*CHROMIUM_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            "env": {**os.environ, "HOME": home, "TMPDIR": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home},
        }
