"""Where Alembic enters: runs the steps on the connection it was given, inside that connection's transaction."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import AutoString

from storage.models import METADATA
from storage.types import UtcInstant


def plain_type(kind: str, item: Any, _: object) -> str | Literal[False]:  # noqa: ANN401  # whatever Alembic draws
    """Draft columns with SQLAlchemy's own types: a migration must not change when our types do."""
    if kind == "type" and isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.String | AutoString):
        return "sa.String()" if item.length is None else f"sa.String({item.length})"
    return False


def run() -> None:
    """Run what was asked for."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=METADATA,
        render_item=plain_type,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
