"""Rehearsals write in folders of their own, and a killed one leaves nothing for good."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.rehearsal.folder import own_folder

ROOT = Path(__file__).parents[2]
AT_WORK = """
import sys
from pathlib import Path
from bot.rehearsal.folder import own_folder
with own_folder(Path(sys.argv[1])) as folder:
    (folder / "rehearsal.sqlite").write_bytes(b"")
    print(folder, flush=True)
    sys.stdin.read()
"""


def begin(parent: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Start a process that is at work in a folder of its own, and tell which."""
    running = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", AT_WORK, str(parent)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    return running, Path(running.stdout.readline().strip())


def test_a_rehearsal_leaves_nothing(tmp_path: Path) -> None:
    parent = tmp_path / ".recare"
    with own_folder(parent) as folder:
        (folder / "rehearsal.sqlite").write_bytes(b"")
    assert not parent.exists()


def test_what_else_lies_there_stays(tmp_path: Path) -> None:
    parent = tmp_path / ".recare"
    parent.mkdir()
    (parent / "demo-notes.txt").write_text("kept", encoding="utf-8")
    with own_folder(parent):
        pass
    assert [left.name for left in parent.iterdir()] == ["demo-notes.txt"]


def test_the_next_rehearsal_tidies_up_after_a_killed_one(tmp_path: Path) -> None:
    parent = tmp_path / ".recare"
    killed, left = begin(parent)
    with killed:
        killed.kill()
    assert (left / "rehearsal.sqlite").is_file()
    with own_folder(parent) as folder:
        assert [each.name for each in parent.iterdir()] == [folder.name]
    assert not parent.exists()


def test_two_rehearsals_leave_each_other_alone(tmp_path: Path) -> None:
    parent = tmp_path / ".recare"
    other, theirs = begin(parent)
    with other:
        with own_folder(parent) as ours:
            assert ours != theirs
        assert (theirs / "rehearsal.sqlite").is_file()
        other.communicate("", timeout=30)
    assert other.returncode == 0
    assert not parent.exists()


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / ".recare").write_text("a file", encoding="utf-8")
    with pytest.raises(OSError, match="exists"), own_folder(tmp_path / ".recare"):
        pass
