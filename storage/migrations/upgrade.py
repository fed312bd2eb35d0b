"""Brings a database to the newest schema this code knows; several processes may try at once, one does it.

A database that a newer recare wrote is left alone.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from storage.errors import SchemaTooNewError

_LOCK = 0x7265636172650001
_LOCK_POSTGRES = text("SELECT pg_advisory_xact_lock(:key)")


def configuration(connection: Connection) -> Config:
    """Describe our migrations to Alembic, to be run on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Run what is missing, in one transaction. Raises SchemaTooNewError."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK_POSTGRES, {"key": _LOCK})
        config = configuration(connection)
        scripts = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_revision()
        if current == scripts.get_current_head():
            return
        if current is not None and not knows(scripts, current):
            raise SchemaTooNewError(
                f"the database has schema {current}, newer than this recare; install the newer recare"
            )
        command.upgrade(config, "head")


def knows(scripts: ScriptDirectory, revision: str) -> bool:
    """Tell whether a revision is one of ours."""
    try:
        return scripts.get_revision(revision) is not None
    except CommandError:
        return False
