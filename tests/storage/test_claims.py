"""Who already serves the same file is noticed, and nobody who is gone."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

from storage.claims import SUFFIX, claiming

HOLDING = """
import sys
from storage.claims import claiming
with claiming(sys.argv[1]) as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


def test_a_second_process_on_the_same_file_is_noticed_until_the_first_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'recare.sqlite'}"
    first = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLDING, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "True\n"
        with claiming(url) as alone:
            assert not alone
        with claiming(f"sqlite:///{tmp_path / 'other.sqlite'}") as alone:
            assert alone
        os.kill(first.pid, signal.SIGKILL)
        first.wait(timeout=30)
    with claiming(url) as alone:
        assert alone
    assert stat.S_IMODE((tmp_path / f"recare.sqlite{SUFFIX}").stat().st_mode) == 0o600


def test_where_many_may_serve_or_nobody_can_tell_nobody_is_in_the_way(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'nowhere' / 'recare.sqlite'}"
    for url in ("postgresql+psycopg://nobody@localhost/recare", "sqlite://", "no address", nowhere):
        with claiming(url) as alone, claiming(url) as alone_too:
            assert alone
            assert alone_too
