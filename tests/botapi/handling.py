"""Which function carries out which method."""

from collections.abc import Callable
from typing import Any

from tests.botapi.errors import ApiError
from tests.botapi.hub import BotAccount, Hub
from tests.botapi.model import Access, Json, Message

Handler = Callable[[Hub, BotAccount, Json], Any]
HANDLERS: dict[str, Handler] = {}


def handles(*methods: str) -> Callable[[Handler], Handler]:
    """Name the methods that a function carries out."""

    def register(handler: Handler) -> Handler:
        for method in methods:
            HANDLERS[method.lower()] = handler
        return handler

    return register


def must_be_open(message: Message | None, otherwise: ApiError) -> Message:
    """Give a message that can be reached, or raise what says that there is none."""
    if message is None or message.access is not Access.OPEN:
        raise otherwise
    return message
