"""Folders to call the command in."""

from pathlib import Path

import pytest

from tests.cli.shell import EXAMPLES


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A folder with the example's clinic.toml."""
    (tmp_path / "clinic.toml").write_text((EXAMPLES / "clinic.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path
