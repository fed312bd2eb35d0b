"""The peer without any state: bare aiogram handlers behind aiogram's own webhook, tuned as recare is.

Usage: python -m tests.benchmarks.chat.bare_aiogram API_BASE TOKEN PORT SECRET. Says "ready" once it listens.
"""

import asyncio
import gc
import sys

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.benchmarks.chat.scene import ICS, ICS_NAME, MOST_CONNECTIONS, SCENE, START, Said, answered

router = Router()


def keyboard(said: Said) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=data)] for label, data in said.buttons]
    )


@router.message(CommandStart())
async def start(message: Message) -> None:
    await message.answer(START.text, reply_markup=keyboard(START))


@router.callback_query()
async def pressed(query: CallbackQuery) -> None:
    data, message = query.data or "", query.message
    assert isinstance(message, Message)
    # None of the three waits for another.
    await asyncio.gather(answer(query), say(message, SCENE[data]), edit(message, data))


async def answer(query: CallbackQuery) -> None:
    await query.answer()


async def say(message: Message, said: Said) -> None:
    if said.file:
        file = BufferedInputFile(ICS, filename=ICS_NAME)
        await message.answer_document(file, caption=said.text, reply_markup=keyboard(said))
    else:
        await message.answer(said.text, reply_markup=keyboard(said))


async def edit(message: Message, data: str) -> None:
    if message.text is None:
        await message.edit_caption(caption=answered(message.caption or "", data))
    else:
        await message.edit_text(answered(message.text, data))


async def main(base: str, token: str, port: int, secret: str) -> None:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base), limit=MOST_CONNECTIONS))
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
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
