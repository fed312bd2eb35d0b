"""Texts of the desk that wait to be posted in a topic: which text, with which values, whom it calls by name.

Invariant: a text waits under its key and is worded when it leaves, so that it is in the language of that moment.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.services.topic_ports import TopicMention, TopicMessage
from bot.services.topic_words import TopicWords
from flows.ids import StaffId, TopicId
from flows.vocabulary import Role
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork


def leave_notice(
    uow: UnitOfWork,
    topic_id: TopicId | None,
    key: str,
    now: datetime,
    *,
    values: Mapping[str, str] | None = None,
    called: Collection[StaffId] = (),
) -> None:
    """Let a text be posted when there is room. topic_id None: in the general topic. called: who is notified.

    A value `time` is an instant in ISO 8601, shown in the clinic's zone when the text leaves.
    """
    body: dict[str, Json] = {"key": key, "values": dict(values or {}), "called": [str(each) for each in called]}
    uow.topic_posts.queue(topic_id, body, now=now)


def say_notice(uow: UnitOfWork, words: TopicWords, body: Mapping[str, Json]) -> TopicMessage:
    """Word a text that waits."""
    values, called = body.get("values"), body.get("called")
    said = {name: str(value) for name, value in values.items()} if isinstance(values, dict) else {}
    if "time" in said:
        said["time"] = words.moment(datetime.fromisoformat(said["time"]))
    ids = [StaffId(int(str(each))) for each in called] if isinstance(called, list) else []
    users, names = uow.staff_accounts.users() if ids else {}, uow.staff.names() if ids else {}
    mentions = tuple(TopicMention(name=names[each], user_id=users[each]) for each in ids if each in users)
    return TopicMessage(text=words.say(str(body.get("key", "")), **said), mentions=mentions)


def managers(uow: UnitOfWork) -> list[StaffId]:
    """Who is told when nobody answers: the managers who work here."""
    return [member.id for member in uow.staff.all() if member.active and member.role is Role.MANAGER]
