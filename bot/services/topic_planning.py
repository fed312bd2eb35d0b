"""Decides what a topic lacks, one call at a time: to be opened, its card, lines, files, texts, title, to be closed.

Invariants: what is decided follows from what is stored alone; a group gets at most twenty calls a minute that make
something appear, the last of them for what is urgent; when they are used up, lines are added to a message by an edit.

Longer than other files: the order of the calls is the one thing it owns, and is read in one piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from bot.services.clinic import Clinic
from bot.services.lines import line_of
from bot.services.ports import OutgoingFile
from bot.services.topic_notices import say_notice
from bot.services.topic_ports import Board, TopicMessage
from bot.services.topic_sight import Sight, look
from bot.services.topic_steps import Note, Nothing, Repeat, Step
from bot.services.topic_times import free_times
from bot.services.topic_words import LONGEST_CAPTION, LONGEST_TEXT, Offered, TopicWords, cut, fitting
from flows.ids import AttachmentId, ConversationId
from storage.errors import KeyErasedError, NotFoundError
from storage.records.talks import Speaker
from storage.records.topics import Post, Topic, UnshownLine
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PostKind, PostState, TopicMenu

A_MINUTE = timedelta(minutes=1)
CALLS_A_MINUTE = 20
"""A group takes about twenty messages a minute, all topics together (core.telegram.org/bots/faq)."""
KEPT_FOR_URGENT = 5
KEPT_FOR_WORDS = 9
"""A title waits while there is less room than this; what was said does not."""
FIRST_LINES = 60
MORE_LINES = 40
FIRST_FILES = 3
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where and when a topic is planned. group: the messenger's id; now: aware UTC."""

    uow: UnitOfWork
    clinic: Clinic
    words: TopicWords
    group: int
    now: datetime


