"""What was learnt is read as it was kept, or refused in one line; never half."""

from pathlib import Path

import pytest

from bot.understanding import kept, letters
from bot.understanding.letters import Letters
from bot.understanding.networks import Networks
from bot.understanding.training import WEIGHTS
from bot.understanding.weights import FOLDER, WeightsError
from flows.vocabulary import Language


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what was learnt is looked for in place of recare's own."""
    for module in (kept, letters):
        monkeypatch.setattr(module, "files", lambda _: tmp_path)
    (tmp_path / FOLDER).mkdir()
    return tmp_path / FOLDER


@pytest.mark.parametrize("left", [0.0, 0.1, 0.5, 0.99])
def test_a_damaged_file_is_refused_with_the_remedy(folder: Path, left: float) -> None:
    for name in ("use.npz", letters.FILE):
        whole = (WEIGHTS / name).read_bytes()
        (folder / name).write_bytes(whole[: int(len(whole) * left)])
    with pytest.raises(WeightsError, match=r"use\.npz cannot be read; run make weights"):
        Networks.load(["use"])
    with pytest.raises(WeightsError, match="cannot be read; run make weights"):
        Letters.load(*Language)


def test_bytes_that_were_overwritten_are_noticed(folder: Path) -> None:
    whole = bytearray((WEIGHTS / "use.npz").read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 64] = bytes(64)
    (folder / "use.npz").write_bytes(whole)
    with pytest.raises(WeightsError):
        Networks.load(["use"])
