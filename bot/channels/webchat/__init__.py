"""The patient's page in the browser, as a channel: reached by a personal link, the embedded default."""

from pathlib import Path

from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.pace import Pace
from bot.channels.webchat.routes import ChatRoutes

FOLDER = Path(__file__).parent

__all__ = ["FOLDER", "ChatRoutes", "Pace", "WebChat"]