class TopicPlan:
    """The next call for one conversation."""

    def __init__(self, place: Place, conversation_id: ConversationId) -> None:
        """Plan in an open transaction; whoever calls commits."""
        self._place = place
        self._uow = place.uow
        self._talk = conversation_id

    def next_step(self) -> Step | Nothing:
        """Decide the next call, and write it down."""
        topic, sight = self._uow.topics.of_conversation(self._talk), self._look()
        if sight is None:
            return Nothing.DONE if topic is None else self._delete(topic)
        if topic is None or topic.thread_id is None or topic.chat_id != self._place.group:
            return self._open(sight) if sight.is_wanted else Nothing.DONE
        if topic.closed and not sight.is_wanted:
            return Nothing.DONE
        return self._in_step(topic, topic.thread_id, sight)

    def look_for(self) -> Step | Nothing:
        """Edit the card of a patient who waits as it stands: only so is it found out that the topic was deleted."""
        topic, sight = self._uow.topics.of_conversation(self._talk), self._look()
        if topic is None or topic.card_id is None or topic.closed or topic.chat_id != self._place.group:
            return Nothing.DONE
        if sight is None or sight.is_answered:
            return Nothing.DONE
        card = self._card(topic, sight)
        return self._edit_card(topic, topic.card_id, card, self._uow.topics.mark_of(repr(card)))

    def _in_step(self, topic: Topic, thread: int, sight: Sight) -> Step | Nothing:
        notices = [post for post in self._queued() if post.topic_id == topic.id]
        lines = self._unshown(topic)
        card = self._card(topic, sight)
        mark = self._uow.topics.mark_of(repr(card))
        if topic.closed:
            # A person closed it, or we did: it is opened again once there is something to say in it.
            return self._reopen(topic, thread) if lines or notices or topic.card != mark else Nothing.DONE
        if topic.card_id is None:
            return self._post_card(topic, thread, card, sight)
        if lines:
            return self._show_lines(topic, thread, lines, sight)
        if notices:
            return self._post_notice(thread, notices[0], sight)
        if topic.card != mark:
            return self._edit_card(topic, topic.card_id, card, mark)
        face = self._place.words.face(sight)
        if topic.face != self._uow.topics.mark_of(face.mark):
            return self._show_face(topic, thread, sight)
        return Nothing.DONE if sight.is_wanted else self._close(topic, thread)

    def _look(self) -> Sight | None:
        return look(self._uow, self._place.clinic, self._talk, self._place.now)

    def _queued(self) -> list[Post]:
        return [post for post in self._uow.topic_posts.not_over(200) if post.state is PostState.QUEUED]

    def _unshown(self, topic: Topic) -> list[UnshownLine]:
        posts = self._uow.topic_posts
        if topic.since is None:
            return posts.last_unshown(self._talk, topic.id, since=THE_BEGINNING, limit=FIRST_LINES)
        return posts.next_unshown(self._talk, topic.id, since=topic.since, limit=MORE_LINES)

    def _card(self, topic: Topic, sight: Sight) -> TopicMessage:
        asked = topic.menu is TopicMenu.TIMES and topic.menu_until is not None and self._place.now < topic.menu_until
        times = free_times(self._uow, self._place.clinic, self._talk, self._place.now) if asked else None
        return self._place.words.card(sight, Offered(topic_id=topic.id, times=times, uncertain=topic.uncertain))

    def _has_room(self, sight: Sight, kept: int = KEPT_FOR_URGENT) -> bool:
        return has_room(self._place, 0 if sight.is_urgent else kept)

    def _open(self, sight: Sight) -> Step | Nothing:
        if not self._has_room(sight):
            return Nothing.FULL
        place, group = self._place, self._place.group
        topic = self._uow.topics.begin(self._talk, group, now=place.now)
        face = place.words.face(sight)
        mark, state, title = self._uow.topics.mark_of(face.mark), face.state, face.title
        post_id = self._uow.topic_posts.begin(topic.id, PostKind.TOPIC, now=place.now)

        async def call(board: Board) -> int:
            return await board.open_topic(group, title, state)

        def note(uow: UnitOfWork, thread: int | None) -> None:
            uow.topics.change(topic.id, {"thread_id": thread, "face": mark})
            uow.topic_posts.posted(post_id, None)

        return Step(topic_id=topic.id, post_id=post_id, repeat=Repeat.NEVER, call=call, note=note)

    def _post_card(self, topic: Topic, thread: int, card: TopicMessage, sight: Sight) -> Step | Nothing:
        mark = self._uow.topics.mark_of(repr(card))

        def note(uow: UnitOfWork, message_id: int | None) -> None:
            uow.topics.change(topic.id, {"card_id": message_id, "card": mark})

        return self._post(topic, thread, PostKind.CARD, card, sight, note)

    def _edit_card(self, topic: Topic, card_id: int, card: TopicMessage, mark: bytes) -> Step:
        group = self._place.group

        async def call(board: Board) -> None:
            await board.edit(group, card_id, card)

        def note(uow: UnitOfWork, _result: int | None) -> None:
            uow.topics.change(topic.id, {"card": mark})

        return Step(topic_id=topic.id, post_id=None, repeat=Repeat.FREELY, call=call, note=note, given_up=note)

    def _show_face(self, topic: Topic, thread: int, sight: Sight) -> Step | Nothing:
        if not self._has_room(sight, KEPT_FOR_WORDS):
            return Nothing.FULL
        face, group = self._place.words.face(sight), self._place.group
        mark = self._uow.topics.mark_of(face.mark)
        post_id = self._uow.topic_posts.begin(topic.id, PostKind.FACE, now=self._place.now)

        async def call(board: Board) -> None:
            await board.show_state(group, thread, face.title, face.state)

        def note(uow: UnitOfWork, _result: int | None) -> None:
            uow.topics.change(topic.id, {"face": mark})
            uow.topic_posts.posted(post_id, None)

        return Step(topic_id=topic.id, post_id=post_id, repeat=Repeat.FREELY, call=call, note=note, given_up=note)

    def _show_lines(self, topic: Topic, thread: int, lines: Sequence[UnshownLine], sight: Sight) -> Step | Nothing:
        if topic.since is None:
            return self._show_the_talk_so_far(topic, thread, lines, sight)
        if _file_of(lines[0]) is not None:
            return self._post_file(topic, thread, lines[0], sight)
        plain = list(takewhile(lambda line: _file_of(line) is None, lines))
        texts = [self._worded(line, sight) for line in plain]
        shown = self._last_shown(topic)
        quiet = all(line.line.speaker is not Speaker.PATIENT for line in plain)
        if shown is not None and (quiet or not self._has_room(sight)):
            before = self._uow.topic_posts.lines_of(self._talk, topic.id, shown.id)
            there = [self._worded(line, sight) for line in before]
            count = fitting([*there, *texts]) - len(there)
            if there and count > 0:
                return self._add_lines(topic, shown, "\n".join([*there, *texts[:count]]), plain[:count])
        count = fitting(texts)
        message = TopicMessage(text=cut("\n".join(texts[:count]), LONGEST_TEXT), quiet=quiet)
        return self._post(topic, thread, PostKind.LINES, message, sight, lines=plain[:count])

    def _show_the_talk_so_far(
        self, topic: Topic, thread: int, lines: Sequence[UnshownLine], sight: Sight
    ) -> Step | Nothing:
        texts = [self._worded(line, sight) for line in lines]
        earlier = self._place.words.say("topic.line.earlier")
        count = fitting(reversed(texts), LONGEST_TEXT - len(earlier) - 1)
        left_out, kept = lines[:-count], lines[-count:]
        head = [earlier] if left_out or len(lines) == FIRST_LINES else []
        message = TopicMessage(text=cut("\n".join([*head, *texts[-count:]]), LONGEST_TEXT))
        # The latest files follow by themselves; of earlier ones the talk says that they were sent.
        follow = [line for line in kept if _file_of(line) is not None][-FIRST_FILES:]
        step = self._post(
            topic, thread, PostKind.LINES, message, sight, lines=[line for line in kept if line not in follow]
        )
        if isinstance(step, Step):
            self._uow.topic_posts.show(topic.id, left_out, None)
            # No later than need be: the clock of whoever hears the next line may be behind ours.
            since = lines[0].line.at if len(lines) == FIRST_LINES else THE_BEGINNING
            self._uow.topics.change(topic.id, {"since": since})
        return step

    def _last_shown(self, topic: Topic) -> Post | None:
        """The message to which lines can be added: our last, with nothing that staff wrote below it."""
        last = self._uow.topic_posts.last_in(topic.id)
        if last is None or last.kind is not PostKind.LINES or last.state is not PostState.POSTED:
            return None
        return last if (last.message_id or 0) > self._uow.topic_posts.last_written(topic.id) else None

    def _add_lines(self, topic: Topic, shown: Post, text: str, lines: Sequence[UnshownLine]) -> Step:
        self._uow.topic_posts.again(shown.id)
        self._uow.topic_posts.show(topic.id, lines, shown.id)
        return edit_lines(self._place, shown, text)

    def _post_file(self, topic: Topic, thread: int, line: UnshownLine, sight: Sight) -> Step | Nothing:
        caption = self._worded(line, sight)
        try:
            kept = self._uow.attachments.get(_file_of(line) or AttachmentId(0))
        except (NotFoundError, KeyErasedError):
            return self._post(topic, thread, PostKind.LINES, TopicMessage(text=caption), sight, lines=[line])
        file = OutgoingFile(name=kept.name or kept.kind.value, media_type=kept.media_type, content=kept.content)
        message = TopicMessage(text=cut(caption, LONGEST_CAPTION), file=file)
        return self._post(topic, thread, PostKind.FILE, message, sight, lines=[line])

    def _post(
        self,
        topic: Topic,
        thread: int,
        kind: PostKind,
        message: TopicMessage,
        sight: Sight,
        note: Note | None = None,
        *,
        lines: Sequence[UnshownLine] = (),
    ) -> Step | Nothing:
        if not self._has_room(sight):
            return Nothing.FULL
        group = self._place.group
        post_id = self._uow.topic_posts.begin(topic.id, kind, now=self._place.now)
        self._uow.topic_posts.show(topic.id, lines, post_id)

        async def call(board: Board) -> int:
            return await board.post(group, thread, message)

        def posted(uow: UnitOfWork, message_id: int | None) -> None:
            uow.topic_posts.posted(post_id, message_id)
            if note is not None:
                note(uow, message_id)

        return Step(topic_id=topic.id, post_id=post_id, repeat=Repeat.NEVER, call=call, note=posted)

    def _post_notice(self, thread: int, post: Post, sight: Sight) -> Step | Nothing:
        if not self._has_room(sight):
            return Nothing.FULL
        return notice_step(self._place, post, thread)

    def _reopen(self, topic: Topic, thread: int) -> Step:
        group = self._place.group

        async def call(board: Board) -> None:
            await board.reopen_topic(group, thread)

        def note(uow: UnitOfWork, _result: int | None) -> None:
            uow.topics.change(topic.id, {"closed": False})

        return Step(topic_id=topic.id, post_id=None, repeat=Repeat.FREELY, call=call, note=note, given_up=note)

    def _close(self, topic: Topic, thread: int) -> Step:
        group = self._place.group

        async def call(board: Board) -> None:
            await board.close_topic(group, thread)

        def note(uow: UnitOfWork, _result: int | None) -> None:
            over = {"closed": True, "uncertain": False, "reminded_at": None, "escalated_at": None}
            uow.topics.change(topic.id, over | {"menu": None, "menu_until": None})

        return Step(topic_id=topic.id, post_id=None, repeat=Repeat.FREELY, call=call, note=note, given_up=note)

    def _delete(self, topic: Topic) -> Step | Nothing:
        """Delete what stands of an erased person."""
        group, thread = topic.chat_id, topic.thread_id
        if thread is None:
            return Nothing.DONE

        async def call(board: Board) -> None:
            await board.delete_topic(group, thread)

        def note(uow: UnitOfWork, _result: int | None) -> None:
            uow.topics.forget_thread(topic.id)

        return Step(topic_id=topic.id, post_id=None, repeat=Repeat.FREELY, call=call, note=note, given_up=note)

    def _worded(self, line: UnshownLine, sight: Sight) -> str:
        shown = line_of(line.line, self._uow.staff.names())
        return self._place.words.line(shown, sight.card.name)


