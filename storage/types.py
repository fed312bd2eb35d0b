"""Column types that mean the same on SQLite and PostgreSQL: instants in UTC, members of closed sets, identifiers.

An instant without a zone never reaches the database, and none comes back from it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, LargeBinary
from sqlalchemy.types import TypeDecorator

LONGEST_WORD = 40

Id = BigInteger
Sealed = LargeBinary
KeyedHash = LargeBinary
Digest = LargeBinary


class UtcInstant(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which knows no zones, keeps it as sortable text without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Write what SQLAlchemy's own type would, in one step."""
        return _write if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Read what `bind_processor` wrote."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware datetime for the database. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value.isoformat()}")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the database gave as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _write(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {value.isoformat()}")
    return _written(value if value.tzinfo is UTC else value.astimezone(UTC))


@lru_cache(maxsize=64)
def _written(instant: datetime) -> str:
    """Write an instant in UTC (in a zone, equal ones may differ by an hour); a turn writes the same few many times."""
    return instant.isoformat(" ", "microseconds").removesuffix("+00:00")


def _read(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored + "+00:00")


def one_of(words: type[StrEnum]) -> Enum:
    """Column type for a member of a closed set, stored as its value; a new member needs no change of the schema."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=LONGEST_WORD,
        values_callable=lambda kind: [member.value for member in kind],
    )
