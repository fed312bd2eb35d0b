"""Both libraries talk with the server, unmodified."""

import pytest
from aiogram import Bot as AiogramBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import Bot as PtbBot
from telegram import InlineKeyboardButton as PtbButton
from telegram import InlineKeyboardMarkup as PtbMarkup
from telegram.error import BadRequest
from telegram.ext import ApplicationBuilder

from tests.botapi.api import BotApi
from tests.botapi.errors import BLOCKED, too_many
from tests.botapi.hub import BotAccount


def aiogram_bot(api: BotApi, account: BotAccount) -> AiogramBot:
    return AiogramBot(account.token, session=AiohttpSession(api=TelegramAPIServer.from_base(api.base)))


def ptb_bot(api: BotApi, account: BotAccount) -> PtbBot:
    builder = (
        ApplicationBuilder().token(account.token).base_url(f"{api.base}/bot").base_file_url(f"{api.base}/file/bot")
    )
    return builder.updater(None).build().bot


async def test_aiogram_hears_and_answers(api: BotApi) -> None:
    account = api.bot("clinic_bot")
    alice = api.person("Alice")
    alice.start(account, "token-1")
    async with aiogram_bot(api, account) as bot:
        updates = await bot.get_updates(timeout=1)
        assert [each.message and each.message.text for each in updates] == ["/start token-1"]
        keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="y")]])
        await bot.send_message(alice.id, "Come?", reply_markup=keys)
        assert (await alice.until_sees("Come")).buttons == ("Yes",)
        pressed = alice.press("Yes")
        updates = await bot.get_updates(offset=updates[-1].update_id + 1, timeout=1)
        query = updates[0].callback_query
        assert query
        await bot.answer_callback_query(query.id, text="noted")
        assert await pressed.until_answered() == "noted"
        await bot.send_document(alice.id, BufferedInputFile(b"BEGIN", "visit.ics"), caption="Here")
        assert (await alice.until_sees("Here")).file == "visit.ics"


async def test_python_telegram_bot_works_in_topics(api: BotApi) -> None:
    account = api.bot("desk_bot")
    owner = api.person("Olga")
    group = api.group("Desk", owner)
    group.add(account)
    async with ptb_bot(api, account) as bot:
        topic = await bot.create_forum_topic(group.id, "Anna", icon_custom_emoji_id="5417915203100613993")
        keys = PtbMarkup([[PtbButton("Take", callback_data="take")]])
        sent = await bot.send_message(group.id, "card", message_thread_id=topic.message_thread_id, reply_markup=keys)
        assert sent.message_thread_id == topic.message_thread_id
        place = group.topic("Anna")
        group.member(owner.account).write(place, "I take it")
        updates = await bot.get_updates(timeout=1)
        assert updates[-1].message
        assert updates[-1].message.message_thread_id == place.id
        with pytest.raises(BadRequest, match="thread not found"):
            await bot.send_message(group.id, "x", message_thread_id=1)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text("card", group.id, sent.message_id, reply_markup=keys)


async def test_errors_by_script_reach_the_library(api: BotApi) -> None:
    account = api.bot("clinic_bot")
    alice = api.person("Alice")
    alice.start(account)
    async with aiogram_bot(api, account) as bot:
        api.fault(too_many(3), method="sendMessage")
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(alice.id, "x")
        assert caught.value.retry_after == 3
        api.fault(BLOCKED, method="sendMessage")
        with pytest.raises(TelegramForbiddenError, match="blocked"):
            await bot.send_message(alice.id, "x")
        await bot.send_message(alice.id, "x")
