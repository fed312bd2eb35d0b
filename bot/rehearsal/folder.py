"""Owns the folders rehearsals write in: each has its own, and it is gone when the rehearsal is.

A folder is locked by the process that uses it, and the system lets go of the lock however that process ends: what a
killed rehearsal left is removed by the next one, what another one uses never is.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PREFIX = "demo-"


@contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """Make a folder of one's own in `parent`, and remove both at the end, `parent` only if nothing is left in it.

    Removes what killed rehearsals left there, too. Raises OSError if `parent` cannot be written.
    """
    parent.mkdir(exist_ok=True)
    with ExitStack() as until_the_end:
        # While one rehearsal begins no other looks around: its folder is there before its lock is.
        with _locking(parent, fcntl.LOCK_EX):
            _tidy(parent)
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            until_the_end.enter_context(_locking(folder, fcntl.LOCK_EX | fcntl.LOCK_NB))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                parent.rmdir()


def _tidy(parent: Path) -> None:
    for left in parent.glob(f"{PREFIX}*"):
        with suppress(OSError), _locking(left, fcntl.LOCK_EX | fcntl.LOCK_NB) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locking(folder: Path, how: int) -> Iterator[bool]:
    """Lock a folder; tells whether that worked, for a disk in a network may know no locks. Raises OSError."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _locked(opened, how)
    finally:
        os.close(opened)


def _locked(opened: int, how: int) -> bool:
    try:
        fcntl.flock(opened, how)
    except OSError:
        return False
    return True
