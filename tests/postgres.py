"""A private PostgreSQL for tests: starts a server, hands out databases, stops it.

Nothing outlives the run: data lie in a temporary folder, the server listens on 127.0.0.1 alone and asks a password made
for this run. As a script it prints the server's URL, serves until it gets SIGTERM or SIGINT, and cleans up.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
# Tests may lose their data with the power, so nothing waits for the disk. No Unix socket: its path has a short limit.
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
full_page_writes = off
synchronous_commit = off
timezone = 'UTC'
"""
SECONDS_TO_START = 60
ATTEMPTS = 3  # another program may take the free port between looking and listening


class PostgresNotStartedError(Exception):
    """PostgreSQL is installed, yet a private server did not start."""


def find_programs() -> Path | None:
    """Return the folder that holds `initdb` and `pg_ctl`: that of `postgres` on the path, else the newest version's."""
    on_path = shutil.which("postgres")
    found = [folder for place in PLACES for folder in Path("/").glob(place)]
    found.sort(key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))], reverse=True)
    folders = [Path(on_path).resolve().parent, *found] if on_path else found
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cluster:
    programs: Path
    folder: Path
    user: str | None  # PostgreSQL refuses root: whom it runs as instead

    def run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(  # noqa: S603  # our own programs, arguments made here
            [self.programs / program, "--pgdata", self.folder / "data", *arguments],
            check=False,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=2 * SECONDS_TO_START,
            user=self.user,
            group=None if self.user is None else pwd.getpwnam(self.user).pw_gid,
            extra_groups=None if self.user is None else [],
        )
        if done.returncode != 0:
            raise PostgresNotStartedError(done.stdout.decode(errors="replace"))

    def start(self) -> int:
        port = _free_port()
        with (self.folder / "data" / "postgresql.auto.conf").open("a") as settings:
            settings.write(SETTINGS.format(port=port))
        self.run("pg_ctl", "start", "--wait", f"--timeout={SECONDS_TO_START}", "--log", self.folder / "log")
        return port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _folder_for(user: str | None) -> Path:
    """Make the data folder: in the temporary folder, unless that lies where `user` may not go (say, in root's home)."""
    here = Path(tempfile.gettempdir()).resolve()
    closed = user is not None and any(not parent.stat().st_mode & 0o001 for parent in (here, *here.parents))
    folder = Path(tempfile.mkdtemp(prefix="recare-postgres-", dir="/tmp" if closed else here))  # noqa: S108  # mkdtemp
    if user is not None:
        shutil.chown(folder, user)
    return folder


@contextlib.contextmanager
def private_server(programs: Path) -> Iterator[str]:
    """Serve a new, empty PostgreSQL for as long as the context lasts.

    Args:
        programs: the folder with PostgreSQL's programs, see `find_programs`.

    Yields:
        the URL of its maintenance database, for SQLAlchemy with psycopg; its user may create databases.

    Raises:
        PostgresNotStartedError: with PostgreSQL's own words.
    """
    user = None
    if os.geteuid() == 0:
        user = "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"
    cluster = _Cluster(programs=programs, folder=_folder_for(user), user=user)
    try:
        password = secrets.token_urlsafe(24)
        password_file = cluster.folder / "password"
        password_file.write_text(password)
        if user is not None:
            shutil.chown(password_file, user)
        cluster.run(
            "initdb", "--username=recare", f"--pwfile={password_file}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        port = _start(cluster)
        try:
            yield f"postgresql+psycopg://recare:{password}@127.0.0.1:{port}/postgres"
        finally:
            cluster.run("pg_ctl", "stop", "--wait", "--mode=immediate")
    finally:
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _start(cluster: _Cluster) -> int:
    for _ in range(ATTEMPTS - 1):
        with contextlib.suppress(PostgresNotStartedError):
            return cluster.start()
    return cluster.start()


@dataclass(frozen=True, kw_only=True, slots=True)
class Databases:
    """Databases of one server, made for a test and dropped after it."""

    server_url: str

    def create(self, template: str | None = None) -> str:
        """Create a database and return its URL: empty, or a copy of the one at the URL `template`, unused meanwhile."""
        name = f"recare_test_{secrets.token_hex(6)}"
        source = "template0" if template is None else urlsplit(template).path.removeprefix("/")
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
        return urlunsplit(urlsplit(self.server_url)._replace(path=f"/{name}"))

    def drop(self, url: str) -> None:
        """Drop the database at `url`, and whoever is still connected to it."""
        name = urlsplit(url).path.removeprefix("/")
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server_url.replace("+psycopg", "", 1), autocommit=True) as connection:
            connection.execute(statement)


def main() -> int:
    """Serve until told to stop; the URL is the only line on standard output."""
    programs = find_programs()
    if programs is None:
        sys.stderr.write("no PostgreSQL server is installed (Debian: apt-get install postgresql)\n")
        return 1
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    with private_server(programs) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


if __name__ == "__main__":
    sys.exit(main())
