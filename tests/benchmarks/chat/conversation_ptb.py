"""The peer with a ConversationHandler: python-telegram-bot, its states in memory, behind a webhook of Starlette.

Usage: python -m tests.benchmarks.chat.conversation_ptb API_BASE TOKEN PORT SECRET. Says "ready" once it listens.
"""

import asyncio
import gc
import sys
import warnings

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    ExtBot,
)
from telegram.warnings import PTBUserWarning

from tests.benchmarks.chat.scene import ICS, ICS_NAME, SCENE, START, Said, answered

POOL = 8
KEEP_ALIVE_SECONDS = 75

warnings.filterwarnings("ignore", category=PTBUserWarning)


def keyboard(said: Said) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)] for label, data in said.buttons])


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> str:
    assert update.effective_chat is not None
    await update.effective_chat.send_message(START.text, reply_markup=keyboard(START))
    return "cancel!"


async def pressed(update: Update, _: ContextTypes.DEFAULT_TYPE) -> str:
    query, message = update.callback_query, update.effective_message
    assert query is not None
    assert message is not None
    data = query.data or ""
    # None of the three waits for another.
    await asyncio.gather(query.answer(), say(message, SCENE[data]), edit(message, data))
    return data


async def say(message: Message, said: Said) -> None:
    if said.file:
        await message.chat.send_document(ICS, filename=ICS_NAME, caption=said.text, reply_markup=keyboard(said))
    else:
        await message.chat.send_message(said.text, reply_markup=keyboard(said))


async def edit(message: Message, data: str) -> None:
    if message.text is None:
        await message.edit_caption(answered(message.caption or "", data))
    else:
        await message.edit_text(answered(message.text, data))


async def main(base: str, token: str, port: int, secret: str) -> None:
    # Updates one after the other, as the library wants it for conversations; a small pool is faster than its large one.
    application = (
        Application.builder().token(token).base_url(f"{base}/bot").updater(None).connection_pool_size(POOL).build()
    )
    states = {state: [CallbackQueryHandler(pressed)] for state in SCENE}
    application.add_handler(ConversationHandler([CommandHandler("start", start)], states, []))  # type: ignore[arg-type]
    await application.initialize()
    await application.start()
    bot: ExtBot[None] = application.bot

    async def hook(request: Request) -> Response:
        if request.headers.get("x-telegram-bot-api-secret-token") != secret:
            return Response(status_code=401)
        await application.update_queue.put(Update.de_json(await request.json(), bot))
        return Response()

    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=[Route("/hook", hook, methods=["POST"])]),
            port=port,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    )
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - the library sets it
            await asyncio.sleep(0.01)
        print("ready", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
