"""Buttons carry what they mean within Telegram's 64 bytes, and what nobody here wrote means nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.topic_payloads import LARGEST_ID, TopicAct, TopicPayload, read_payload
from flows.ids import ProviderId, TopicId, VisitTypeId
from flows.slots import Slot

IDS = st.integers(min_value=1, max_value=LARGEST_ID - 1)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - given its zone below
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
SLOTS = st.builds(
    lambda begins, minutes, provider, kind: Slot(
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        provider_id=ProviderId(provider),
        visit_type_id=VisitTypeId(kind),
    ),
    MOMENTS,
    st.integers(5, 600),
    IDS,
    IDS,
)


@given(topic=IDS, slot=SLOTS)
def test_a_time_comes_back_as_it_was_within_64_bytes(topic: int, slot: Slot) -> None:
    payload = TopicPayload(act=TopicAct.BOOK, topic_id=TopicId(topic), slot=slot)
    assert len(payload.encode().encode()) <= 64
    assert read_payload(payload.encode()) == payload


@given(topic=IDS, act=st.sampled_from([act for act in TopicAct if act is not TopicAct.BOOK]))
def test_every_other_act_comes_back_as_it_was(topic: int, act: TopicAct) -> None:
    payload = TopicPayload(act=act, topic_id=TopicId(topic))
    assert read_payload(payload.encode()) == payload


@given(raw=st.text(max_size=70))
def test_whatever_comes_is_read_or_means_nothing(raw: str) -> None:
    read = read_payload(raw)
    assert read is None or read.encode() == raw


@pytest.mark.parametrize(
    "raw",
    [
        "t1.book.1",
        "t1.take.1.1.1.1.1",
        "t1.take.01",
        "t2.take.1",
        "t1.take.zzzzzzzzzzzzz",
        "t1.book.1.zzzzzz.zzz.1.1",
        "t1.take.1\n",
    ],
)
def test_what_is_nearly_ours_means_nothing(raw: str) -> None:
    assert read_payload(raw) is None
