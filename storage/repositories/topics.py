"""Topics of the forum group: which conversation each belongs to, how it is shown, which conversations need one."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, bindparam, case, delete, func, insert, select, union, update

from flows.ids import ConversationId, TopicId
from flows.vocabulary import Owner, Urgency
from storage.models import Conversation, PersonKey, Ticket, TopicLine, TopicPost, table_of
from storage.models import Topic as TopicRow
from storage.models.tickets import UNDER_WAY
from storage.records.topics import Topic, TopicStanding
from storage.scope import Scope
from storage.sealing import Lookup
from storage.vocabulary import PostState

_topics = table_of(TopicRow)
_lines = table_of(TopicLine)
_posts = table_of(TopicPost)
_tickets = table_of(Ticket)
_talks = table_of(Conversation)
_keys = table_of(PersonKey)
_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}
_COLUMNS = tuple(column.name for column in _topics.c if column.name not in {"clinic_id", "created_at"})
_READ = select(*(_topics.c[name] for name in _COLUMNS)).where(_topics.c.clinic_id == bindparam("clinic_id"))
_OF_TALK = _READ.where(_topics.c.conversation_id == bindparam("conversation_id"))
_BY_THREAD = _READ.where(_topics.c.chat_id == bindparam("chat_id"), _topics.c.thread_id == bindparam("thread_id"))
_BY_ID = _READ.where(_topics.c.id == bindparam("topic_id"))
_IN_SIGHT = union(
    select(_tickets.c.conversation_id).where(_tickets.c.clinic_id == bindparam("clinic_id"), UNDER_WAY),
    select(_talks.c.id).where(_talks.c.clinic_id == bindparam("clinic_id"), _talks.c.owner == Owner.STAFF),
    select(_topics.c.conversation_id).where(
        _topics.c.clinic_id == bindparam("clinic_id"),
        _topics.c.closed.is_(False),
        _topics.c.thread_id.is_not(None),
    ),
    select(_topics.c.conversation_id)
    .join_from(
        _topics, _talks, (_talks.c.clinic_id == _topics.c.clinic_id) & (_talks.c.id == _topics.c.conversation_id)
    )
    .outerjoin(_keys, (_keys.c.clinic_id == _talks.c.clinic_id) & (_keys.c.patient_id == _talks.c.patient_id))
    .where(
        _topics.c.clinic_id == bindparam("clinic_id"), _topics.c.thread_id.is_not(None), _keys.c.sealed_key.is_(None)
    ),
)
_BY_URGENCY = (
    select(_tickets.c.conversation_id)
    .where(_tickets.c.clinic_id == bindparam("clinic_id"), UNDER_WAY)
    .order_by(case(_RANKS, value=_tickets.c.urgency), _tickets.c.due_at)
)
_OPEN = (_topics.c.clinic_id == bindparam("clinic_id")) & _topics.c.thread_id.is_not(None) & _topics.c.closed.is_(False)
_WAITING = (_posts.c.clinic_id == bindparam("clinic_id")) & (_posts.c.state == PostState.QUEUED)
_STANDING = select(
    select(func.count()).select_from(_topics).where(_OPEN).scalar_subquery().label("open"),
    select(func.count()).select_from(_topics).where(_OPEN, _topics.c.uncertain).scalar_subquery().label("uncertain"),
    select(func.count()).select_from(_posts).where(_WAITING).scalar_subquery().label("waiting"),
)
_FORGOTTEN = {
    **dict.fromkeys(("thread_id", "card_id", "since", "face", "card", "menu", "menu_until")),
    "closed": False,
    "uncertain": False,
}


class TopicRepository:
    """Topics of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of_conversation(self, conversation_id: ConversationId) -> Topic | None:
        """Return the topic of a conversation, if it ever had one."""
        return self._one(_OF_TALK, conversation_id=conversation_id)

    def by_thread(self, chat_id: int, thread_id: int) -> Topic | None:
        """Return the topic that the messenger knows by this id."""
        return self._one(_BY_THREAD, chat_id=chat_id, thread_id=thread_id)

    def get(self, topic_id: TopicId) -> Topic | None:
        """Return a topic."""
        return self._one(_BY_ID, topic_id=topic_id)

    def begin(self, conversation_id: ConversationId, chat_id: int, *, now: datetime) -> Topic:
        """Make the topic of a conversation; it is not opened at the messenger yet. One there is, is forgotten there."""
        known = self.of_conversation(conversation_id)
        if known is None:
            row = {
                "clinic_id": self._scope.clinic_id,
                "id": self._scope.ids.next(),
                "conversation_id": conversation_id,
                "chat_id": chat_id,
                "closed": False,
                "uncertain": False,
                "created_at": now,
            }
            self._scope.execute(insert(_topics), row)
        else:
            self.forget_thread(known.id)
            self.change(known.id, {"chat_id": chat_id})
        found = self.of_conversation(conversation_id)
        if found is None:
            raise LookupError("a topic that was just made is not there")
        return found

    def change(self, topic_id: TopicId, values: Mapping[str, object]) -> None:
        """Change columns of a topic, by their names."""
        self._scope.execute(update(_topics).where(self._this(topic_id)).values(values))

    def forget_thread(self, topic_id: TopicId) -> None:
        """Remember that the messenger has this topic no more: all of it is to be posted into another."""
        self.change(topic_id, _FORGOTTEN)
        self._scope.execute(
            delete(_lines).where(_lines.c.clinic_id == self._scope.clinic_id, _lines.c.topic_id == topic_id)
        )

    def in_sight(self) -> list[ConversationId]:
        """Return the conversations that staff look after, whose topic is open, or is left of an erased person."""
        return list(self._scope.execute(_IN_SIGHT, {"clinic_id": self._scope.clinic_id}).scalars())

    def by_urgency(self) -> list[ConversationId]:
        """Return the conversations with a ticket under way, the most urgent first, then what is due the earliest."""
        return list(dict.fromkeys(self._scope.execute(_BY_URGENCY, {"clinic_id": self._scope.clinic_id}).scalars()))

    def standing(self) -> TopicStanding:
        """Count what is open, uncertain and waiting."""
        row = self._scope.execute(_STANDING, {"clinic_id": self._scope.clinic_id}).mappings().one()
        return TopicStanding(**row)

    def mark_of(self, shown: str) -> bytes:
        """Hash what is shown, so that a change is noticed and nothing of it stored."""
        return self._scope.sealer.lookup(Lookup.SHOWN, shown)

    def _one(self, statement: Executable, **parameters: object) -> Topic | None:
        row = self._scope.execute(statement, {"clinic_id": self._scope.clinic_id, **parameters}).mappings().first()
        return None if row is None else Topic(**row)

    def _this(self, topic_id: TopicId) -> ColumnElement[bool]:
        return (_topics.c.clinic_id == self._scope.clinic_id) & (_topics.c.id == topic_id)
