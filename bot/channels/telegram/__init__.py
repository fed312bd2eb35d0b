"""Telegram, as patients meet the clinic there: a bot on aiogram, with a token of its own."""

from bot.channels.telegram.account import PatientsAccount
from bot.channels.telegram.bot import PatientsBot
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.connection import TELEGRAM, Connection
from bot.channels.telegram.words import BotWords

__all__ = ["TELEGRAM", "BotWords", "Connection", "PatientsAccount", "PatientsBot", "TelegramChannel"]
