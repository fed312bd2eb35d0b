"""Owns what stands around the chat: the commands, the button that lists them, what the bot says of itself.

Invariant: only what differs is written, so that starting often costs reading only.
"""

from aiogram.methods import (
    GetMyCommands,
    GetMyDescription,
    GetMyShortDescription,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
)
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands

from bot.channels.telegram.connection import Connection
from bot.channels.telegram.reading import CHOICES, HELP
from bot.channels.telegram.words import BotWords
from flows.vocabulary import Language

LISTED = (*CHOICES, HELP)
PRIVATE = BotCommandScopeAllPrivateChats()


async def introduce(connection: Connection, words: BotWords) -> None:
    """Name commands and say who we are, in every language; the clinic's for whoever reads none of ours.

    Raises aiogram's errors.
    """
    for language in (None, *Language):
        await _name_commands(connection, words, language)
        await _describe(connection, words, language)
    await connection.ask(SetChatMenuButton(menu_button=MenuButtonCommands()))


async def _name_commands(connection: Connection, words: BotWords, language: Language | None) -> None:
    code = language.value if language is not None else None
    wanted = [{"command": name, "description": words.say(f"command.{name}", language)} for name in LISTED]
    if await connection.ask(GetMyCommands(scope=PRIVATE, language_code=code)) != wanted:
        commands = [BotCommand(command=each["command"], description=each["description"]) for each in wanted]
        await connection.ask(SetMyCommands(commands=commands, scope=PRIVATE, language_code=code))


async def _describe(connection: Connection, words: BotWords, language: Language | None) -> None:
    code = language.value if language is not None else None
    clinic = words.clinic(language)
    whole = words.say("description", language, clinic=clinic)
    if await connection.ask(GetMyDescription(language_code=code)) != {"description": whole}:
        await connection.ask(SetMyDescription(description=whole, language_code=code))
    short = words.say("about", language, clinic=clinic)
    if await connection.ask(GetMyShortDescription(language_code=code)) != {"short_description": short}:
        await connection.ask(SetMyShortDescription(short_description=short, language_code=code))
