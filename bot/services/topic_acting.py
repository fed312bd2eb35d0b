"""What members of the group do in a topic: words and files for the patient, notes, changed messages, pressed buttons.

Invariants: only whose account belongs to an active member of staff acts, everybody else is told so politely, once an
hour; what does not reach the patient is said in the topic, never swallowed; each update has its effect once.

Longer than other files: who may act is asked in one place, before anything that can be done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from bot.services.desk import DeskService
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.enclosing import Enclosed
from bot.services.received import LARGEST_FILE, LONGEST_NAME
from bot.services.topic_attention import TopicAttention
from bot.services.topic_notices import leave_notice
from bot.services.topic_payloads import TopicAct, TopicPayload, read_payload
from bot.services.topic_ports import BoardError, BoardRefusedError, StaffFile, TopicPressed, TopicSaid
from bot.services.topic_sync import TopicParts
from bot.services.views import StaffMember
from flows.ids import ConversationId, OutboxId, StaffId, TopicId
from flows.vocabulary import AttachmentKind, Language
from storage.records.attachments import NewAttachment
from storage.records.topics import Topic, WrittenThere
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import TopicMenu

T = TypeVar("T")

NOTE_MARK = "//"
"""What begins so is a note for colleagues."""
REFUSED_AGAIN_AFTER = timedelta(hours=1)
NOTE_WAITS = timedelta(minutes=10)
TIMES_SHOWN = timedelta(minutes=10)
NO_MENU: Mapping[str, object] = {"menu": None, "menu_until": None}
LOAD_SECONDS = 60.0
KINDS: Mapping[str, AttachmentKind] = {
    "image": AttachmentKind.PICTURE,
    "audio": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Here:
    """A topic in which somebody acts. member: who of the staff; None: nobody we know.

    is_noting: their next words are a note. written: what the message said before went to the patient as.
    """

    topic: Topic
    member: StaffMember | None
    is_noting: bool = False
    written: WrittenThere | None = None


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


class TopicActing:
    """Hears members of the group."""

    def __init__(self, parts: TopicParts, desk: DeskService, attention: TopicAttention) -> None:
        """Lead to the desk."""
        self._parts = parts
        self._desk = desk
        self._attention = attention

    async def said(self, said: TopicSaid) -> None:
        """Take what a member wrote into a topic."""
        here = await self._read(lambda uow: self._here(uow, said))
        if here is None:
            return
        if here.member is None:
            await self._refuse(said, here.topic)
        elif said.edited:
            await self._changed(said, here, here.member)
        elif here.is_noting or said.text.startswith(NOTE_MARK):
            await self._note(said, here, here.member)
        elif said.files:
            for place, file in enumerate(said.files):
                await self._file(said, here, here.member, file, place)
        elif said.text.strip():
            await self._pass_on(said, here, here.member, said.update_id, said.text)
        else:
            await self._say(here.topic, "topic.notice.only_words")

    async def pressed(self, pressed: TopicPressed) -> str:
        """Take a press; returns what to show whoever pressed."""
        payload = read_payload(pressed.payload)
        topic = None if payload is None else await self._read(lambda uow: uow.topics.get(payload.topic_id))
        if payload is None or topic is None or topic.chat_id != pressed.group or topic.thread_id is None:
            return self._word("topic.toast.old")
        member = await self._read(lambda uow: self._member(uow, pressed.user_id))
        if member is None:
            return self._word("topic.toast.stranger")
        try:
            press = Press(member=member, topic=topic, payload=payload, once=pressed.update_id)
            key = await self._acts()[payload.act](press)
        except ConflictError as conflict:
            key = str(conflict.args[0]) if conflict.args else "desk.conflict.changed"
        except NotAllowedError:
            key = "desk.problem.not_allowed"
        self._attention.mark(topic.conversation_id)
        return self._word(key) if key else ""

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
        until = self._parts.clock.now() + TIMES_SHOWN
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
        until, staff_id = self._parts.clock.now() + NOTE_WAITS, StaffId(press.member.staff_id)
        await self._write(lambda uow: uow.staff_accounts.note_next(staff_id, press.topic.id, until=until))
        return "topic.toast.note"

    async def _called(self, press: Press) -> str:
        await self._desk.called(press.member, press.talk, self._word("topic.note.called"), once=press.once)
        return "topic.toast.called"

    async def _acknowledge(self, press: Press) -> str:
        await self._desk.acknowledge(press.member, press.talk, once=press.once)
        return "desk.done.acknowledge"

    async def _clear(self, press: Press) -> str:
        await self._desk.clear_freeze(press.member, press.talk, once=press.once)
        return "desk.done.clear"

    async def _close(self, press: Press) -> str:
        await self._desk.close(press.member, press.talk, once=press.once)
        return "topic.toast.closed"

    def _here(self, uow: UnitOfWork, said: TopicSaid) -> Here | None:
        group = uow.desk_groups.get()
        if group is None or group.chat_id != said.group or said.topic is None:
            return None
        topic = uow.topics.by_thread(said.group, said.topic)
        if topic is None:
            return None
        member = self._member(uow, said.user_id)
        if member is None:
            return Here(topic=topic, member=None)
        now = self._parts.clock.now()
        return Here(
            topic=topic,
            member=member,
            is_noting=uow.staff_accounts.is_noting(StaffId(member.staff_id), topic.id, now=now),
            written=uow.topic_posts.find_written(topic.id, said.message_id) if said.edited else None,
        )

    def _member(self, uow: UnitOfWork, user_id: int) -> StaffMember | None:
        staff_id = uow.staff_accounts.whose(user_id)
        if staff_id is None:
            return None
        known = uow.staff.get(staff_id)
        return StaffMember(staff_id=known.id, name=known.name, role=known.role, language=self._language)

    async def _refuse(self, said: TopicSaid, topic: Topic) -> None:
        def work(uow: UnitOfWork) -> None:
            now = self._parts.clock.now()
            if uow.staff_accounts.refuse_once(said.user_id, now=now, again_after=REFUSED_AGAIN_AFTER):
                leave_notice(uow, topic.id, "topic.notice.stranger", now)

        await self._write(work)
        self._attention.mark(topic.conversation_id)

    async def _note(self, said: TopicSaid, here: Here, member: StaffMember) -> None:
        words = said.text.removeprefix(NOTE_MARK)
        await self._desk.note(member, here.topic.conversation_id, words, once=said.update_id)
        if here.is_noting:
            await self._write(lambda uow: uow.staff_accounts.noted(StaffId(member.staff_id)))
        self._attention.mark(here.topic.conversation_id)

    async def _changed(self, said: TopicSaid, here: Here, member: StaffMember) -> None:
        """Let the patient's message read as the member's reads now."""
        if said.text.startswith(NOTE_MARK):
            await self._note(said, here, member)
        elif here.written is None:
            await self._say(here.topic, "topic.notice.not_changed")
        elif said.text.strip() and not said.files:
            await self._pass_on(said, here, member, said.update_id, said.text, edits=here.written.external_id)

    async def _file(self, said: TopicSaid, here: Here, member: StaffMember, file: StaffFile, place: int) -> None:
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                content = await self._parts.board.load(file.file_id)
        except BoardRefusedError:
            await self._say(here.topic, "topic.notice.file_too_large")
            return
        except (BoardError, TimeoutError):
            await self._say(here.topic, "topic.notice.file_failed")
            return
        if len(content) > LARGEST_FILE:
            await self._say(here.topic, "topic.notice.file_too_large")
            return
        kept = NewAttachment(
            kind=KINDS.get(file.media_type.partition("/")[0], AttachmentKind.DOCUMENT),
            name=file.name[:LONGEST_NAME],
            media_type=file.media_type[:LONGEST_NAME],
            content=content,
        )
        caption = said.text if place == 0 else ""
        await self._pass_on(said, here, member, f"{said.update_id}:{place}", caption, file=kept)

    async def _pass_on(
        self,
        said: TopicSaid,
        here: Here,
        member: StaffMember,
        update_id: str,
        text: str,
        *,
        file: NewAttachment | None = None,
        edits: str | None = None,
    ) -> None:
        topic = here.topic

        def left(uow: UnitOfWork, outbox_id: OutboxId) -> None:
            uow.topic_posts.written_there(topic.id, said.message_id, outbox_id)

        enclosed = Enclosed(file=file, edits=edits, left=left)
        try:
            await self._desk.answer(member, topic.conversation_id, update_id, text, enclosed=enclosed)
        except ConflictError as conflict:
            key = str(conflict.args[0]) if conflict.args else "desk.conflict.changed"
            await self._say(topic, "topic.notice.not_sent", reason=self._word(key))
        self._attention.mark(topic.conversation_id)

    async def _say(self, topic: Topic, key: str, **values: str) -> None:
        now = self._parts.clock.now()
        await self._write(lambda uow: leave_notice(uow, topic.id, key, now, values=values))
        self._attention.mark(topic.conversation_id)

    async def _change(self, topic_id: TopicId, values: Mapping[str, object]) -> None:
        await self._write(lambda uow: uow.topics.change(topic_id, values))

    def _word(self, key: str) -> str:
        return self._parts.words.page(self._language, self._parts.clock.now())(key)

    @property
    def _language(self) -> Language:
        return self._parts.clinic.settings.clinic.language

    async def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._parts.database.read(self._parts.clinic.id, work)

    async def _write(self, work: Callable[[UnitOfWork], T]) -> T:
        def kept(uow: UnitOfWork) -> T:
            done = work(uow)
            uow.commit()
            return done

        return await self._parts.database.write(self._parts.clinic.id, kept)
