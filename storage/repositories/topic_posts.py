"""What is posted in the forum group: posts before and after their call, and which lines of a talk a topic shows.

A post is written down before its call; after a crash it is found as one whose outcome nobody knows.

Longer than other files: a post and the lines it shows are written down together, or a crash would tell them apart.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from flows.ids import ConversationId, OutboxId, TopicId
from storage.dialects import inserting
from storage.models import Outgoing, TopicLine, TopicPost, table_of
from storage.models.topics import NOT_OVER
from storage.records.topics import Post, UnshownLine, WrittenThere
from storage.repositories.transcripts import LINES, read_line
from storage.scope import Scope
from storage.sealing import Json, Place
from storage.vocabulary import LineSide, OutboxStatus, PostKind, PostState

_posts = table_of(TopicPost)
_lines = table_of(TopicLine)
_outbox = table_of(Outgoing)
_COLUMNS = ("id", "topic_id", "kind", "state", "message_id", "body", "at")
_READ = select(*(_posts.c[name] for name in _COLUMNS)).where(_posts.c.clinic_id == bindparam("clinic_id"))
_NOT_OVER = _READ.where(NOT_OVER).order_by(_posts.c.id).limit(bindparam("limit"))
_LAST_IN = (
    _READ.where(
        _posts.c.topic_id == bindparam("topic_id"),
        _posts.c.state != PostState.QUEUED,
        _posts.c.kind.not_in((PostKind.TOPIC, PostKind.FACE)),
    )
    .order_by(_posts.c.id.desc())
    .limit(1)
)
_CALLS = select(func.count()).where(
    _posts.c.clinic_id == bindparam("clinic_id"),
    _posts.c.at > bindparam("since", type_=_posts.c.at.type),
    _posts.c.state != PostState.QUEUED,
)
_DOUBTFUL = (OutboxStatus.UNKNOWN, OutboxStatus.FAILED)
_STANDS = and_(
    _lines.c.clinic_id == bindparam("clinic_id"),
    _lines.c.topic_id == bindparam("topic_id"),
    _lines.c.side == LINES.c.side,
    _lines.c.line_id == LINES.c.id,
)
_SPOKEN = select(LINES, _lines.c.line_id.label("stands"), _lines.c.shown).select_from(LINES.outerjoin(_lines, _STANDS))
_UNSHOWN = _SPOKEN.where(
    or_(
        _lines.c.line_id.is_(None),
        and_(LINES.c.status.in_(_DOUBTFUL), _lines.c.shown.is_distinct_from(LINES.c.status)),
    ),
    LINES.c.at >= bindparam("since", type_=LINES.c.at.type),
).limit(bindparam("limit"))
_LAST_UNSHOWN = _UNSHOWN.order_by(LINES.c.at.desc(), LINES.c.id.desc())
_NEXT_UNSHOWN = _UNSHOWN.order_by(LINES.c.at, LINES.c.id)
_OF_POST = _SPOKEN.where(_lines.c.post_id == bindparam("post_id")).order_by(LINES.c.at, LINES.c.id)
_WRITTEN = (
    select(
        _lines.c.line_id.label("outbox_id"), _outbox.c.external_id, func.max(_lines.c.line_id).over().label("latest_id")
    )
    .join_from(_lines, _outbox, (_outbox.c.clinic_id == _lines.c.clinic_id) & (_outbox.c.id == _lines.c.line_id))
    .where(
        _lines.c.clinic_id == bindparam("clinic_id"),
        _lines.c.topic_id == bindparam("topic_id"),
        _lines.c.message_id == bindparam("message_id"),
        _lines.c.side == LineSide.OUTBOX,
    )
    .order_by(_lines.c.line_id)
    .limit(1)
)
_LAST_WRITTEN = select(func.max(_lines.c.message_id)).where(
    _lines.c.clinic_id == bindparam("clinic_id"), _lines.c.topic_id == bindparam("topic_id")
)


@cache
def _stand(dialect: str) -> Executable:
    statement = inserting(dialect, _lines)
    return statement.on_conflict_do_update(
        index_elements=["clinic_id", "topic_id", "side", "line_id"],
        set_={"shown": statement.excluded.shown, "post_id": statement.excluded.post_id},
    )


class TopicPosts:
    """Posts of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def queue(self, topic_id: TopicId | None, body: Mapping[str, Json], *, now: datetime) -> int:
        """Let a text of the desk be posted when there is room; returns its id. body: which text with which values."""
        return self._put(topic_id, PostKind.NOTICE, PostState.QUEUED, now, body=body)

    def begin(self, topic_id: TopicId | None, kind: PostKind, *, now: datetime) -> int:
        """Write down that something is about to be posted; returns its id."""
        return self._put(topic_id, kind, PostState.POSTING, now)

    def begin_queued(self, post_id: int, *, now: datetime) -> bool:
        """Write down that a queued text is about to be posted; False if it is not queued any more."""
        changed = (
            update(_posts)
            .where(self._this(post_id), _posts.c.state == PostState.QUEUED)
            .values(state=PostState.POSTING, at=now)
            .returning(_posts.c.id)
        )
        return self._scope.execute(changed).first() is not None

    def posted(self, post_id: int, message_id: int | None) -> None:
        """Write down that it arrived, under the messenger's id."""
        values: dict[str, object] = {"state": PostState.POSTED, "body": None}
        if message_id is not None:
            values["message_id"] = message_id
        self._scope.execute(update(_posts).where(self._this(post_id)).values(values))

    def unknown(self, post_id: int) -> None:
        """Write down that nobody knows whether it arrived."""
        self._scope.execute(
            update(_posts).where(self._this(post_id)).values({"state": PostState.UNKNOWN, "body": None})
        )

    def undo(self, post_id: int) -> None:
        """Take back what surely did not arrive: its lines are to be posted still. A queued text is queued again."""
        theirs = (_lines.c.clinic_id == self._scope.clinic_id) & (_lines.c.post_id == post_id)
        self._scope.execute(delete(_lines).where(theirs, _lines.c.message_id.is_(None)))
        # What staff wrote there themselves stands there still; only what was said of its delivery does not.
        self._scope.execute(update(_lines).where(theirs).values({"post_id": None, "shown": None}))
        again = (
            update(_posts)
            .where(self._this(post_id), _posts.c.kind == PostKind.NOTICE)
            .values(state=PostState.QUEUED)
            .returning(_posts.c.id)
        )
        if self._scope.execute(again).first() is None:
            self.drop(post_id)

    def drop(self, post_id: int) -> None:
        """Forget a post that never was and never will be."""
        self._scope.execute(delete(_posts).where(self._this(post_id)))

    def again(self, post_id: int) -> None:
        """Write down that a post is about to be edited: after a crash the edit is made once more."""
        self._scope.execute(update(_posts).where(self._this(post_id)).values(state=PostState.POSTING))

    def not_over(self, limit: int) -> list[Post]:
        """Return what is queued, or under way, or was when somebody crashed; the oldest first."""
        rows = self._scope.execute(_NOT_OVER, self._with(limit=limit)).mappings()
        return [self._read(row) for row in rows]

    def kind_of(self, post_id: int) -> PostKind | None:
        """Tell what a post makes appear; None if it is not there."""
        found = select(_posts.c.kind).where(self._this(post_id))
        kind: PostKind | None = self._scope.execute(found).scalar()
        return kind

    def last_in(self, topic_id: TopicId) -> Post | None:
        """Return the latest message we posted in a topic, be it lines, a file or a text."""
        row = self._scope.execute(_LAST_IN, self._with(topic_id=topic_id)).mappings().first()
        return None if row is None else self._read(row)

    def calls_since(self, since: datetime) -> int:
        """Count the calls after an instant (UTC) that made something appear in the group."""
        return int(self._scope.execute(_CALLS, self._with(since=since)).scalar_one())

    def last_unshown(
        self, conversation_id: ConversationId, topic_id: TopicId, *, since: datetime, limit: int
    ) -> list[UnshownLine]:
        """Return the last lines of a talk, from `since` (UTC) on, that its topic does not show; the oldest first.

        Raises NotFoundError, KeyErasedError.
        """
        parameters = {"topic_id": topic_id, "since": since, "limit": limit}
        return self._lines(_LAST_UNSHOWN, conversation_id, parameters)[::-1]

    def next_unshown(
        self, conversation_id: ConversationId, topic_id: TopicId, *, since: datetime, limit: int
    ) -> list[UnshownLine]:
        """Return the first lines of a talk, from `since` (UTC) on, that its topic does not show; else as above."""
        parameters = {"topic_id": topic_id, "since": since, "limit": limit}
        return self._lines(_NEXT_UNSHOWN, conversation_id, parameters)

    def lines_of(self, conversation_id: ConversationId, topic_id: TopicId, post_id: int) -> list[UnshownLine]:
        """Return the lines that one post shows, the oldest first. Raises NotFoundError, KeyErasedError."""
        return self._lines(_OF_POST, conversation_id, {"topic_id": topic_id, "post_id": post_id})

    def show(self, topic_id: TopicId, lines: Iterable[UnshownLine], post_id: int | None) -> None:
        """Remember which post shows these lines, and what it says of their delivery; None: they need not be shown."""
        rows = [
            {
                "clinic_id": self._scope.clinic_id,
                "topic_id": topic_id,
                "side": each.side,
                "line_id": each.line.id,
                "post_id": post_id,
                "shown": each.line.status,
            }
            for each in lines
        ]
        if rows:
            self._scope.execute(_stand(self._scope.connection.dialect.name), rows)

    def written_there(self, topic_id: TopicId, message_id: int, outbox_id: OutboxId) -> None:
        """Remember that staff wrote this in the topic themselves, under the messenger's id."""
        row = {
            "clinic_id": self._scope.clinic_id,
            "topic_id": topic_id,
            "side": LineSide.OUTBOX,
            "line_id": outbox_id,
            "message_id": message_id,
        }
        self._scope.execute(insert(_lines), row)

    def find_written(self, topic_id: TopicId, message_id: int) -> WrittenThere | None:
        """Return what staff wrote in a topic under this id of the messenger, if it went to the patient."""
        row = self._scope.execute(_WRITTEN, self._with(topic_id=topic_id, message_id=message_id)).mappings().first()
        return None if row is None else WrittenThere(**row)

    def last_written(self, topic_id: TopicId) -> int:
        """Return the highest id of a message that staff wrote in a topic; 0: none."""
        return self._scope.execute(_LAST_WRITTEN, self._with(topic_id=topic_id)).scalar() or 0

    def forget_before(self, before: datetime) -> int:
        """Forget posts of texts and titles from before an instant (UTC), even those that never left; returns how many.

        What shows lines is remembered for as long as they are.
        """
        plain = _posts.c.kind.in_((PostKind.FACE, PostKind.NOTICE, PostKind.TOPIC))
        gone = (
            delete(_posts)
            .where(_posts.c.clinic_id == self._scope.clinic_id, plain, _posts.c.at < before)
            .returning(_posts.c.id)
        )
        return len(self._scope.execute(gone).all())

    def _lines(
        self, statement: Executable, conversation_id: ConversationId, parameters: Mapping[str, object]
    ) -> list[UnshownLine]:
        person = self._scope.person(self._scope.whose(conversation_id))
        rows = self._scope.execute(statement, self._with(conversation_id=conversation_id, **parameters)).mappings()
        return [
            UnshownLine(
                side=LineSide(row["side"]),
                line=read_line(row, person),
                in_topic=row["stands"] is not None,
                shown=row["shown"],
            )
            for row in rows
        ]

    def _put(
        self,
        topic_id: TopicId | None,
        kind: PostKind,
        state: PostState,
        now: datetime,
        *,
        body: Mapping[str, Json] | None = None,
    ) -> int:
        post_id = self._scope.ids.next()
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": post_id,
            "topic_id": topic_id,
            "kind": kind,
            "state": state,
            "body": None if body is None else self._scope.sealer.seal(_body_place(post_id), body),
            "at": now,
        }
        self._scope.execute(insert(_posts), row)
        return post_id

    def _read(self, row: RowMapping) -> Post:
        plain = dict(row)
        sealed = plain.pop("body")
        body = None if sealed is None else self._scope.sealer.open(_body_place(row["id"]), sealed)
        return Post(body=cast("Mapping[str, Json] | None", body), **plain)

    def _this(self, post_id: int) -> ColumnElement[bool]:
        return and_(_posts.c.clinic_id == self._scope.clinic_id, _posts.c.id == post_id)

    def _with(self, **parameters: object) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, **parameters}


def _body_place(post_id: int) -> Place:
    return Place("topic_post", "body", post_id)
