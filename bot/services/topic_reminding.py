"""Reminds of patients nobody has answered in time: in their topic first, then managers by name in the general one.

Invariants: once each until somebody answers; between the two passes time in which the clinic is open; while nobody is
there, nothing but what is urgent.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.opening import open_time_after, staff_back_at
from bot.services.topic_notices import leave_notice, managers
from bot.services.topic_sight import Sight, look
from flows.ids import ConversationId
from storage.records.topics import Topic
from storage.unit_of_work import UnitOfWork

ESCALATED_AFTER = timedelta(minutes=30)
URGENT_AFTER = timedelta(minutes=10)


def remind(uow: UnitOfWork, clinic: Clinic, talks: Iterable[ConversationId], now: datetime) -> Iterator[ConversationId]:
    """Leave the reminders that are due (now: aware UTC); tells the talks that have one."""
    for talk in talks:
        topic = uow.topics.of_conversation(talk)
        sight = None if topic is None or topic.thread_id is None else look(uow, clinic, talk, now)
        if topic is not None and sight is not None and _remind_of(uow, clinic, topic, sight, now):
            yield talk


def _remind_of(uow: UnitOfWork, clinic: Clinic, topic: Topic, sight: Sight, now: datetime) -> bool:
    due_at = sight.due_at
    if sight.is_answered or due_at is None:
        if topic.reminded_at is not None:
            uow.topics.change(topic.id, {"reminded_at": None, "escalated_at": None})
        return False
    if now < due_at or not (sight.is_alarming or staff_back_at(clinic, now) is None):
        return False
    if topic.reminded_at is None:
        values = {"time": due_at.isoformat()}
        called = [sight.holder_id] if sight.holder_id is not None else []
        leave_notice(uow, topic.id, "topic.notice.reminder", now, values=values, called=called)
        uow.topics.change(topic.id, {"reminded_at": now})
        return True
    if topic.escalated_at is None and now >= _escalated_from(clinic, topic.reminded_at, sight):
        values = {"name": sight.card.name, "time": due_at.isoformat()}
        leave_notice(uow, None, "topic.notice.escalated", now, values=values, called=managers(uow))
        uow.topics.change(topic.id, {"escalated_at": now})
        return True
    return False


def _escalated_from(clinic: Clinic, reminded_at: datetime, sight: Sight) -> datetime:
    if sight.is_alarming:
        return reminded_at + URGENT_AFTER
    return open_time_after(clinic, reminded_at, ESCALATED_AFTER)
