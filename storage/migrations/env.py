"""Where Alembic enters: runs the steps on the connection it was given, inside that connection's transaction."""

from alembic import context

from storage.models import METADATA


def run() -> None:
    """Run what was asked for."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
    with context.begin_transaction():
        context.run_migrations()


run()
