"""The desk in the browser."""

from pathlib import Path

from bot.desk.web.desk import WebDesk
from bot.desk.web.routes import DeskRoutes

FOLDER = Path(__file__).parent

__all__ = ["FOLDER", "DeskRoutes", "WebDesk"]
