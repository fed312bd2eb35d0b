"""Drafts the next migration from what the models say: `python -m storage.migrations "what changes"`.

A draft is read and completed by a person: data that must move, and what only one database can do, no draft knows.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from storage.engines import open_engines
from storage.migrations.upgrade import configuration, upgrade


def draft(message: str) -> Path:
    """Compare the models with a new, migrated SQLite database and write the difference as the next migration."""
    with tempfile.TemporaryDirectory() as folder:
        engines = open_engines(f"sqlite:///{folder}/draft.db")
        upgrade(engines.write)
        with engines.write.begin() as connection:
            config = configuration(connection)
            head = ScriptDirectory.from_config(config).get_current_head() or "0"
            command.revision(config, message, autogenerate=True, rev_id=f"{int(head) + 1:04}")
        engines.dispose()
    (written,) = (Path(__file__).parent / "versions").glob(f"{int(head) + 1:04}_*.py")
    return written


def main(arguments: list[str]) -> int:
    """Write the draft and say where it is."""
    if len(arguments) != 1:
        sys.stderr.write('usage: python -m storage.migrations "what changes"\n')
        return 2
    sys.stdout.write(f"{draft(arguments[0])}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
