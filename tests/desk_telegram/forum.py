"""A forum group of the Bot API server for tests, with the desk's bot in it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.desk.telegram import DeskBot, ForumBoard, connect
from bot.services.ports import OutgoingFile
from bot.services.topic_ports import (
    BoardError,
    TopicButton,
    TopicMessage,
    TopicState,
)
from tests.botapi.api import BotApi, bot_api
from tests.botapi.groups import Group, Member
from tests.botapi.hub import BotAccount
from tests.botapi.people import Person
from tests.desk_telegram.heard import Desk, Heard

CARD = TopicMessage(text="Anna waits", rows=((TopicButton(label="Take", payload="take:1"),),))
PICTURE = OutgoingFile(name="tooth.jpg", media_type="image/jpeg", content=b"a picture")


@dataclass(kw_only=True)
class Forum:
    """A forum group whose owner is Olga, and the desk's bot in it."""

    api: BotApi
    account: BotAccount
    owner: Person
    group: Group
    olga: Member
    board: ForumBoard
    bot: DeskBot
    desk: Desk
    offset: int | None = None

    async def hear(self) -> list[Heard]:
        """Fetch what waits, handle it, and tell what the desk heard of it."""
        before = len(self.desk.heard)
        for update in await self.bot.fetch(self.offset, 0):
            self.offset = update["update_id"] + 1
            await self.bot.handle(update)
        return self.desk.heard[before:]

    async def fails(self) -> BoardError:
        """What the board says when it posts in vain."""
        (topic,) = self.group.topics
        with pytest.raises(BoardError) as failure:
            await self.board.post(self.group.id, topic.id, CARD)
        return failure.value


@contextlib.asynccontextmanager
async def open_forum() -> AsyncIterator[Forum]:
    """Open a forum with one topic, about which nothing was heard yet; each call must be as published."""
    async with bot_api() as api:
        account, owner = api.bot("desk_bot"), api.person("Olga", language="nl")
        group = api.group("Desk", owner=owner)
        group.add(account)
        client, desk = connect(token=account.token, api_base=api.base), Desk()
        made = Forum(
            api=api,
            account=account,
            owner=owner,
            group=group,
            olga=group.member(owner.account),
            board=ForumBoard(client),
            bot=DeskBot(client=client, desk=desk),
            desk=desk,
        )
        await made.bot.start()
        await made.board.open_topic(group.id, "Anna", TopicState.WAITING)
        await made.hear()
        yield made
        await made.bot.stop()
    api.must_be_clean()
