"""A new file that holds secrets: nobody else may read it, and none that exists is overwritten.

It is made before anything is recorded, so that a folder nobody may write to stops the command in time.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from bot.errors import RecareError

OWNER_ONLY = 0o600


class UnwritableError(RecareError):
    """The file cannot be written; the message is one line with the remedy."""


class WritableFile:
    """A file that was made and is still empty."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Hold what `open` made."""
        self.path = path
        self._descriptor = descriptor
        self._is_empty = True

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path) -> Iterator["WritableFile"]:
        """Make the file; it is removed again if the block fails or writes nothing. Raises UnwritableError."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        except FileExistsError as there:
            raise UnwritableError(f"{path}: exists already; name a new file with --out") from there
        except OSError as failure:
            message = f"{path}: cannot be written: {failure.strerror}; name a file in a folder you may write to"
            raise UnwritableError(message) from failure
        file = cls(path, descriptor)
        try:
            yield file
        except BaseException:
            file._is_empty = True
            raise
        finally:
            os.close(descriptor)
            if file._is_empty:
                path.unlink(missing_ok=True)

    def write(self, content: bytes) -> None:
        """Write all of it, down to the disk. Raises UnwritableError."""
        try:
            with os.fdopen(self._descriptor, "wb", closefd=False) as file:
                file.write(content)
                file.flush()
                os.fsync(self._descriptor)
            self._is_empty = False
        except OSError as failure:
            raise UnwritableError(
                f"{self.path}: cannot be written: {failure.strerror}; make room and try again"
            ) from failure
