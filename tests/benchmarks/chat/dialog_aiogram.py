"""The peer with dialogs: aiogram-dialog, its states in memory, behind aiogram's own webhook, tuned as recare is.

Usage: python -m tests.benchmarks.chat.dialog_aiogram API_BASE TOKEN PORT SECRET. Says "ready" once it listens.
"""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import BufferedInputFile, CallbackQuery, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiogram_dialog import Dialog, DialogManager, ShowMode, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button
from aiogram_dialog.widgets.text import Const
from aiohttp import web

from tests.benchmarks.chat.scene import ICS, SCENE, START, Said


class Chat(StatesGroup):
    """Where the chat is."""

    start = State()
    look = State()
    slot = State()
    cancel = State()
    cancelled = State()


STATES = {"look": Chat.look, "slot": Chat.slot, "cancel": Chat.cancel, "cancel!": Chat.cancelled}


def press(data: str) -> Callable[[CallbackQuery, Any, DialogManager], Awaitable[None]]:
    async def pressed(query: CallbackQuery, _: Any, manager: DialogManager) -> None:  # noqa: ANN401 - the library's button
        message = query.message
        assert isinstance(message, Message)
        if SCENE[data].file:
            await message.answer_document(BufferedInputFile(ICS, filename="visit.ics"))
        manager.show_mode = ShowMode.SEND
        await manager.switch_to(STATES[data])
        await message.edit_text(f"{message.text}\n\n→ {data}")

    return pressed


def window(said: Said, state: State) -> Window:
    # The library gives each button an id of its own, of letters, digits and _.
    buttons = [
        Button(Const(label), id=f"b{place}", on_click=press(data) if data in STATES else None)
        for place, (label, data) in enumerate(said.buttons)
    ]
    return Window(Const(said.text), *buttons, state=state)


async def main(base: str, token: str, port: int, secret: str) -> None:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base)))
    dispatcher = Dispatcher(storage=MemoryStorage())

    async def start(_: Message, dialog_manager: DialogManager) -> None:
        await dialog_manager.start(Chat.start, mode=StartMode.RESET_STACK)

    dispatcher.message.register(start, CommandStart())
    dispatcher.include_router(
        Dialog(window(START, Chat.start), *(window(SCENE[data], state) for data, state in STATES.items()))
    )
    setup_dialogs(dispatcher)
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
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
