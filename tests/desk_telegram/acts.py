"""What the desk does on a board, by the method it calls; and how that fails."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest

from bot.desk.telegram import ForumBoard
from bot.services.topic_ports import (
    BoardError,
    TopicButton,
    TopicMessage,
    TopicState,
)
from tests.desk_telegram.heard import GROUP, TOPIC

Act: TypeAlias = Callable[[ForumBoard], Awaitable[Any]]

CARD = TopicMessage(text="A patient waits", rows=((TopicButton(label="Take", payload="take:1"),),))
ACTS: dict[str, Act] = {
    "sendMessage": lambda board: board.post(GROUP, TOPIC, CARD),
    "editMessageText": lambda board: board.edit(GROUP, 77, CARD),
    "editForumTopic": lambda board: board.show_state(GROUP, TOPIC, "A", TopicState.TAKEN),
    "createForumTopic": lambda board: board.open_topic(GROUP, "A", TopicState.WAITING),
    "closeForumTopic": lambda board: board.close_topic(GROUP, TOPIC),
    "reopenForumTopic": lambda board: board.reopen_topic(GROUP, TOPIC),
    "deleteForumTopic": lambda board: board.delete_topic(GROUP, TOPIC),
    "getChat": lambda board: board.look(GROUP),
    "getFile": lambda board: board.load("file-1"),
}


async def failing(board: ForumBoard, method: str) -> BoardError:
    """What the board says when it calls a method that fails."""
    with pytest.raises(BoardError) as failure:
        await ACTS[method](board)
    return failure.value
