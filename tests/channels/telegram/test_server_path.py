"""A Bot API server may lie below a path of its machine: calls and files are asked for there."""

from aiogram.methods import GetMe

from bot.channels.telegram.connection import Connection
from bot.channels.telegram.files import Files
from tests.channels.telegram.raw_server import Visit, serving

TOKEN = "1:token-of-no-bot"  # noqa: S105 - of no bot
"""As every token begins with the bot's number."""


async def test_calls_and_files_are_asked_for_below_the_servers_path() -> None:
    asked: list[bytes] = []

    async def behave(visit: Visit) -> None:
        while True:
            asked.append((await visit.reader.readuntil(b"\r\n")).split()[1])
            rest = await visit.reader.readuntil(b"\r\n\r\n")
            length = rest.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await visit.reader.readexactly(int(length or 0))
            await visit.answer(b'{"ok": true, "result": {"file_path": "photos/1.jpg"}}')

    async with serving(behave) as server:
        connection = Connection(TOKEN, f"{server.base}/telegram/api-9.2")
        await connection.ask(GetMe())
        await Files(connection).load("file", 1)
        await connection.close()
    below = b"/telegram/api-9.2"
    assert asked == [
        below + b"/bot" + TOKEN.encode() + b"/getMe",
        below + b"/bot" + TOKEN.encode() + b"/getFile",
        below + b"/file/bot" + TOKEN.encode() + b"/photos/1.jpg",
    ]
