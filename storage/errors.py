"""What can go wrong with what is remembered, as errors of our own: each knows whether trying again can help.

The libraries' errors become these where they are met and never leave storage. No message holds personal data.
"""

from typing import ClassVar


class StorageError(Exception):
    """Storage could not do what was asked."""

    retryable: ClassVar[bool] = False


class StorageBusyError(StorageError):
    """The database was locked, deadlocked or out of reach for a moment; the same work may succeed when done again."""

    retryable: ClassVar[bool] = True


class StorageUnavailableError(StorageError):
    """The database cannot be opened, read or written; the message says why and what to do."""


class StorageFullError(StorageError):
    """The disk is full; nothing of the transaction was kept."""


class ConstraintError(StorageError):
    """The database refused a row that breaks one of its rules; `rule` names the rule as far as it is known."""

    def __init__(self, message: str, *, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


class SchemaTooNewError(StorageError):
    """The database was written by a newer recare."""


class SchemaTooOldError(StorageError):
    """The database needs a migration first."""


class NotFoundError(StorageError):
    """The row that must exist does not, in this clinic."""


class ConversationMovedOnError(StorageError):
    """The conversation changed since its snapshot; understand again and repeat the turn."""

    retryable: ClassVar[bool] = True


class WrongKeyError(StorageError):
    """The master key is not the one this clinic's data were sealed with; check RECARE_KEY."""


class KeyErasedError(StorageError):
    """The person was erased: what was sealed with their key cannot be read any more, on purpose."""


class SealBrokenError(StorageError):
    """A sealed value does not open: damaged, moved from another place, or sealed with another key."""
