"""What the buttons in a topic do, for members of the group who may.

Invariants: only whose account belongs to an active member of staff acts; a press has its effect once, however often it
is delivered; what it means is judged by how things stand now, however old the card is.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.services.desk import DeskService
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.topic_attention import TopicAttention
from bot.services.topic_noting import Noting, note_next, noting
from bot.services.topic_parts import TopicParts
from bot.services.topic_payloads import TopicAct, TopicPayload, read_payload
from bot.services.topic_ports import TopicPressed
from bot.services.views import StaffMember
from flows.ids import ConversationId, StaffId, TopicId
from storage.records.topics import Topic
from storage.vocabulary import TopicMenu

TIMES_SHOWN = timedelta(minutes=10)
HERE_SAID: Mapping[str, str] = {"desk.conflict.held": "topic.toast.held"}
"""What is refused on both desks, where there is more to be done about it in a topic."""
NO_MENU: Mapping[str, object] = {"menu": None, "menu_until": None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A button pressed by somebody who may. once: names the update."""

    member: StaffMember
    topic: Topic
    payload: TopicPayload
    once: str

    @property
    def talk(self) -> ConversationId:
        """The conversation it is about."""
        return self.topic.conversation_id


class TopicPressing:
    """Hears presses."""

    def __init__(self, parts: TopicParts, desk: DeskService, attention: TopicAttention) -> None:
        """Lead to the desk."""
        self._parts = parts
        self._desk = desk
        self._attention = attention

    async def pressed(self, pressed: TopicPressed) -> str:
        """Take a press; returns what to show whoever pressed."""
        payload = read_payload(pressed.payload)
        topic = None if payload is None else await self._parts.read(lambda uow: uow.topics.get(payload.topic_id))
        if payload is None or topic is None or topic.chat_id != pressed.group or topic.thread_id is None:
            return self._parts.page()("topic.toast.old")
        member = await self._parts.read(lambda uow: self._parts.member(uow, pressed.user_id))
        if member is None:
            return self._parts.page()("topic.toast.stranger")
        try:
            press = Press(member=member, topic=topic, payload=payload, once=pressed.update_id)
            await self._end_note(press)
            key = await self._acts()[payload.act](press)
        except ConflictError as conflict:
            key = str(conflict.args[0]) if conflict.args else "desk.conflict.changed"
            key = HERE_SAID.get(key, key)
        except NotAllowedError:
            key = "desk.problem.not_allowed"
        self._attention.mark(topic.conversation_id)
        return self._parts.page()(key) if key else ""

    def _acts(self) -> Mapping[TopicAct, Callable[[Press], Awaitable[str]]]:
        return {
            TopicAct.TAKE: self._take,
            TopicAct.HAND_BACK: self._hand_back,
            TopicAct.TIMES: self._times,
            TopicAct.NO_TIMES: self._no_times,
            TopicAct.BOOK: self._book,
            TopicAct.NOTE: self._note_next,
            TopicAct.CALLED: self._called,
            TopicAct.ACKNOWLEDGE: self._acknowledge,
            TopicAct.CLEAR: self._clear,
            TopicAct.CLOSE: self._close,
        }

    async def _take(self, press: Press) -> str:
        await self._desk.take(press.member, press.talk, once=press.once)
        return "desk.done.take"

    async def _hand_back(self, press: Press) -> str:
        await self._desk.hand_back(press.member, press.talk, once=press.once)
        return "desk.done.hand_back"

    async def _times(self, press: Press) -> str:
        until = self._parts.now + TIMES_SHOWN
        await self._change(press.topic.id, {"menu": TopicMenu.TIMES, "menu_until": until})
        return "topic.toast.times"

    async def _no_times(self, press: Press) -> str:
        await self._change(press.topic.id, NO_MENU)
        return ""

    async def _book(self, press: Press) -> str:
        if press.payload.slot is None:
            return "topic.toast.old"
        await self._desk.book(press.member, press.talk, press.payload.slot, once=press.once)
        await self._change(press.topic.id, NO_MENU)
        return "desk.done.book"

    async def _note_next(self, press: Press) -> str:
        staff_id, now = StaffId(press.member.staff_id), self._parts.now
        await self._parts.write(lambda uow: note_next(uow, staff_id, press.topic, now))
        return "topic.toast.note"

    async def _end_note(self, press: Press) -> None:
        """Who presses something else has turned to something else: what they write next is for the patient again."""
        staff_id, now = StaffId(press.member.staff_id), self._parts.now
        if await self._parts.read(lambda uow: noting(uow, staff_id, press.topic, now)) is not Noting.NOT:
            await self._parts.write(lambda uow: uow.staff_accounts.noted(staff_id))

    async def _called(self, press: Press) -> str:
        await self._desk.called(press.member, press.talk, self._parts.page()("topic.note.called"), once=press.once)
        return "topic.toast.still_open" if await self._is_open(press) else "topic.toast.called"

    async def _acknowledge(self, press: Press) -> str:
        await self._desk.acknowledge(press.member, press.talk, once=press.once)
        return "desk.done.acknowledge"

    async def _clear(self, press: Press) -> str:
        await self._desk.clear_freeze(press.member, press.talk, once=press.once)
        return "desk.done.clear"

    async def _close(self, press: Press) -> str:
        await self._desk.close(press.member, press.talk, once=press.once)
        return "topic.toast.still_open" if await self._is_open(press) else "topic.toast.closed"

    async def _is_open(self, press: Press) -> bool:
        """Tell whether something is open still: what a freeze keeps, until somebody who may has cleared it."""
        tickets = await self._parts.read(lambda uow: uow.tickets.of_conversation(press.topic.conversation_id))
        return any(ticket.closed_at is None for ticket in tickets)

    async def _change(self, topic_id: TopicId, values: Mapping[str, object]) -> None:
        await self._parts.write(lambda uow: uow.topics.change(topic_id, values))
