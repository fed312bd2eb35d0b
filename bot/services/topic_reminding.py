"""Reminds of patients who wait for staff too long: in their topic first, then managers by name in the general one.

Invariants: once each for each wait; how long somebody waits is counted while the clinic is open, and while it is not,
nobody is reminded of anything but an alert that no one has seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.held import STAFF_LEASE
from bot.services.talk import read_talk
from bot.services.tickets import NOW_MINUTES
from bot.services.topic_notices import leave_notice, managers
from bot.services.topic_sight import Sight, look
from flows.ids import ConversationId
from flows.vocabulary import Urgency
from storage.records.topics import Topic
from storage.unit_of_work import UnitOfWork

UNSEEN_FOR = timedelta(minutes=5)
"""So long an alert may go unseen, at any hour, before its topic reminds of it."""
UNSEEN_AFTER_REMINDER = timedelta(minutes=10)
SILENT_FOR = timedelta(minutes=30)
"""So much opening time a patient whose chat a colleague holds waits before the colleague is reminded."""
UNANSWERED_AFTER_REMINDER = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """A wait for staff: since when, and from when on it is too long (UTC). alert: it counts at any hour."""

    since: datetime
    too_long_at: datetime
    alert: bool


def remind(uow: UnitOfWork, clinic: Clinic, talks: Iterable[ConversationId], now: datetime) -> Iterator[ConversationId]:
    """Leave the reminders that are due (now: aware UTC); tells the talks that have one."""
    for talk in talks:
        topic = uow.topics.of_conversation(talk)
        sight = None if topic is None or topic.thread_id is None else look(uow, clinic, talk, now)
        if topic is None or sight is None:
            continue
        wait = wait_of(sight, _unanswered_since(uow, sight, now), clinic)
        if wait is not None and _remind_of(uow, clinic, topic, sight, wait, now):
            yield talk


def wait_of(sight: Sight, unanswered_since: datetime | None, clinic: Clinic) -> Wait | None:
    """Tell how long the patient waits for staff; None while they do not.

    unanswered_since: by the colleague who holds the chat (UTC); None: nobody holds it.
    """
    if sight.is_answered:
        return None
    alerts = [each.due_at for each in sight.tickets if each.urgency is Urgency.NOW and not each.acknowledged]
    if alerts:
        since = min(alerts) - NOW_MINUTES
        return Wait(since=since, too_long_at=since + UNSEEN_FOR, alert=True)
    if unanswered_since is not None:
        too_long_at = clinic.opening_hours.after(unanswered_since, SILENT_FOR)
        return Wait(since=unanswered_since, too_long_at=too_long_at, alert=False)
    pressing = min(sight.tickets, key=lambda each: each.due_at, default=None)
    if pressing is None:
        return None
    return Wait(since=pressing.opened_at, too_long_at=pressing.due_at, alert=False)


def _unanswered_since(uow: UnitOfWork, sight: Sight, now: datetime) -> datetime | None:
    """Since when the patient waits for the colleague who holds the chat (UTC); None: nobody holds it.

    From their first word after the colleague's last one; else from when the chat was taken, which is when those wait
    from who had waited before. What they write on does not begin another wait.
    """
    held = uow.conversations.snapshot(sight.conversation_id, now=now)
    # A lease that is over is about to end, and tells no more when the chat was taken: who has left was let go early.
    if not sight.staff_speaks or held.lease_until is None or held.lease_until <= now:
        return None
    taken = held.lease_until - STAFF_LEASE
    if not read_talk(held).staff_spoke and any(ticket.opened_at <= taken for ticket in sight.tickets):
        return taken
    return uow.conversations.unanswered_since(sight.conversation_id, taken) or taken


def _remind_of(uow: UnitOfWork, clinic: Clinic, topic: Topic, sight: Sight, wait: Wait, now: datetime) -> bool:
    if now < wait.too_long_at or not (wait.alert or clinic.opening_hours.next_opening(now) is None):
        return False
    values = {"time": wait.since.isoformat()}
    if topic.reminded_at is None or topic.reminded_at < wait.since:
        holder = [sight.holder_id] if sight.holder_id is not None else []
        leave_notice(uow, topic.id, "topic.notice.reminder", now, values=values, called=holder)
        uow.topics.change(topic.id, {"reminded_at": now, "escalated_at": None})
        return True
    if topic.escalated_at is None and now >= _escalated_from(clinic, topic.reminded_at, wait):
        named = values | {"name": sight.card.name}
        leave_notice(uow, None, "topic.notice.escalated", now, values=named, called=managers(uow))
        uow.topics.change(topic.id, {"escalated_at": now})
        return True
    return False


def _escalated_from(clinic: Clinic, reminded_at: datetime, wait: Wait) -> datetime:
    if wait.alert:
        return reminded_at + UNSEEN_AFTER_REMINDER
    return clinic.opening_hours.after(reminded_at, UNANSWERED_AFTER_REMINDER)
