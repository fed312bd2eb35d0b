"""The desk in the browser."""

from pathlib import Path

from bot.desk.web.desk import WebDesk
from bot.desk.web.identity import IdentityRoutes
from bot.desk.web.releases import ReleaseRoutes
from bot.desk.web.routes import DeskRoutes
from bot.desk.web.session import HOME
from bot.desk.web.worklist import WorklistRoutes

FOLDER = Path(__file__).parent

__all__ = ["FOLDER", "HOME", "DeskRoutes", "IdentityRoutes", "ReleaseRoutes", "WebDesk", "WorklistRoutes"]
