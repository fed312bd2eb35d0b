"""Rows as they are stored, for whoever checks the house from outside; sealed columns stay sealed."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import select

from storage.models import METADATA
from storage.scope import Scope

StoredRow: TypeAlias = Mapping[str, Any]


class StoredRows:
    """Works in one transaction of one clinic, and only reads."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of(self, table: str, *columns: str) -> Sequence[StoredRow]:
        """Return these columns of all rows of a table, in the order of its key. Raises KeyError for an unknown name."""
        found = METADATA.tables[table]
        rows = (
            select(*(found.c[name] for name in columns))
            .where(found.c.clinic_id == self._scope.clinic_id)
            .order_by(*found.primary_key.columns)
        )
        return cast("Sequence[StoredRow]", self._scope.execute(rows).mappings().all())
