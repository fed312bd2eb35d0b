"""How things are said: from typed texts to sentences in the reader's language.

What may be said at a level is chosen here and fails closed; the words themselves stand in `locales/`.
"""

from bot.wording.catalogue import Catalogue, CatalogueError
from bot.wording.facts import NOBODY, ClinicVoice, OwnWords, Reader
from bot.wording.page_text import PageText, PageWords
from bot.wording.speech import LevelError, Worded, Wording

__all__ = [
    "NOBODY",
    "Catalogue",
    "CatalogueError",
    "ClinicVoice",
    "LevelError",
    "OwnWords",
    "PageText",
    "PageWords",
    "Reader",
    "Worded",
    "Wording",
]
