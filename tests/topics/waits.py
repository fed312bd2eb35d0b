"""Patients who wait, and what a group shows of it as time passes."""

from datetime import timedelta

from flows.ids import ConversationId
from tests.topics.group import Group

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REMINDER, ESCALATION = "Still no answer", "still has no answer"


def reminders(group: Group) -> int:
    """How often the one topic reminds."""
    return group.board.said().count(REMINDER)


def escalations(group: Group) -> list[str]:
    """What stands in the general topic."""
    return [post.text for post in group.board.shown(None) if ESCALATION in post.text]


async def lives(group: Group, time: timedelta) -> None:
    """Let time pass while the house looks on, at last minute by minute."""
    for _ in range(max(time - 3 * MINUTE, timedelta()) // (5 * MINUTE)):
        await group.comes(5 * MINUTE)
        time -= 5 * MINUTE
    for _ in range(time // MINUTE):
        await group.comes(MINUTE)


async def waits_for_a_person(group: Group) -> ConversationId:
    """A patient who has asked for a person, on Monday as the clinic opens: due after two hours."""
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    return talk
