"""The desk in a forum group on Telegram, spoken by python-telegram-bot: its board, and its bot."""

from bot.desk.telegram.account import DeskAccount
from bot.desk.telegram.board import ForumBoard
from bot.desk.telegram.bot import DeskBot
from bot.desk.telegram.client import DeskClient, connect
from bot.desk.telegram.server_clock import server_time

__all__ = ["DeskAccount", "DeskBot", "DeskClient", "ForumBoard", "connect", "server_time"]
