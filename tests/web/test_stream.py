"""Live signals: a page is told that something changed, never what; streams give signs of life and end when told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from starlette.responses import StreamingResponse

from bot.services.live import Live
from bot.web.stream import BEAT, CHANGED, HEARTBEAT, OPENING, Signals

SOON = 5


def listen(signals: Signals, *topics: str) -> AsyncIterator[bytes]:
    """Read a stream as the server does."""
    answer = signals.stream(*topics)
    assert isinstance(answer, StreamingResponse)
    assert answer.media_type == "text/event-stream"
    return answer.body_iterator  # type: ignore[return-value]  # ours yields bytes only


async def next_of(stream: AsyncIterator[bytes]) -> bytes:
    """Wait for the next piece."""
    return await asyncio.wait_for(anext(stream), SOON)


async def test_a_signal_of_any_watched_topic_says_changed() -> None:
    live = Live()
    stream = listen(Signals(live), "chat:1", "desk")
    assert await next_of(stream) == OPENING
    for topic in ("desk", "chat:1"):
        live.signal(topic, "chat:2")
        assert await next_of(stream) == CHANGED


async def test_signals_that_come_while_nobody_reads_are_one_change() -> None:
    live = Live()
    signals = Signals(live, beat=timedelta(milliseconds=1))
    stream = listen(signals, "chat:1")
    await next_of(stream)
    live.signal("chat:1")
    live.signal("chat:1")
    assert [await next_of(stream), await next_of(stream)] == [CHANGED, HEARTBEAT]


async def test_a_signal_of_another_topic_wakes_nobody() -> None:
    live = Live()
    stream = listen(Signals(live, beat=timedelta(milliseconds=1)), "chat:1")
    await next_of(stream)
    live.signal("chat:2")
    assert await next_of(stream) == HEARTBEAT


async def test_all_streams_end_when_the_server_closes() -> None:
    signals = Signals(Live())
    stream = listen(signals, "chat:1")
    await next_of(stream)

    async def close() -> None:
        signals.close()

    last, _ = await asyncio.gather(anext(stream, b"ended"), close())
    assert last == HEARTBEAT
    assert await anext(stream, b"ended") == b"ended"
    late = listen(signals, "chat:1")
    assert [piece async for piece in late] == [OPENING]


async def test_who_may_not_listen_any_more_is_told_nothing_and_the_stream_ends() -> None:
    live = Live()
    may = True

    async def still() -> bool:
        return may

    for beat in (BEAT, timedelta(milliseconds=1)):
        may = True
        answer = Signals(live, beat=beat).stream("desk", still=still)
        assert isinstance(answer, StreamingResponse)
        stream: AsyncIterator[bytes] = answer.body_iterator  # type: ignore[assignment]  # ours yields bytes only
        assert await next_of(stream) == OPENING
        live.signal("desk")
        assert await next_of(stream) == CHANGED
        may = False
        live.signal("desk")
        assert [piece async for piece in stream] == []


def test_a_sign_of_life_comes_often_enough_for_proxies() -> None:
    assert timedelta(seconds=5) <= BEAT <= timedelta(seconds=30)
