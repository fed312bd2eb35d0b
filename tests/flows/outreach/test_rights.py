"""The ledger's fold: its laws, by example and over generated histories.

Longer than other files: the laws of one fold share their examples and their generated histories.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ids import AddressId, LedgerEventId
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.rights import EVERYWHERE, FOREVER, NO_RIGHTS, Scope, Standing, rights
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import CHAT, LONG_AGO, UNHURRIED, WEDNESDAY, event, yes

DAY = timedelta(days=1)
PROGRAMME = (Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT)
NOES = (Act.DENY, Act.WITHDRAW, Act.OBJECT)


def numbered(*events: LedgerEvent) -> list[LedgerEvent]:
    """The events with ids of their own, in this order."""
    return [replace(one, id=LedgerEventId(number)) for number, one in enumerate(events, start=1)]


def standing(
    *events: LedgerEvent, purpose: Purpose = Purpose.RECALL, where: Scope = EVERYWHERE, now: datetime = WEDNESDAY
) -> Standing:
    return rights(numbered(*events), now).standing(purpose, now, where)


def test_nobody_permits_anything_before_they_said_so() -> None:
    assert [NO_RIGHTS.permitted(purpose, WEDNESDAY) for purpose in Purpose] == [None] * 4
    assert rights([], WEDNESDAY) == NO_RIGHTS
    assert standing() is Standing.NEVER_GIVEN


def test_a_yes_permits_its_purpose_and_no_other_and_is_cited() -> None:
    found = rights([yes(id=LedgerEventId(42))], WEDNESDAY)
    assert {purpose: found.permitted(purpose, WEDNESDAY) for purpose in Purpose} == {
        Purpose.APPOINTMENT: None,
        Purpose.RECALL: 42,
        Purpose.POSTVISIT: None,
        Purpose.OFFER: None,
    }


def test_the_latest_yes_is_cited() -> None:
    found = rights([yes(id=LedgerEventId(2), at=LONG_AGO + DAY), yes(id=LedgerEventId(1))], WEDNESDAY)
    assert found.permitted(Purpose.RECALL, WEDNESDAY) == 2
    assert [right.id for right in found.candidates(Purpose.RECALL, WEDNESDAY)] == [2, 1]


@pytest.mark.parametrize(
    ("act", "expected"),
    [(Act.DENY, Standing.DENIED), (Act.WITHDRAW, Standing.WITHDRAWN), (Act.OBJECT, Standing.OBJECTED)],
)
def test_a_no_ends_a_yes_and_stays_the_reason(act: Act, expected: Standing) -> None:
    assert standing(yes(), event(act, at=LONG_AGO + DAY)) is expected


def test_an_own_yes_after_a_no_permits_again() -> None:
    assert standing(yes(), event(Act.WITHDRAW, at=LONG_AGO + DAY), yes(at=LONG_AGO + 2 * DAY)) is Standing.PERMITTED


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (Act.DENY, Standing.DENIED),
        (Act.WITHDRAW, Standing.WITHDRAWN),
        (Act.OBJECT, Standing.OBJECTED),
        (Act.EXPIRE, Standing.EXPIRED),
    ],
)
def test_a_no_beats_a_yes_of_the_same_time(act: Act, expected: Standing) -> None:
    assert standing(event(act), yes()) is expected
    assert standing(yes(), event(act)) is expected


def test_a_no_ahead_of_our_clock_counts_and_a_yes_does_not() -> None:
    ahead = WEDNESDAY + DAY
    assert standing(yes(), event(Act.WITHDRAW, at=ahead)) is Standing.WITHDRAWN
    assert standing(yes(at=ahead)) is Standing.NEVER_GIVEN
    assert standing(yes(at=WEDNESDAY)) is Standing.PERMITTED


def test_a_yes_holds_only_within_its_time() -> None:
    found = rights([yes(valid_from=WEDNESDAY, valid_until=WEDNESDAY + DAY)], WEDNESDAY + 2 * DAY)
    moments = [WEDNESDAY - DAY, WEDNESDAY, WEDNESDAY + DAY - timedelta(microseconds=1), WEDNESDAY + DAY]
    assert [found.standing(Purpose.RECALL, now) for now in moments] == [
        Standing.NEVER_GIVEN,
        Standing.PERMITTED,
        Standing.PERMITTED,
        Standing.EXPIRED,
    ]


def test_a_yes_for_no_time_at_all_has_run_out() -> None:
    assert standing(yes(valid_from=WEDNESDAY, valid_until=WEDNESDAY)) is Standing.EXPIRED


def test_an_expiry_is_an_end_but_not_a_no() -> None:
    ended = event(Act.EXPIRE, acted_by=ActedBy.SYSTEM, at=LONG_AGO + DAY)
    assert standing(yes(), ended) is Standing.EXPIRED
    assert standing(ended) is Standing.EXPIRED
    imported = yes(acted_by=ActedBy.IMPORT, at=LONG_AGO + 2 * DAY)
    assert standing(yes(), ended, imported) is Standing.PERMITTED


def test_an_expiry_after_a_no_does_not_hide_the_no() -> None:
    assert standing(event(Act.WITHDRAW), event(Act.EXPIRE, at=LONG_AGO + DAY)) is Standing.WITHDRAWN


def test_an_expiry_without_a_purpose_ends_every_purpose() -> None:
    history = numbered(*(yes(purpose) for purpose in Purpose), event(Act.EXPIRE, purpose=None, at=LONG_AGO + DAY))
    found = rights(history, WEDNESDAY)
    assert [found.standing(purpose, WEDNESDAY) for purpose in Purpose] == [Standing.EXPIRED] * 4


@pytest.mark.parametrize("act", NOES)
@pytest.mark.parametrize("actor", [ActedBy.IMPORT, ActedBy.SYSTEM])
def test_a_yes_of_an_import_or_the_system_never_undoes_a_no(act: Act, actor: ActedBy) -> None:
    weak = yes(acted_by=actor, basis=Basis.CARE_CONTRACT, at=LONG_AGO + DAY)
    assert standing(weak) is Standing.PERMITTED
    assert standing(event(act), weak) is not Standing.PERMITTED
    assert standing(event(act, acted_by=ActedBy.IMPORT), weak) is not Standing.PERMITTED


def test_staff_may_record_a_yes_after_a_no_with_evidence() -> None:
    signed = yes(acted_by=ActedBy.STAFF, evidence="form:9", at=LONG_AGO + DAY)
    assert standing(event(Act.WITHDRAW), signed) is Standing.PERMITTED


@pytest.mark.parametrize("actor", [ActedBy.STAFF, ActedBy.IMPORT, ActedBy.SYSTEM])
def test_a_yes_of_others_without_evidence_is_none(actor: ActedBy) -> None:
    assert standing(yes(acted_by=actor, basis=Basis.CARE_CONTRACT, evidence="  ")) is Standing.NEVER_GIVEN
    assert standing(yes(acted_by=actor, basis=Basis.CARE_CONTRACT, evidence="row:1")) is Standing.PERMITTED


def test_the_patient_and_a_guardian_need_no_evidence() -> None:
    assert standing(yes(evidence="")) is Standing.PERMITTED
    assert standing(yes(evidence="", acted_by=ActedBy.GUARDIAN)) is Standing.PERMITTED


def test_the_system_cannot_consent_for_anybody() -> None:
    assert standing(yes(acted_by=ActedBy.SYSTEM, basis=Basis.EXPRESS_CONSENT)) is Standing.NEVER_GIVEN


def test_a_yes_without_a_purpose_or_a_ground_is_none() -> None:
    assert standing(event(Act.PERMIT, purpose=None)) is Standing.NEVER_GIVEN
    assert standing(event(Act.PERMIT, basis=None)) is Standing.NEVER_GIVEN


@pytest.mark.parametrize("act", NOES)
def test_a_stop_ends_recall_offers_and_check_ins_but_not_messages_about_a_visit(act: Act) -> None:
    history = numbered(*(yes(purpose) for purpose in Purpose), event(act, purpose=None, at=LONG_AGO + DAY))
    found = rights(history, WEDNESDAY)
    still = {purpose for purpose in Purpose if found.permitted(purpose, WEDNESDAY) is not None}
    assert still == {Purpose.APPOINTMENT}


@pytest.mark.parametrize("purpose", PROGRAMME)
def test_a_stop_on_one_channel_holds_on_all(purpose: Purpose) -> None:
    stop = event(Act.WITHDRAW, purpose=purpose, channel=Channel.TELEGRAM, address_id=CHAT, at=LONG_AGO + DAY)
    where = Scope(channel=Channel.EMAIL, address_id=AddressId(71))
    assert standing(yes(purpose), stop, purpose=purpose, where=where) is Standing.WITHDRAWN
    assert standing(yes(purpose), stop, purpose=purpose) is Standing.WITHDRAWN


def test_messages_about_a_visit_can_be_refused_on_one_channel() -> None:
    history = [
        yes(Purpose.APPOINTMENT),
        event(Act.WITHDRAW, purpose=Purpose.APPOINTMENT, channel=Channel.TELEGRAM, at=LONG_AGO + DAY),
    ]
    here, there = Scope(channel=Channel.TELEGRAM, address_id=CHAT), Scope(channel=Channel.EMAIL)
    assert standing(*history, purpose=Purpose.APPOINTMENT, where=here) is Standing.WITHDRAWN
    assert standing(*history, purpose=Purpose.APPOINTMENT, where=there) is Standing.PERMITTED
    assert standing(history[1], purpose=Purpose.APPOINTMENT, where=there) is Standing.NEVER_GIVEN
    assert standing(*history, purpose=Purpose.APPOINTMENT) is Standing.PERMITTED


def test_a_yes_for_one_place_that_was_taken_back_there_holds_nowhere() -> None:
    here = {"channel": Channel.TELEGRAM, "address_id": CHAT}
    history = [
        yes(Purpose.APPOINTMENT, **here),
        event(Act.WITHDRAW, purpose=Purpose.APPOINTMENT, at=LONG_AGO + DAY, channel=Channel.TELEGRAM),
    ]
    assert standing(*history, purpose=Purpose.APPOINTMENT) is Standing.WITHDRAWN


def test_a_yes_for_one_address_is_a_yes_for_that_address_alone() -> None:
    only = yes(channel=Channel.TELEGRAM, address_id=CHAT)
    assert standing(only, where=Scope(channel=Channel.TELEGRAM, address_id=CHAT)) is Standing.PERMITTED
    assert standing(only) is Standing.PERMITTED
    for elsewhere in (
        Scope(channel=Channel.TELEGRAM, address_id=AddressId(71)),
        Scope(channel=Channel.EMAIL, address_id=CHAT),
        Scope(channel=Channel.TELEGRAM),
    ):
        assert standing(only, where=elsewhere) is Standing.NEVER_GIVEN


def test_an_expiry_elsewhere_is_no_expiry_here() -> None:
    elsewhere = event(Act.EXPIRE, channel=Channel.EMAIL, purpose=Purpose.RECALL)
    assert standing(elsewhere, where=Scope(channel=Channel.TELEGRAM)) is Standing.NEVER_GIVEN
    assert standing(yes(), elsewhere, where=Scope(channel=Channel.TELEGRAM)) is Standing.PERMITTED
    assert standing(yes(), elsewhere, where=Scope(channel=Channel.EMAIL)) is Standing.EXPIRED


def test_a_pause_rests_the_programme_until_its_date() -> None:
    until = WEDNESDAY + 90 * DAY
    found = rights([event(Act.PAUSE, purpose=None, valid_until=until)], WEDNESDAY)
    assert found.paused_until == until
    assert {purpose for purpose in Purpose if found.paused(purpose, WEDNESDAY)} == {Purpose.RECALL, Purpose.OFFER}
    assert found.paused(Purpose.RECALL, until - timedelta(microseconds=1))
    assert not found.paused(Purpose.RECALL, until)


def test_a_pause_of_one_purpose_rests_that_one() -> None:
    found = rights([event(Act.PAUSE, purpose=Purpose.POSTVISIT, valid_until=WEDNESDAY + DAY)], WEDNESDAY)
    assert [purpose for purpose in Purpose if found.paused(purpose, WEDNESDAY)] == [Purpose.POSTVISIT]
    assert found.paused_until is None


def test_a_pause_without_an_end_never_ends() -> None:
    assert rights([event(Act.PAUSE)], WEDNESDAY).paused_until == FOREVER


def test_the_patient_may_shorten_a_pause_and_nobody_else() -> None:
    long = event(Act.PAUSE, valid_until=WEDNESDAY + 90 * DAY)
    for actor, expected in ((ActedBy.SELF, 5), (ActedBy.GUARDIAN, 5), (ActedBy.STAFF, 90), (ActedBy.IMPORT, 90)):
        short = event(Act.PAUSE, acted_by=actor, at=LONG_AGO + DAY, valid_until=WEDNESDAY + 5 * DAY)
        assert rights(numbered(long, short), WEDNESDAY).paused_until == WEDNESDAY + expected * DAY


def test_a_pause_shortened_just_now_is_short() -> None:
    long = event(Act.PAUSE, valid_until=WEDNESDAY + 90 * DAY)
    now = event(Act.PAUSE, at=WEDNESDAY, valid_until=WEDNESDAY + DAY)
    assert rights(numbered(long, now), WEDNESDAY).paused_until == WEDNESDAY + DAY


def test_others_may_lengthen_a_pause() -> None:
    own = event(Act.PAUSE, valid_until=WEDNESDAY + DAY)
    longer = event(Act.PAUSE, acted_by=ActedBy.STAFF, at=LONG_AGO + DAY, valid_until=WEDNESDAY + 9 * DAY)
    assert rights(numbered(own, longer), WEDNESDAY).paused_until == WEDNESDAY + 9 * DAY


def test_of_two_pauses_of_the_same_time_the_longer_counts() -> None:
    pauses = [event(Act.PAUSE, valid_until=WEDNESDAY + days * DAY) for days in (9, 5)]
    assert rights(numbered(*pauses), WEDNESDAY).paused_until == WEDNESDAY + 9 * DAY


def test_a_pause_ahead_of_our_clock_lengthens_but_does_not_shorten() -> None:
    own = event(Act.PAUSE, valid_until=WEDNESDAY + 5 * DAY)
    for days, expected in ((2, 5), (9, 9)):
        ahead = event(Act.PAUSE, at=WEDNESDAY + DAY, valid_until=WEDNESDAY + days * DAY)
        assert rights(numbered(own, ahead), WEDNESDAY).paused_until == WEDNESDAY + expected * DAY


def test_a_block_closes_that_channel_only_until_the_patient_opens_it() -> None:
    block = event(Act.BLOCKED, purpose=None, channel=Channel.TELEGRAM, address_id=CHAT)
    blocked = rights(numbered(yes(), block), WEDNESDAY)
    assert blocked.is_closed(Channel.TELEGRAM, CHAT)
    assert not blocked.is_closed(Channel.TELEGRAM, AddressId(71))
    assert not blocked.is_closed(Channel.EMAIL, CHAT)
    assert blocked.permitted(Purpose.RECALL, WEDNESDAY) is not None
    opened = event(Act.UNBLOCKED, purpose=None, channel=Channel.TELEGRAM, at=LONG_AGO + DAY)
    assert not rights(numbered(block, opened), WEDNESDAY).is_closed(Channel.TELEGRAM, CHAT)


@pytest.mark.parametrize(
    "not_opening",
    [
        {"acted_by": ActedBy.STAFF},
        {"acted_by": ActedBy.IMPORT},
        {"acted_by": ActedBy.SYSTEM},
        {"at": LONG_AGO},
        {"at": WEDNESDAY + DAY},
        {"channel": Channel.EMAIL},
        {"address_id": CHAT},
    ],
)
def test_what_does_not_open_a_closed_channel(not_opening: dict[str, object]) -> None:
    block = event(Act.BLOCKED, purpose=None, channel=Channel.TELEGRAM)
    usual: dict[str, object] = {"purpose": None, "channel": Channel.TELEGRAM, "at": LONG_AGO + DAY}
    history = numbered(block, event(Act.UNBLOCKED, **{**usual, **not_opening}))
    assert rights(history, WEDNESDAY).is_closed(Channel.TELEGRAM, AddressId(71))


def test_a_block_without_a_channel_closes_all() -> None:
    closed = rights([event(Act.BLOCKED, purpose=None)], WEDNESDAY)
    assert all(closed.is_closed(channel, CHAT) for channel in Channel)


def test_a_freeze_stands_until_staff_clear_it() -> None:
    freeze = event(Act.FREEZE, purpose=None, acted_by=ActedBy.SYSTEM)
    cleared = event(Act.CLEAR, purpose=None, acted_by=ActedBy.STAFF, at=LONG_AGO + DAY)
    again = event(Act.FREEZE, purpose=None, acted_by=ActedBy.SYSTEM, at=LONG_AGO + 2 * DAY)
    assert not rights([], WEDNESDAY).frozen
    assert not rights([cleared], WEDNESDAY).frozen
    assert rights([freeze], WEDNESDAY).frozen
    assert not rights(numbered(freeze, cleared), WEDNESDAY).frozen
    assert rights(numbered(freeze, cleared, again), WEDNESDAY).frozen


def test_a_clearing_and_an_opening_of_just_now_count() -> None:
    cleared = event(Act.CLEAR, purpose=None, acted_by=ActedBy.STAFF, at=WEDNESDAY)
    assert not rights(numbered(event(Act.FREEZE, purpose=None), cleared), WEDNESDAY).frozen
    opened = event(Act.UNBLOCKED, purpose=None, at=WEDNESDAY)
    assert not rights(numbered(event(Act.BLOCKED, purpose=None), opened), WEDNESDAY).is_closed(Channel.EMAIL, CHAT)


@pytest.mark.parametrize(
    "not_clearing",
    [
        {"acted_by": ActedBy.SELF},
        {"acted_by": ActedBy.SYSTEM},
        {"acted_by": ActedBy.IMPORT},
        {"acted_by": ActedBy.GUARDIAN},
        {"at": LONG_AGO},
        {"at": WEDNESDAY + DAY},
    ],
)
def test_what_does_not_clear_a_freeze(not_clearing: dict[str, object]) -> None:
    usual: dict[str, object] = {"purpose": None, "acted_by": ActedBy.STAFF, "at": LONG_AGO + DAY}
    history = numbered(event(Act.FREEZE, purpose=None), event(Act.CLEAR, **{**usual, **not_clearing}))
    assert rights(history, WEDNESDAY).frozen


MOMENTS = st.integers(min_value=-6, max_value=2).map(lambda days: WEDNESDAY + days * DAY)
EVENTS = st.builds(
    event,
    st.sampled_from(Act),
    at=MOMENTS,
    acted_by=st.sampled_from(ActedBy),
    purpose=st.none() | st.sampled_from(Purpose),
    basis=st.none() | st.sampled_from(Basis),
    channel=st.none() | st.sampled_from([Channel.WEBCHAT, Channel.TELEGRAM]),
    address_id=st.none() | st.sampled_from([CHAT, AddressId(71)]),
    evidence=st.sampled_from(["", "notice:1"]),
    valid_from=MOMENTS,
    valid_until=st.none() | MOMENTS,
)
HISTORIES = st.lists(EVENTS, max_size=12).map(lambda events: numbered(*events))
PLACES = st.builds(
    Scope,
    channel=st.sampled_from([Channel.WEBCHAT, Channel.TELEGRAM]),
    address_id=st.sampled_from([CHAT, AddressId(71)]),
) | st.just(EVERYWHERE)
PURPOSES = st.sampled_from(Purpose)


def permits(history: Sequence[LedgerEvent], purpose: Purpose, where: Scope) -> bool:
    return rights(history, WEDNESDAY).permitted(purpose, WEDNESDAY, where) is not None


@UNHURRIED
@given(st.data(), HISTORIES)
def test_the_order_of_storage_does_not_matter(data: st.DataObject, history: list[LedgerEvent]) -> None:
    shuffled = data.draw(st.permutations(history))
    assert rights(shuffled + shuffled, WEDNESDAY) == rights(history, WEDNESDAY)


@UNHURRIED
@given(HISTORIES, st.sampled_from([Act.DENY, Act.WITHDRAW, Act.OBJECT]), st.sampled_from(Channel), PLACES)
def test_after_a_stop_on_any_channel_nothing_of_the_programme_is_permitted_anywhere(
    history: list[LedgerEvent], act: Act, channel: Channel, where: Scope
) -> None:
    stop = event(act, id=LedgerEventId(99), purpose=None, channel=channel, at=WEDNESDAY)
    assert not any(permits([*history, stop], purpose, where) for purpose in PROGRAMME)


@UNHURRIED
@given(HISTORIES, EVENTS, PURPOSES, PLACES)
def test_an_import_never_turns_a_no_into_a_yes(
    history: list[LedgerEvent], other: LedgerEvent, purpose: Purpose, where: Scope
) -> None:
    said_no = any(one.act in NOES and one.purpose in {None, purpose} for one in history)
    imported = replace(other, id=LedgerEventId(99), acted_by=ActedBy.IMPORT)
    if said_no and purpose in PROGRAMME and not permits(history, purpose, where):
        assert not permits([*history, imported], purpose, where)


@UNHURRIED
@given(HISTORIES, PURPOSES, PLACES)
def test_every_permission_rests_on_a_yes_that_a_reader_finds_good(
    history: list[LedgerEvent], purpose: Purpose, where: Scope
) -> None:
    found = rights(history, WEDNESDAY).permitted(purpose, WEDNESDAY, where)
    if found is None:
        return
    cited = next(one for one in history if one.id == found)
    assert (cited.act, cited.purpose) == (Act.PERMIT, purpose)
    assert max(cited.at, cited.valid_from) <= WEDNESDAY
    assert cited.valid_until is None or cited.valid_until > WEDNESDAY
    assert cited.evidence or cited.acted_by in {ActedBy.SELF, ActedBy.GUARDIAN}
    later_noes = [one for one in history if one.act in NOES and one.at >= cited.at]
    if purpose in PROGRAMME:
        assert not any(one.purpose in {None, purpose} for one in later_noes)
    if where != EVERYWHERE:
        assert cited.channel in {None, where.channel}
        assert cited.address_id in {None, where.address_id}


@UNHURRIED
@given(HISTORIES, PURPOSES, PLACES)
def test_a_purpose_stands_as_permitted_exactly_when_a_right_is_cited(
    history: list[LedgerEvent], purpose: Purpose, where: Scope
) -> None:
    found = rights(history, WEDNESDAY)
    stands = found.standing(purpose, WEDNESDAY, where) is Standing.PERMITTED
    assert stands is (found.permitted(purpose, WEDNESDAY, where) is not None)


@UNHURRIED
@given(HISTORIES, EVENTS.filter(lambda one: one.act not in {Act.PERMIT, Act.CLEAR, Act.UNBLOCKED}), PURPOSES, PLACES)
def test_what_is_no_yes_never_permits_more(
    history: list[LedgerEvent], other: LedgerEvent, purpose: Purpose, where: Scope
) -> None:
    more = [*history, replace(other, id=LedgerEventId(99))]
    assert permits(history, purpose, where) or not permits(more, purpose, where)


def test_forever_is_an_instant_of_utc() -> None:
    assert FOREVER.tzinfo is UTC
