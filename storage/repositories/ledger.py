"""Placeholder until its repository is written."""

from storage.scope import Scope


class LedgerRepository:
    """Works in one transaction of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
