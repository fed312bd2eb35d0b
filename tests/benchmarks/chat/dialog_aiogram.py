"""The peer with dialogs: aiogram-dialog, its states in memory or Redis, behind aiogram's webhook, tuned as recare is.

The library reads where a chat is before it takes the chat's lock, and writes it after it has sent: whoever presses as
soon as they see a button is answered from where they were before. So each chat gets a queue of its own in front of it.

Usage: python -m tests.benchmarks.chat.dialog_aiogram API_BASE TOKEN PORT SECRET [REDIS_URL]. Says "ready" once it
listens.
"""

import asyncio
import gc
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ContentType
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import BufferedInputFile, CallbackQuery, Message, TelegramObject
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiogram_dialog import Dialog, DialogManager, ShowMode, StartMode, Window, setup_dialogs
from aiogram_dialog.api.entities import MediaAttachment
from aiogram_dialog.manager.message_manager import MessageManager
from aiogram_dialog.widgets.kbd import Button
from aiogram_dialog.widgets.media import StaticMedia
from aiogram_dialog.widgets.text import Const
from aiohttp import web

from tests.benchmarks.chat.scene import ICS, ICS_NAME, MOST_CONNECTIONS, SCENE, START, Said

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Chat(StatesGroup):
    """Where the chat is."""

    start = State()
    look = State()
    slot = State()
    cancel = State()
    cancelled = State()


STATES = {"look": Chat.look, "slot": Chat.slot, "cancel": Chat.cancel, "cancel!": Chat.cancelled}


class Messages(MessageManager):
    """Sends as the library does; a calendar file is made for each visit, and read from no disk."""

    async def get_media_source(self, media: MediaAttachment, bot: Bot) -> BufferedInputFile:
        """Make the calendar file."""
        del media, bot
        return BufferedInputFile(ICS, filename=ICS_NAME)


class Queues:
    """One update at a time in each chat."""

    def __init__(self) -> None:
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, handler: Handler, update: TelegramObject, data: dict[str, Any]) -> object:
        """Wait for one's turn."""
        async with self._locks[data["event_chat"].id]:
            return await handler(update, data)


def press(data: str) -> Callable[[CallbackQuery, Any, DialogManager], Awaitable[None]]:
    async def pressed(_query: CallbackQuery, _button: Any, manager: DialogManager) -> None:  # noqa: ANN401 - the library's
        # The library itself takes the buttons away from the message that was answered.
        await manager.switch_to(STATES[data], show_mode=ShowMode.SEND)

    return pressed


def window(said: Said, state: State) -> Window:
    # The library gives each button an id of its own, of letters, digits and _.
    buttons = [
        Button(Const(label), id=f"b{place}", on_click=press(data) if data in STATES else None)
        for place, (label, data) in enumerate(said.buttons)
    ]
    files = [StaticMedia(path=ICS_NAME, type=ContentType.DOCUMENT)] if said.file else []
    return Window(Const(said.text), *files, *buttons, state=state)


def storage_at(redis: str | None) -> BaseStorage:
    """Keep where chats are; redis: the URL of a server."""
    return RedisStorage.from_url(redis, key_builder=DefaultKeyBuilder(with_destiny=True)) if redis else MemoryStorage()


async def main(base: str, token: str, port: int, secret: str, redis: str | None = None) -> None:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base), limit=MOST_CONNECTIONS))
    dispatcher = Dispatcher(storage=storage_at(redis))

    async def start(_: Message, dialog_manager: DialogManager) -> None:
        await dialog_manager.start(Chat.start, mode=StartMode.RESET_STACK)

    dispatcher.message.register(start, CommandStart())
    dispatcher.include_router(
        Dialog(window(START, Chat.start), *(window(SCENE[data], state) for data, state in STATES.items()))
    )
    setup_dialogs(dispatcher, message_manager=Messages())
    dispatcher.update.outer_middleware(Queues())
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=True, secret_token=secret).register(application, "/hook")
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:6]))
