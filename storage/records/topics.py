"""The desk in a forum group as code sees it: the group, topics, what is to be posted or was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.ids import ConversationId, OutboxId, TopicId
from storage.records.talks import TranscriptLine
from storage.sealing import Json
from storage.vocabulary import GroupProblem, LineSide, OutboxStatus, PostKind, PostState, TopicMenu


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskGroup:
    """The linked group. chat_id: the messenger's id. busy_until: until when it asked us to wait. Instants aware UTC."""

    chat_id: int
    title: str
    linked_at: datetime
    problem: GroupProblem | None
    problem_at: datetime | None
    busy_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A topic; as the table describes it."""

    id: TopicId
    conversation_id: ConversationId
    chat_id: int
    thread_id: int | None
    card_id: int | None
    since: datetime | None
    face: bytes | None
    card: bytes | None
    closed: bool
    uncertain: bool
    menu: TopicMenu | None
    menu_until: datetime | None
    reminded_at: datetime | None
    escalated_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicStanding:
    """How many topics are open, of how many it is not known whether all of them arrived, how many texts wait."""

    open: int
    uncertain: int
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A call that makes something appear. body: which text with which values; None for what is made of other rows."""

    id: int
    topic_id: TopicId | None
    kind: PostKind
    state: PostState
    message_id: int | None
    body: Mapping[str, Json] | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class UnshownLine:
    """A line of a talk that its topic does not show, or whose delivery has become doubtful since it does.

    shown: what the topic says of its delivery. in_topic: the line itself stands there.
    """

    side: LineSide
    line: TranscriptLine
    in_topic: bool
    shown: OutboxStatus | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenThere:
    """What staff wrote in a topic, as it left for the patient; external_id: the channel's id, once it is known.

    latest_id: the message by which it was changed last, or the same.
    """

    outbox_id: OutboxId
    external_id: str | None
    latest_id: OutboxId
