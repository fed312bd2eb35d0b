"""The desk in a forum group: whatever its messenger's adapter and the house tell it goes to the part that knows.

Invariant: a change of a conversation is only marked here; what it means for the group is found at the next round.
"""

from bot.services.desk import DeskService
from bot.services.topic_acting import TopicActing
from bot.services.topic_attention import TopicAttention
from bot.services.topic_links import TopicLinks
from bot.services.topic_parts import TopicParts
from bot.services.topic_ports import (
    GroupChanged,
    GroupLinkAsked,
    StaffLinkAsked,
    TopicChanged,
    TopicPressed,
    TopicSaid,
)
from bot.services.topic_pressing import TopicPressing
from bot.services.topic_sync import TopicSync
from flows.ids import ConversationId


class Bell:
    """The desk `topics`, as the house rings for it: a conversation has changed."""

    def __init__(self, attention: TopicAttention) -> None:
        """Mark what is to be looked at."""
        self._attention = attention

    async def changed(self, conversation_id: int) -> None:
        """Look at it at the next round, which comes within a second: what comes together is shown together."""
        self._attention.mark(ConversationId(conversation_id))


class ForumDesk:
    """The desk in a forum group."""

    def __init__(self, parts: TopicParts, desk: DeskService, attention: TopicAttention) -> None:
        """Put its parts together."""
        self._attention = attention
        self._acting = TopicActing(parts, desk, attention)
        self._pressing = TopicPressing(parts, desk, attention)
        self._links = TopicLinks(parts, attention)
        self._sync = TopicSync(parts, attention)

    async def said(self, said: TopicSaid) -> None:
        """Take what a member wrote into a topic."""
        await self._acting.said(said)

    async def pressed(self, pressed: TopicPressed) -> str:
        """Take a press; returns what to show whoever pressed."""
        return await self._pressing.pressed(pressed)

    async def link_group(self, asked: GroupLinkAsked) -> str:
        """Connect a group by a one-time code; returns what to answer in the group."""
        return await self._links.link_group(asked)

    async def link_staff(self, asked: StaffLinkAsked) -> str:
        """Connect a staff account by a one-time code; returns what to answer."""
        return await self._links.link_staff(asked)

    async def group_changed(self, changed: GroupChanged) -> None:
        """Heed what became of a group."""
        await self._links.group_changed(changed)

    async def topic_changed(self, changed: TopicChanged) -> None:
        """Heed what was done to a topic."""
        await self._links.topic_changed(changed)

    async def sync(self) -> int:
        """Bring topics in step; tells how many calls were made."""
        return await self._sync.sync()
