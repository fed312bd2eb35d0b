"""Names the lane of a raw update: a topic of a group, or a chat. What shares a lane is handled in order.

Topics of one group run beside each other: a large file in one keeps nobody waiting in another. Any JSON is accepted.
"""

from collections.abc import Mapping
from typing import Any

NOWHERE = "-"


def lane_of(raw: Mapping[str, Any]) -> str:
    """Name the lane of an update."""
    for value in raw.values():
        if isinstance(value, Mapping):
            message = _part(value, "message") or value
            return _lane(message)
    return NOWHERE


def _lane(message: Mapping[str, Any]) -> str:
    chat = _part(message, "chat").get("id")
    if not isinstance(chat, int):
        return NOWHERE
    topic = message.get("message_thread_id") if message.get("is_topic_message") is True else None
    return f"{chat}:{topic}" if isinstance(topic, int) else str(chat)


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = value.get(name)
    return part if isinstance(part, Mapping) else {}
