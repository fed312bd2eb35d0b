"""A clinic whose staff work in a forum group: the house, the group's board, and what members of the group do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from bot.services.topic_links import group_code, staff_code
from bot.services.topic_ports import GroupLinkAsked, StaffFile, StaffLinkAsked, TopicPressed, TopicSaid
from bot.services.topics import ForumDesk
from bot.services.views import StaffMember
from flows.ids import ConversationId, StaffId
from flows.vocabulary import Language, Role
from tests.topics.board import GroupBoard, Room
from tests.world import World

ROBIN, SAM, STRANGER = 71, 72, 666
"""Accounts of members of the group."""


# Asyncio words a finished task with its result, and the house takes long to be worded.
@dataclass(kw_only=True, repr=False)
class Group:
    """The group."""

    world: World
    board: GroupBoard
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    messages: "count[int]" = field(default_factory=lambda: count(5000))

    @property
    def desk(self) -> ForumDesk:
        """The desk that hears the group."""
        assert self.world.house.topics is not None
        return self.world.house.topics

    def new_code(self) -> str:
        """Print a code for the group."""
        with self.world.house.database.unit_of_work(self.world.house.clinic.id) as uow:
            made = group_code(uow, self.world.clock.now())
            uow.commit()
        return made.code

    async def link(self, code: str | None = None) -> str:
        """Write the code into the group; what is answered."""
        return await self.desk.link_group(
            GroupLinkAsked(
                update_id=self.update(),
                group=self.board.state.chat_id,
                title="Desk",
                is_forum=True,
                user_id=1,
                language=Language.EN,
                code=self.new_code() if code is None else code,
            )
        )

    async def staff_comes(self, user: int, role: Role = Role.MANAGER) -> StaffMember:
        """Add a member of staff and connect their account."""
        member = self.world.add_staff(role)
        with self.world.house.database.unit_of_work(self.world.house.clinic.id) as uow:
            made = staff_code(uow, StaffId(member.staff_id), self.world.clock.now())
            uow.commit()
        await self.starts(user, made.code)
        return member

    async def starts(self, user: int, code: str = "") -> str:
        """Write to the bot in private; what is answered."""
        asked = StaffLinkAsked(update_id=self.update(), user_id=user, language=Language.EN, code=code)
        return await self.desk.link_staff(asked)

    async def writes(
        self,
        user: int,
        text: str,
        *,
        room: Room | None = None,
        message: int | None = None,
        edited: bool = False,
        files: Sequence[StaffFile] = (),
        is_command: bool = False,
        update: str | None = None,
    ) -> int:
        """Let a member write into a topic; the message's id."""
        message_id = next(self.messages) if message is None else message
        said = TopicSaid(
            update_id=update or self.update(),
            group=self.board.state.chat_id,
            topic=(room or self.board.room()).id,
            user_id=user,
            message_id=message_id,
            text=text,
            files=files,
            edited=edited,
            is_command=is_command,
        )
        await self.desk.said(said)
        return message_id

    async def presses(self, user: int, label: str, *, room: Room | None = None) -> str:
        """Let a member press a button of the card; what is shown over it."""
        card = self.board.card(room)
        pressed = TopicPressed(
            update_id=self.update(),
            group=self.board.state.chat_id,
            topic=card.topic,
            user_id=user,
            message_id=card.id,
            payload=card.payload(label),
        )
        shown = await self.desk.pressed(pressed)
        await self.comes()
        return shown

    async def comes(self, time: timedelta = timedelta()) -> None:
        """Let time pass, and the round come."""
        self.world.clock.move_to(self.world.clock.now() + time)
        await self.world.house.ticks.run("topics")

    async def asks_for_a_person(self, talk: ConversationId) -> None:
        """Let a patient ask for a person."""
        await self.world.writes(talk, "I want to talk to a person please")
        await self.comes()

    def update(self) -> str:
        """The name of the next update."""
        return f"9:{next(self.numbers)}"


async def says(group: Group, talk: ConversationId, words: str) -> None:
    """Let the patient write, and the round come."""
    await group.world.writes(talk, words)
    await group.comes()
