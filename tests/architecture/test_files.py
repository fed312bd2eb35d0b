"""A file is short enough to be read at a sitting, or says at its top why it is not."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 250
REASON = "Longer than other files"


def sources() -> list[Path]:
    """Every file of Python code, those in hidden folders left out."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
    return sorted(path for path in found if not any(part.startswith(".") for part in path.parts))


def is_explained(text: str) -> bool:
    """Whether a sentence of the first docstring gives the reason for a file's length."""
    top = ast.get_docstring(ast.parse(text)) or ""
    return any(line.startswith(REASON) for line in top.splitlines())


def test_a_long_file_gives_its_reason() -> None:
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in sources()}
    assert texts
    long = {str(path): text.count("\n") for path, text in texts.items() if text.count("\n") > MOST_LINES}
    assert [path for path in long if not is_explained(texts[Path(path)])] == []


def test_a_short_file_gives_none() -> None:
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in sources()}
    assert [str(path) for path, text in texts.items() if text.count("\n") <= MOST_LINES and is_explained(text)] == []


@pytest.mark.parametrize(
    "text", ['"""Owns one thing."""\n', '# Longer than other files: a comment.\n"""Owns."""\n', ""]
)
def test_a_reason_stands_in_the_first_docstring(text: str) -> None:
    assert not is_explained(text)
