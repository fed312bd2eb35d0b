"""The base of all tables: names of constraints, and the references by which rows of one clinic point at each other.

Every key begins with the clinic, so that the same schema can be spread over machines by clinic.
"""

from typing import cast

from sqlalchemy import ForeignKeyConstraint, MetaData, Table
from sqlalchemy import inspect as mapping_of
from sqlmodel import SQLModel

NAMES = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
SMALL_ROWS = {"sqlite_with_rowid": False}
"""Table option for short rows that are found by their key: SQLite keeps them in the key's own tree."""


class Row(SQLModel):
    """A row of a table of recare."""

    metadata = MetaData(naming_convention=NAMES)


def of_clinic() -> ForeignKeyConstraint:
    """Reference from a row to its clinic."""
    return ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"])


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """Reference by `column` to a row of `table` in the same clinic."""
    return ForeignKeyConstraint(["clinic_id", column], [f"{table}.clinic_id", f"{table}.id"])


def table_of(model: type[Row]) -> Table:
    """Return the table that a model describes, for statements."""
    return cast("Table", mapping_of(model).local_table)
