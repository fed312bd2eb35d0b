"""Whole chats on the real house, readable, one file each: to the letter what the patient sees.

After a change that was meant, `RECARE_WRITE_TRANSCRIPTS=1 make test ARGS=tests/paths` writes them anew; read the
difference.
"""

import asyncio
import os
from pathlib import Path

import pytest

from flows.vocabulary import Language
from tests.paths.play import acts_of, play

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
ALWAYS = ("whole_path", "typed_booking", "typed_emergency")
"""Played at every run of the tests; the others with the long ones."""


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=() if file.stem.startswith(ALWAYS) else pytest.mark.long)
        for file in FILES
    ],
)
def test_a_chat_reads_to_the_letter_as_written_down(file: Path, tmp_path: Path) -> None:
    written = file.read_text(encoding="utf-8")
    language = Language(file.stem.rpartition(".")[2])

    played = asyncio.run(play(acts_of(written), language, tmp_path))

    if os.environ.get("RECARE_WRITE_TRANSCRIPTS") == "1":
        heading = "".join(f"{line}\n" for line in written.splitlines() if line.startswith("#"))
        file.write_text(heading + played, encoding="utf-8")
        return
    assert played == "".join(f"{line}\n" for line in written.splitlines() if not line.startswith("#"))


def test_every_language_has_its_whole_path() -> None:
    assert {file.stem for file in FILES} >= {f"whole_path.{language.value}" for language in Language}
