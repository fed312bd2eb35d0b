"""The one composition root: which parts there are, and who is handed what. Nothing else builds services."""

from bot.app.house import House, build_house
from bot.app.web import build_rehearsal_web, build_web_of, serve

__all__ = [
    "House",
    "build_house",
    "build_rehearsal_web",
    "build_web_of",
    "serve",
]
