"""How a channel slows down when its messenger asks it to, and comes back; which distance a chat keeps."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.clocks import RehearsalClock
from bot.services.allowance import Allowance, Rank
from bot.services.ports import Busy, Pace
from tests.world import MONDAY_MORNING

PER_SECOND = 20.0
AT_ONCE = timedelta()


@dataclass(kw_only=True)
class Watch:
    """Seconds that pass only while somebody sleeps."""

    now: float = 0.0

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """What the allowance sleeps by."""
    watch = Watch()
    monkeypatch.setattr("bot.services.allowance.asyncio.sleep", watch.sleep)
    return watch


@pytest.fixture
def allowance(watch: Watch) -> Allowance:
    """Twenty a second, and one a second in a chat."""
    pace = Pace(per_second=PER_SECOND, chat_seconds=1.0)
    return Allowance(pace, RehearsalClock(MONDAY_MORNING), seconds=lambda: watch.now)


async def by_itself(allowance: Allowance, chat: str) -> None:
    """Let a message leave by itself."""
    await allowance.turn(chat)
    await allowance.leave(chat, Rank.BY_ITSELF)


async def rate(allowance: Allowance, watch: Watch) -> float:
    """How many messages to as many chats leave in a second now."""
    await by_itself(allowance, "first")
    began = watch.now
    for number in range(100):
        await by_itself(allowance, f"chat {number} from {began}")
    return 100 / (watch.now - began)


async def test_a_channel_slows_down_a_little_when_it_is_asked_to_wait(allowance: Allowance, watch: Watch) -> None:
    assert await rate(allowance, watch) == pytest.approx(PER_SECOND, rel=0.02)
    allowance.refused("", Busy.CHANNEL, AT_ONCE)
    once = await rate(allowance, watch)
    assert 0.8 * PER_SECOND < once < 0.95 * PER_SECOND
    allowance.refused("", Busy.CHANNEL, AT_ONCE)
    assert 0.8 * once < await rate(allowance, watch) < 0.95 * once


async def test_a_channel_comes_back_as_its_messages_are_taken_and_no_further(
    allowance: Allowance, watch: Watch
) -> None:
    allowance.refused("", Busy.CHANNEL, AT_ONCE)
    slowed = await rate(allowance, watch)
    for _ in range(50):
        allowance.taken()
    assert slowed * 1.02 < await rate(allowance, watch) < PER_SECOND * 0.99
    for _ in range(1000):
        allowance.taken()
    assert await rate(allowance, watch) == pytest.approx(PER_SECOND, rel=0.02)


async def test_a_channel_that_is_always_refused_does_not_come_to_a_standstill(
    allowance: Allowance, watch: Watch
) -> None:
    for _ in range(1000):
        allowance.refused("", Busy.CHANNEL, AT_ONCE)
    assert await rate(allowance, watch) >= PER_SECOND / 20


async def test_a_chat_that_is_asked_to_wait_slows_nobody_down(allowance: Allowance, watch: Watch) -> None:
    allowance.refused("a", Busy.CHAT, AT_ONCE)
    assert await rate(allowance, watch) == pytest.approx(PER_SECOND, rel=0.02)


async def test_what_leaves_by_itself_keeps_a_second_from_what_left_before_it_in_its_chat(
    allowance: Allowance, watch: Watch
) -> None:
    left = []
    for _ in range(3):
        await by_itself(allowance, "a")
        left.append(watch.now)
    assert left == pytest.approx([left[0], left[0] + 1, left[0] + 2], abs=0.1)


async def test_what_leaves_by_itself_keeps_a_second_from_an_answer_too(allowance: Allowance, watch: Watch) -> None:
    await allowance.leave("a", Rank.ANSWER)
    answered = watch.now
    await by_itself(allowance, "a")
    assert watch.now == pytest.approx(answered + 1, abs=0.1)


async def test_the_distance_in_a_chat_is_no_other_chats(allowance: Allowance, watch: Watch) -> None:
    await by_itself(allowance, "a")
    await by_itself(allowance, "b")
    assert watch.now < 0.2


async def test_answers_come_close_together_until_their_chat_was_asked_to_wait(
    allowance: Allowance, watch: Watch
) -> None:
    for _ in range(3):
        await allowance.leave("a", Rank.ANSWER)
    assert watch.now < 0.2
    allowance.refused("a", Busy.CHAT, AT_ONCE)
    left = []
    for _ in range(3):
        await allowance.leave("a", Rank.ANSWER)
        left.append(watch.now)
    assert left == pytest.approx([1, 2, 3], abs=0.2)
    before = watch.now
    await allowance.leave("b", Rank.ANSWER)
    assert watch.now == before, "another chat was not asked to"


async def test_a_minute_after_it_had_to_wait_a_chats_answers_come_close_together_again(
    allowance: Allowance, watch: Watch
) -> None:
    allowance.refused("a", Busy.CHAT, AT_ONCE)
    watch.now += 61
    for _ in range(3):
        await allowance.leave("a", Rank.ANSWER)
    assert watch.now < 61.2
