"""How many messages leave within a second, whatever the messenger asked for in between."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.clocks import RehearsalClock
from bot.services.allowance import Allowance, Rank
from bot.services.ports import Busy, Pace
from tests.world import MONDAY_MORNING


@dataclass(kw_only=True)
class Watch:
    """Seconds that pass only while somebody sleeps."""

    now: float = 0.0

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.mark.parametrize("times_refused", [0, 1, 3])
async def test_no_second_sees_more_than_the_pace_even_after_a_standstill(
    monkeypatch: pytest.MonkeyPatch, times_refused: int
) -> None:
    watch = Watch()
    monkeypatch.setattr("bot.services.allowance.asyncio.sleep", watch.sleep)
    pace = Pace(per_second=29, chat_seconds=0.0)
    allowance = Allowance(pace, RehearsalClock(MONDAY_MORNING), seconds=lambda: watch.now)
    for _ in range(times_refused):
        allowance.refused("", Busy.CHANNEL, timedelta())
    left = []
    for _ in range(200):
        await allowance.leave("somebody", Rank.BY_ITSELF)
        left.append(watch.now)
        allowance.taken()
    most = max(sum(at <= other < at + 1 for other in left) for at in left)
    assert most <= 29
    assert left[-1] < 200 / 29 * 1.6, "slower, but not by much"
