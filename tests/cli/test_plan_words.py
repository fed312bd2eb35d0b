"""The command line has words for whatever the gate can say."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.plan import WHY, print_planned
from bot.services.preview import Waiting
from flows.outreach.cadence import Campaign
from flows.outreach.verdict import Refusal
from tests.cli.shell import recare


def test_every_refusal_has_words() -> None:
    assert set(WHY) == set(Refusal)
    assert len(set(WHY.values())) == len(WHY)


def test_what_waits_for_release_is_not_said_to_leave_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    def planned(number: str, *, needs_release: bool) -> Waiting:
        return Waiting(
            number=number,
            name="Anna Example",
            campaign=Campaign.REACTIVATION,
            step=1,
            at=datetime(2026, 11, 24, 16, 30, tzinfo=UTC),
            needs_release=needs_release,
        )

    print_planned([planned("1", needs_release=True), planned("2", needs_release=False)], ZoneInfo("Europe/Brussels"), 9)
    alone, waits = capsys.readouterr().out.split("\n\n", 1)
    assert alone.splitlines()[0] == "Planned already, leaving by itself: 1"
    assert alone.splitlines()[1] == f"  {'2':<10} {'Anna Example':<30} Tue 24 Nov 17:30  invitation 1"
    assert waits.splitlines()[0] == "Planned already, waiting for a person to release it (`recare release list`): 1"
    assert waits.splitlines()[2] == f"  {'1':<10} {'Anna Example':<30} by Tue 24 Nov 17:30  invitation 1"


def test_before_any_import_the_plan_says_what_comes_first(clinic: Path) -> None:
    for ahead in ((), ("--days", "3")):
        said = recare("plan", *ahead, folder=clinic).stdout
        assert said.splitlines()[-1] == "There are no patients yet: `recare import FILE`."
        assert "The policy is not signed" in said
        assert "0" not in said
    assert json.loads(recare("plan", "--json", folder=clinic).stdout) == []
