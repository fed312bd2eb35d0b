"""How long the head of a request may be, whoever reads it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.serving import listen, serve_on

HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
LARGE = b"x" * 70_000


async def measured(request: Request) -> Response:
    return Response(str(len(await request.body())))


@pytest.fixture
async def address() -> AsyncIterator[tuple[str, int]]:
    application = Starlette(routes=[Route("/", measured, methods=["POST"])])
    ready = asyncio.Event()
    with closing(listen("127.0.0.1", 0)) as port:
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(serve_on(port, application, ready.set, ending=lambda: None))
            await ready.wait()
            yield port.getsockname()
            serving.cancel()


async def answer_to(address: tuple[str, int], *pieces: bytes) -> bytes:
    """What comes back until the connection is closed."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD, b"X-Long: ", *[LARGE] * 8),
        (HEAD, *(b"X-%d: y\r\n" % number for number in range(50_000))),
        (b"GET /", *[LARGE] * 8),
        (HEAD, b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", *[LARGE] * 8),
    ],
    ids=["one header", "many headers", "address", "trailer"],
)
async def test_a_head_without_end_is_not_read_to_its_end(address: tuple[str, int], pieces: tuple[bytes, ...]) -> None:
    assert b"200 OK" not in await answer_to(address, *pieces)


async def test_a_large_body_behind_a_short_head_is_taken(address: tuple[str, int]) -> None:
    head = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % (2 * len(LARGE))

    assert (await answer_to(address, head, LARGE, LARGE)).endswith(b"140000")


async def test_many_requests_pass_on_one_connection(address: tuple[str, int]) -> None:
    one = HEAD + b"Content-Length: 0\r\nX-Pad: " + b"y" * 30_000 + b"\r\n"

    answer = await answer_to(address, *(one + b"\r\n" for _ in range(4)), one + b"Connection: close\r\n\r\n")

    assert answer.count(b"200 OK") == 5
