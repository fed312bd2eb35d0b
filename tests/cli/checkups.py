"""Check-ups of a folder, as a program reads them, and settings added to a clinic's file."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.cli.shell import recare

READ = ("clinic", "key", "policy", "mail", "telegram")
NOTHING: Mapping[str, str] = MappingProxyType({})


def told(folder: Path, key: str | None = None, environment: Mapping[str, str] = NOTHING) -> dict[str, dict[str, str]]:
    """What a check-up says of each thing, by its name; the last where several say something of one."""
    ran = recare("doctor", "--json", folder=folder, environment=environment, **({} if key is None else {"key": key}))
    data = json.loads(ran.stdout)
    assert (ran.returncode, ran.stderr) == (0 if data["healthy"] else 1, "")
    assert data["healthy"] is all(finding["health"] != "fail" for finding in data["findings"])
    # What a file or the environment gets wrong is told in one sentence, remedy included.
    assert all(
        finding["remedy"] or finding["health"] == "ok" or finding["check"] in READ for finding in data["findings"]
    )
    return {finding["check"]: finding for finding in data["findings"]}


def set_up(clinic: Path, more: str) -> None:
    """Add to a clinic's file."""
    file = clinic / "clinic.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{more}", encoding="utf-8")
