"""Chooses the insert that knows ON CONFLICT for the database at hand; all else is written once for both."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def inserting(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Begin an INSERT that may say what happens on a conflict. dialect: SQLAlchemy's name of it."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
