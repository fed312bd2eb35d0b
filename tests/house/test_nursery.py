"""What goes on by itself: all of it ends with the nursery, and what goes wrong around it stays what it is."""

import asyncio

import pytest

from bot.services import nursery
from bot.services.nursery import Nursery


class Work:
    """Something that takes a while."""

    def __init__(self, seconds: float) -> None:
        """Take so long."""
        self._seconds = seconds
        self.is_done = False
        self.was_cut_short = False

    async def do(self) -> None:
        """Do it."""
        try:
            await asyncio.sleep(self._seconds)
        except asyncio.CancelledError:
            self.was_cut_short = True
            raise
        self.is_done = True


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nursery, "GOODBYE_SECONDS", 0.1)


async def test_what_is_under_way_is_waited_for_but_not_for_ever() -> None:
    short, long = Work(0.01), Work(60)
    async with Nursery() as nursery:
        nursery.start(short.do())
        nursery.start(long.do())
    assert (short.is_done, long.was_cut_short) == (True, True)
    assert not nursery.is_open


async def test_an_error_around_it_stays_what_it_is() -> None:
    short, long = Work(0.01), Work(60)

    async def fail() -> None:
        async with Nursery() as nursery:
            nursery.start(short.do())
            nursery.start(long.do())
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert (short.is_done, long.was_cut_short) == (True, True)


async def test_who_does_not_wait_for_its_end_leaves_nothing_behind() -> None:
    long = Work(60)

    async def live() -> None:
        async with Nursery() as nursery:
            nursery.start(long.do())
            await asyncio.sleep(0)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await live()
    assert long.was_cut_short


async def test_what_is_started_ahead_has_come_to_where_it_waits_before_its_caller_goes_on() -> None:
    steps: list[str] = []

    async def twice() -> None:
        steps.append("first")
        await asyncio.sleep(0)
        steps.append("second")

    async with Nursery() as nursery:
        nursery.start(twice())
        steps.append("caller")
        await nursery.start_ahead(twice())
        steps.append("caller again")
        await asyncio.sleep(0)
    assert steps == ["caller", "first", "first", "caller again", "second", "second"]
