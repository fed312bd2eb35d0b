"""Generated histories of one person's ledger, with everything in them that anybody may ever write there."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from flows.ids import AddressId, LedgerEventId
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.rights import EVERYWHERE, Scope
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import CHAT, WEDNESDAY, event

CHANNELS = (Channel.WEBCHAT, Channel.TELEGRAM)
ADDRESSES = (CHAT, AddressId(71))
PLACES = (
    EVERYWHERE,
    *(Scope(channel=channel, address_id=address) for channel, address in zip(CHANNELS, ADDRESSES, strict=True)),
)
NEXT = LedgerEventId(99)
"""The id of an event that a test adds: later than all that are generated."""


def numbered(*events: LedgerEvent) -> list[LedgerEvent]:
    """The events with ids of their own, in this order."""
    return [replace(one, id=LedgerEventId(number)) for number, one in enumerate(events, start=1)]


MOMENTS = st.integers(min_value=-6, max_value=2).map(lambda days: WEDNESDAY + timedelta(days=days))
EVENTS = st.builds(
    event,
    st.sampled_from(Act),
    at=MOMENTS,
    acted_by=st.sampled_from(ActedBy),
    purpose=st.none() | st.sampled_from(Purpose),
    basis=st.none() | st.sampled_from(Basis),
    channel=st.none() | st.sampled_from(CHANNELS),
    address_id=st.none() | st.sampled_from(ADDRESSES),
    evidence=st.sampled_from(["", "notice:1"]),
    collected=st.sampled_from(["chat", "emergency", "complaint"]),
    valid_from=MOMENTS,
    valid_until=st.none() | MOMENTS,
    address_hash=st.none() | st.sampled_from([b"one", b"other"]),
)
HISTORIES = st.lists(EVENTS, max_size=12).map(lambda events: numbered(*events))
