"""A shell for tests: the command `recare` as a person calls it, and what one line of complaint looks like."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def recare_process(
    *arguments: str, folder: Path, key: str | None = KEY, seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder as a shell would."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECARE_")}
    if key is not None:
        environment["RECARE_KEY"] = key
    program = "import sys; from bot.cli import main; sys.argv[0] = 'recare'; main()"
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(EXAMPLES.parent)},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def recare(
    *arguments: str, folder: Path, key: str | None = KEY, environment: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, in this process: a second sooner, and the same but for signals and the terminal.

    environment: what is set beside the key.
    """
    said, complained, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(said), redirect_stderr(complained):
        patch.setattr(sys, "argv", ["recare", *arguments])
        for name in [name for name in os.environ if name.startswith("RECARE_")]:
            patch.delenv(name)
        if key is not None:
            patch.setenv("RECARE_KEY", key)
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess([*arguments], code, said.getvalue(), complained.getvalue())


def one_line(ran: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Hold a failed run to one clear line on standard error."""
    assert ran.returncode in {1, 2}, ran
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert ran.stderr.startswith("recare: ")
    for part in parts:
        assert part in ran.stderr