def has_room(place: Place, kept: int) -> bool:
    """Whether the group's minute has room for one more call, with so many kept for others."""
    return place.uow.topic_posts.calls_since(place.now - A_MINUTE) < CALLS_A_MINUTE - kept


def notice_step(place: Place, post: Post, thread: int | None) -> Step | Nothing:
    """The call that posts a queued text; thread None: in the group's general topic, to which it goes as urgent."""
    if thread is None and not has_room(place, 0):
        return Nothing.FULL
    if not place.uow.topic_posts.begin_queued(post.id, now=place.now):
        return Nothing.DONE
    message, group = say_notice(place.uow, place.words, post.body or {}), place.group

    async def call(board: Board) -> int:
        return await board.post(group, thread, message)

    def note(uow: UnitOfWork, message_id: int | None) -> None:
        uow.topic_posts.posted(post.id, message_id)

    return Step(topic_id=post.topic_id, post_id=post.id, repeat=Repeat.NEVER, call=call, note=note)


def edit_lines(place: Place, shown: Post, text: str) -> Step:
    """The call that makes a message of ours show more lines than before; it may be made again."""
    group, message_id = place.group, shown.message_id or 0
    message = TopicMessage(text=cut(text, LONGEST_TEXT))

    async def call(board: Board) -> None:
        await board.edit(group, message_id, message)

    def note(uow: UnitOfWork, _result: int | None) -> None:
        uow.topic_posts.posted(shown.id, None)

    return Step(topic_id=shown.topic_id, post_id=shown.id, repeat=Repeat.FREELY, call=call, note=note)


def redo_edit(place: Place, shown: Post) -> Step | Nothing:
    """The call that finishes an edit which somebody began; DONE: there is nothing left to show."""
    topic = None if shown.topic_id is None else place.uow.topics.get(shown.topic_id)
    sight = None if topic is None else look(place.uow, place.clinic, topic.conversation_id, place.now)
    if topic is None or sight is None or topic.thread_id is None:
        place.uow.topic_posts.posted(shown.id, None)
        return Nothing.DONE
    names = place.uow.staff.names()
    lines = place.uow.topic_posts.lines_of(topic.conversation_id, topic.id, shown.id)
    texts = [place.words.line(line_of(line.line, names), sight.card.name) for line in lines]
    return edit_lines(place, shown, "\n".join(texts))


def _file_of(line: UnshownLine) -> AttachmentId | None:
    """The file of the patient's that came with a line; one of staff's is in the topic already."""
    raw = line.line.body.get("attachment")
    if not isinstance(raw, str) or line.line.speaker is not Speaker.PATIENT or not raw.isdecimal():
        return None
    return AttachmentId(int(raw))
