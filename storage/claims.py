"""Tells whether another process already serves the same SQLite file.

The claim is the system's lock on a file beside the database, which the system lets go of however the process ends: none
is ever stale. The database file itself is not locked here: to close it would end SQLite's own locks. PostgreSQL is
shared by any number of processes, so nothing is claimed there.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SUFFIX = "-running"
_PRIVATE = 0o600
_TAKEN = frozenset({errno.EWOULDBLOCK, errno.EACCES})


@contextmanager
def claiming(url: str) -> Iterator[bool]:
    """Claim the data at a database's URL until the block ends; tells whether they are this process's alone.

    Where that cannot be known, as on a disk in a network that knows no locks, nobody else is assumed.
    """
    opened = _beside(url)
    try:
        yield opened is None or _is_free(opened)
    finally:
        if opened is not None:
            os.close(opened)


def _beside(url: str) -> int | None:
    """Open the file beside the database's; None where there is none, or nothing can be written."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database:
            return None
        return os.open(parsed.database + SUFFIX, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    except (ArgumentError, OSError):
        return None


def _is_free(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as refused:
        return refused.errno not in _TAKEN
    return True
