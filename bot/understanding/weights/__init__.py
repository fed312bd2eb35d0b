"""What was learnt from the phrases, as numbers; made by `make weights`, and looked at by `recare phrases check`."""

from bot.errors import RecareError

FOLDER = "weights"


class WeightsError(RecareError):
    """What was learnt cannot be used; the message names the file and the remedy."""
