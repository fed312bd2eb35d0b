"""What members of the group write in a topic: words and files for the patient, notes, changed messages.

Invariants: only whose account belongs to an active member of staff acts, everybody else is told so politely, in each
topic, and again after some minutes; what does not reach the patient is said in the topic, never swallowed; each update
has its effect once; whoever writes to the patient has the chat from then on, and from whom they took it is said in the
topic.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.services.desk import DeskService
from bot.services.desk_ports import ConflictError
from bot.services.enclosing import Enclosed, enclosed_file
from bot.services.received import LARGEST_FILE, LONGEST_NAME
from bot.services.topic_attention import TopicAttention
from bot.services.topic_notices import leave_notice
from bot.services.topic_noting import Noting, noting
from bot.services.topic_parts import TopicParts
from bot.services.topic_ports import BoardError, BoardRefusedError, StaffFile, TopicSaid
from bot.services.views import StaffMember
from flows.ids import OutboxId, StaffId
from flows.vocabulary import AttachmentKind
from storage.errors import KeyErasedError, NotFoundError
from storage.records.attachments import NewAttachment
from storage.records.topics import Topic, WrittenThere
from storage.unit_of_work import UnitOfWork

NOTE_MARK = "//"
"""What begins so is a note for colleagues."""
REFUSED_AGAIN_AFTER = timedelta(minutes=5)
LOAD_SECONDS = 60.0
KINDS: Mapping[str, AttachmentKind] = {
    "image": AttachmentKind.PICTURE,
    "audio": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Here:
    """A topic in which somebody acts. member: who of the staff; None: nobody we know.

    noting: what their next words are. written: what the message said before went to the patient as. reads: how it
    reads there.
    """

    topic: Topic
    member: StaffMember | None
    noting: Noting = Noting.NOT
    written: WrittenThere | None = None
    reads: str = ""


class TopicActing:
    """Hears what members of the group write."""

    def __init__(self, parts: TopicParts, desk: DeskService, attention: TopicAttention) -> None:
        """Lead to the desk."""
        self._parts = parts
        self._desk = desk
        self._attention = attention

    async def said(self, said: TopicSaid) -> None:
        """Take what a member wrote into a topic."""
        here = await self._parts.read(lambda uow: self._here(uow, said))
        if here is None:
            return
        if here.member is None:
            await self._refuse(said, here.topic)
        elif said.is_command and here.noting is not Noting.ASKED:
            await self._say(here.topic, "topic.notice.unknown_command")
        elif said.edited:
            await self._changed(said, here, here.member)
        elif here.noting is Noting.ASKED or said.text.startswith(NOTE_MARK):
            await self._note(said, here, here.member)
        elif here.noting is Noting.RAN_OUT:
            await self._hold_back(here, here.member)
        elif said.files:
            for place, file in enumerate(said.files):
                await self._file(said, here, here.member, file, place)
        elif said.text.strip():
            await self._pass_on(said, here, here.member, said.update_id, said.text)
        else:
            await self._say(here.topic, "topic.notice.only_words")

    def _here(self, uow: UnitOfWork, said: TopicSaid) -> Here | None:
        group = uow.desk_groups.get()
        if group is None or group.chat_id != said.group or said.topic is None:
            return None
        topic = uow.topics.by_thread(said.group, said.topic)
        if topic is None:
            return None
        member = self._parts.member(uow, said.user_id)
        if member is None:
            return Here(topic=topic, member=None)
        now = self._parts.now
        written = uow.topic_posts.find_written(topic.id, said.message_id) if said.edited else None
        return Here(
            topic=topic,
            member=member,
            # The button asks for new words: what changes older ones is judged by what became of those.
            noting=Noting.NOT if said.edited else noting(uow, StaffId(member.staff_id), topic, now),
            written=written,
            reads=_text_of(uow, topic, written),
        )

    async def _refuse(self, said: TopicSaid, topic: Topic) -> None:
        def work(uow: UnitOfWork) -> None:
            now = self._parts.now
            if uow.staff_accounts.refuse_once(said.user_id, topic.id, now=now, again_after=REFUSED_AGAIN_AFTER):
                leave_notice(uow, topic.id, "topic.notice.stranger", now)

        await self._parts.write(work)
        self._attention.mark(topic.conversation_id)

    async def _note(self, said: TopicSaid, here: Here, member: StaffMember) -> None:
        words = said.text.removeprefix(NOTE_MARK)
        if here.noting is Noting.ASKED and not words.strip():
            await self._say(here.topic, "topic.notice.note_words")
            return
        await self._desk.note(member, here.topic.conversation_id, words, once=said.update_id)
        if here.noting is Noting.ASKED:
            await self._parts.write(lambda uow: uow.staff_accounts.noted(StaffId(member.staff_id)))
            await self._say(here.topic, "topic.notice.noted")
        self._attention.mark(here.topic.conversation_id)

    async def _hold_back(self, here: Here, member: StaffMember) -> None:
        """Say that the note that was asked for had run out: whether this was for the patient only its writer knows."""
        await self._parts.write(lambda uow: uow.staff_accounts.noted(StaffId(member.staff_id)))
        await self._say(here.topic, "topic.notice.note_ran_out")

    async def _changed(self, said: TopicSaid, here: Here, member: StaffMember) -> None:
        """Let the patient's message read as the member's reads now."""
        if said.text.startswith(NOTE_MARK):
            await self._note(said, here, member)
            if here.written is not None:
                await self._say(here.topic, "topic.notice.note_instead")
        elif here.written is None:
            await self._say(here.topic, "topic.notice.not_changed")
        elif said.files and not await self._is_the_same_file(said.files[0], here.topic, here.written):
            await self._say(here.topic, "topic.notice.other_file")
        elif said.text.strip() not in {"", here.reads}:
            # That a message was changed says not that a word of it was.
            await self._pass_on(said, here, member, said.update_id, said.text, edits=here.written.external_id)

    async def _is_the_same_file(self, file: StaffFile, topic: Topic, written: WrittenThere) -> bool:
        """Whether the patient has this very file; False, too, where that cannot be told."""
        sent = await self._parts.read(lambda uow: _file_of(uow, topic, written))
        if sent is None:
            return False
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                return await self._parts.board.load(file.file_id) == sent
        except (BoardError, TimeoutError):
            return False

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

        def taken_from(uow: UnitOfWork, holder_id: StaffId) -> None:
            names = {"name": member.name, "holder": uow.staff.get(holder_id).name}
            leave_notice(uow, topic.id, "topic.notice.taken_over", self._parts.now, values=names)

        enclosed = Enclosed(file=file, edits=edits, left=left)
        try:
            await self._desk.answer(
                member, topic.conversation_id, update_id, text, enclosed=enclosed, taken_from=taken_from
            )
        except ConflictError as conflict:
            key = str(conflict.args[0]) if conflict.args else "desk.conflict.changed"
            await self._say(topic, "topic.notice.not_sent", reason=self._parts.page()(key))
        self._attention.mark(topic.conversation_id)

    async def _say(self, topic: Topic, key: str, **values: str) -> None:
        now = self._parts.now
        await self._parts.write(lambda uow: leave_notice(uow, topic.id, key, now, values=values))
        self._attention.mark(topic.conversation_id)


def _text_of(uow: UnitOfWork, topic: Topic, written: WrittenThere | None) -> str:
    if written is None:
        return ""
    try:
        body = uow.outbox.body(written.latest_id, topic.conversation_id)
    except KeyErasedError:
        return ""
    return "" if body is None else str(body.get("text", ""))


def _file_of(uow: UnitOfWork, topic: Topic, written: WrittenThere) -> bytes | None:
    """What the file held with which a message left; None if it had none, or it is kept no more."""
    try:
        file = enclosed_file(uow, uow.outbox.body(written.outbox_id, topic.conversation_id) or {})
    except (KeyErasedError, NotFoundError):
        return None
    return None if file is None else file.content
