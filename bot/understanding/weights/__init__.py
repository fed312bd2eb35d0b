"""What was learnt from the phrases, as numbers; made by `make weights`, and looked at by `recare phrases check`."""

import zlib
from zipfile import BadZipFile

from bot.errors import RecareError

FOLDER = "weights"
UNREADABLE = (OSError, EOFError, BadZipFile, zlib.error)
"""What reading a file raises that was damaged."""


class WeightsError(RecareError):
    """What was learnt cannot be used; the message names the file and the remedy."""
