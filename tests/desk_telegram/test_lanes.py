"""What shares a lane is handled in order: a topic, or a chat; whatever JSON comes has a lane."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.telegram.lanes import NOWHERE, lane_of

GROUP = {"id": -1001, "type": "supergroup"}
IN_TOPIC = {"chat": GROUP, "message_id": 7, "is_topic_message": True, "message_thread_id": 5}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
NAMES = st.sampled_from(["message", "callback_query", "my_chat_member", "chat", "id", "message_thread_id", "update_id"])


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": IN_TOPIC}, "-1001:5"),
        ({"edited_message": IN_TOPIC}, "-1001:5"),
        ({"callback_query": {"id": "1", "from": {"id": 4}, "message": IN_TOPIC}}, "-1001:5"),
        ({"callback_query": {"id": "1", "message": {"chat": GROUP, "message_id": 7, "date": 0}}}, "-1001"),
        ({"message": {"chat": GROUP, "message_id": 7}}, "-1001"),
        ({"message": {"chat": GROUP, "message_id": 7, "message_thread_id": 5}}, "-1001"),
        ({"my_chat_member": {"chat": GROUP, "from": {"id": 4}}}, "-1001"),
        ({"message": {"chat": {"id": 4, "type": "private"}}}, "4"),
        ({"callback_query": {"id": "1", "inline_message_id": "x"}}, NOWHERE),
        ({"message": {"chat": {"id": "4"}}}, NOWHERE),
        ({}, NOWHERE),
    ],
)
def test_a_topic_has_a_lane_of_its_own(update: dict[str, Any], lane: str) -> None:
    assert lane_of({"update_id": 1, **update}) == lane


@given(st.dictionaries(NAMES | st.text(), st.dictionaries(NAMES, JSON) | JSON))
def test_any_json_object_has_a_lane(raw: dict[str, Any]) -> None:
    assert lane_of(raw)
