"""The port that the web takes."""

import asyncio
import socket
from contextlib import closing

import pytest

from bot.errors import RecareError
from bot.web.serving import listen


async def test_a_short_answer_leaves_at_once() -> None:
    accepted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def comes(_: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        taken: socket.socket = answer.get_extra_info("socket")
        accepted.set_result(bool(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        answer.close()

    with closing(listen("127.0.0.1", 0)) as port:
        async with await asyncio.start_server(comes, sock=port):
            _, writer = await asyncio.open_connection(*port.getsockname())
            assert await accepted
            writer.close()


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with closing(listen("127.0.0.1", 0)) as port, pytest.raises(RecareError, match="choose another with --port"):
        listen(*port.getsockname())
