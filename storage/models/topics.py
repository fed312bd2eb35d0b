"""Tables of the desk in a messenger's forum group: the group, staff's accounts, topics, what was posted there.

Whatever is to be posted is written down before it is, so that a crash neither repeats nor loses it.
"""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from flows.ids import ClinicId, ConversationId, StaffId, TopicId
from storage.models.base import SMALL_ROWS, Row, of_clinic, refers
from storage.types import Id, KeyedHash, Sealed, UtcInstant, one_of
from storage.vocabulary import GroupProblem, LineSide, OutboxStatus, PostKind, PostState, TopicMenu

NOT_OVER = text("state IN ('queued', 'posting')")


class DeskGroup(Row, table=True):
    """The forum group of a clinic, and who posts into it at the moment. chat_id: the messenger's id of it.

    problem: why nothing can be posted. busy_until: until when the messenger asked to wait.
    """

    __tablename__ = "desk_group"
    __table_args__ = (of_clinic(), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    chat_id: int = Field(sa_type=Id)
    title: str = Field(max_length=255)
    linked_at: datetime = Field(sa_type=UtcInstant)
    problem: GroupProblem | None = Field(default=None, sa_type=one_of(GroupProblem))
    problem_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    busy_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    lease_token: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UtcInstant)


class DeskCode(Row, table=True):
    """A code that connects a group, once; only its keyed hash is stored."""

    __tablename__ = "desk_code"
    __table_args__ = (of_clinic(), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    token_hash: bytes = Field(primary_key=True, sa_type=KeyedHash)
    expires_at: datetime = Field(sa_type=UtcInstant)
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class StaffAccount(Row, table=True):
    """The messenger's account of a member of staff; user: its id, sealed. noting: their next words there are a note."""

    __tablename__ = "staff_account"
    __table_args__ = (refers("staff_id", "staff"), UniqueConstraint("clinic_id", "lookup"), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    staff_id: StaffId = Field(primary_key=True, sa_type=Id)
    lookup: bytes = Field(sa_type=KeyedHash)
    user: bytes = Field(sa_type=Sealed)
    linked_at: datetime = Field(sa_type=UtcInstant)
    noting: TopicId | None = Field(default=None, sa_type=Id)
    noting_until: datetime | None = Field(default=None, sa_type=UtcInstant)


class RefusedAccount(Row, table=True):
    """An account that is nobody's of the staff and was told so; at: when (UTC)."""

    __tablename__ = "refused_account"
    __table_args__ = (of_clinic(), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    lookup: bytes = Field(primary_key=True, sa_type=KeyedHash)
    at: datetime = Field(sa_type=UtcInstant)


class Topic(Row, table=True):
    """The topic of a conversation. thread_id, card_id: the messenger's ids; None: not there (any more).

    since: earlier lines are not posted. face, card: keyed hashes of the title with its icon and of the card that are
    shown. closed: it is closed at the messenger. uncertain: of something posted there nobody knows whether it arrived.
    """

    __tablename__ = "topic"
    __table_args__ = (
        refers("conversation_id", "conversation"),
        UniqueConstraint("clinic_id", "conversation_id"),
        Index(None, "clinic_id", "chat_id", "thread_id"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: TopicId = Field(primary_key=True, sa_type=Id)
    conversation_id: ConversationId = Field(sa_type=Id)
    chat_id: int = Field(sa_type=Id)
    thread_id: int | None = Field(default=None, sa_type=Id)
    card_id: int | None = Field(default=None, sa_type=Id)
    since: datetime | None = Field(default=None, sa_type=UtcInstant)
    face: bytes | None = Field(default=None, sa_type=KeyedHash)
    card: bytes | None = Field(default=None, sa_type=KeyedHash)
    closed: bool = False
    uncertain: bool = False
    menu: TopicMenu | None = Field(default=None, sa_type=one_of(TopicMenu))
    menu_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    escalated_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    created_at: datetime = Field(sa_type=UtcInstant)


class TopicPost(Row, table=True):
    """A call that makes something appear in the group; topic_id None: in the general topic.

    message_id: the messenger's, once it is known. body: which text of the desk with which values, sealed with the
    clinic's key; None for what is made of other rows.
    """

    __tablename__ = "topic_post"
    __table_args__ = (
        of_clinic(),
        refers("topic_id", "topic"),
        Index(None, "clinic_id", "at"),
        Index(None, "clinic_id", "topic_id", "id"),
        Index("ix_topic_post_not_over", "clinic_id", "id", sqlite_where=NOT_OVER, postgresql_where=NOT_OVER),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    topic_id: TopicId | None = Field(default=None, sa_type=Id)
    kind: PostKind = Field(sa_type=one_of(PostKind))
    state: PostState = Field(sa_type=one_of(PostState))
    message_id: int | None = Field(default=None, sa_type=Id)
    body: bytes | None = Field(default=None, sa_type=Sealed)
    at: datetime = Field(sa_type=UtcInstant)


class TopicLine(Row, table=True):
    """A line of the talk that stands in the topic: posted by us, or (message_id) written there by staff.

    side, line_id: the row it is. shown: what was said of its delivery.
    """

    __tablename__ = "topic_line"
    __table_args__ = (
        refers("topic_id", "topic"),
        Index(None, "clinic_id", "topic_id", "message_id"),
        Index(None, "clinic_id", "post_id"),
        SMALL_ROWS,
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    topic_id: TopicId = Field(primary_key=True, sa_type=Id)
    side: LineSide = Field(primary_key=True, sa_type=one_of(LineSide))
    line_id: int = Field(primary_key=True, sa_type=Id)
    post_id: int | None = Field(default=None, sa_type=Id)
    message_id: int | None = Field(default=None, sa_type=Id)
    shown: OutboxStatus | None = Field(default=None, sa_type=one_of(OutboxStatus))
