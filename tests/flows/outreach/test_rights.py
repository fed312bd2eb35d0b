"""The ledger's fold, by example; its laws over generated histories stand in `test_ledger_laws`.

Longer than other files: the examples of one fold, side by side.
"""

from datetime import UTC, datetime, timedelta

import pytest

from flows.ids import AddressId, LedgerEventId
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.rights import EVERYWHERE, FOREVER, NO_RIGHTS, Scope, Standing, rights
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import CHAT, LONG_AGO, WEDNESDAY, event, yes
from tests.flows.outreach.histories import numbered

DAY = timedelta(days=1)
PROGRAMME = (Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT)
NOES = (Act.DENY, Act.WITHDRAW, Act.OBJECT)


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


def test_what_froze_a_person_is_named_until_staff_clear_all_of_it() -> None:
    emergency = event(Act.FREEZE, purpose=None, acted_by=ActedBy.SYSTEM, collected="emergency")
    complaint = event(Act.FREEZE, purpose=None, acted_by=ActedBy.SYSTEM, collected="complaint", at=LONG_AGO + 2 * DAY)
    cleared = event(Act.CLEAR, purpose=None, acted_by=ActedBy.STAFF, at=LONG_AGO + DAY)
    assert rights(numbered(emergency, complaint), WEDNESDAY).frozen_by == {"emergency", "complaint"}
    assert rights(numbered(emergency, cleared, complaint), WEDNESDAY).frozen_by == {"complaint"}


@pytest.mark.parametrize("actor", list(ActedBy))
def test_a_death_stops_everything_whoever_tells_it(actor: ActedBy) -> None:
    told = event(Act.DECEASED, purpose=None, acted_by=actor, channel=Channel.TELEGRAM, at=LONG_AGO + DAY)
    found = rights(numbered(*(yes(purpose) for purpose in Purpose), told), WEDNESDAY)
    assert found.deceased
    assert {found.standing(purpose, WEDNESDAY) for purpose in Purpose} == {Standing.DECEASED}
    assert [found.permitted(purpose, WEDNESDAY) for purpose in Purpose] == [None] * 4


@pytest.mark.parametrize(
    ("changes", "deceased"),
    [
        ({}, False),
        ({"evidence": " "}, True),
        ({"acted_by": ActedBy.SELF}, True),
        ({"at": LONG_AGO}, True),
        ({"at": WEDNESDAY + DAY}, True),
        ({"address_id": CHAT, "channel": Channel.TELEGRAM}, True),
        ({"act": Act.CLEAR}, True),
    ],
)
def test_a_death_is_taken_back_by_staff_with_proof_alone(changes: dict[str, object], *, deceased: bool) -> None:
    told = event(Act.DECEASED, purpose=None)
    usual: dict[str, object] = {"purpose": None, "acted_by": ActedBy.STAFF, "at": LONG_AGO + DAY, "act": Act.CORRECTED}
    assert rights(numbered(told, event(**{**usual, **changes})), WEDNESDAY).deceased is deceased  # type: ignore[arg-type]  # each names fields and types


def test_a_wrong_persons_address_is_opened_by_staff_alone_and_a_bounced_one_by_the_patient_too() -> None:
    here: dict[str, object] = {"purpose": None, "channel": Channel.EMAIL, "address_id": CHAT}
    opened = event(Act.UNBLOCKED, at=LONG_AGO + DAY, **here)
    corrected = event(Act.CORRECTED, at=LONG_AGO + DAY, acted_by=ActedBy.STAFF, **here)
    for act, expected in ((Act.BLOCKED, [0, 1]), (Act.BOUNCED, [0, 0]), (Act.WRONG_PERSON, [1, 0])):
        closing = event(act, **here)
        closed = [
            rights(numbered(closing, one), WEDNESDAY).is_closed(Channel.EMAIL, CHAT) for one in (opened, corrected)
        ]
        assert closed == expected, act


def test_a_correction_opens_only_the_very_place_it_names() -> None:
    closing = event(Act.WRONG_PERSON, purpose=None, channel=Channel.EMAIL, address_id=CHAT)
    everywhere = event(Act.CORRECTED, purpose=None, acted_by=ActedBy.STAFF, at=LONG_AGO + DAY)
    assert rights(numbered(closing, everywhere), WEDNESDAY).is_closed(Channel.EMAIL, CHAT)


@pytest.mark.parametrize("act", [Act.ERASED, Act.SUPPRESSED])
def test_who_was_erased_stays_out_of_the_programme_until_they_say_yes_themselves(act: Act) -> None:
    out = event(act, purpose=None, acted_by=ActedBy.SYSTEM, at=LONG_AGO + DAY)
    listed = yes(acted_by=ActedBy.IMPORT, at=LONG_AGO + 2 * DAY)
    found = rights(numbered(yes(), out, listed), WEDNESDAY)
    assert found.suppressed
    assert found.standing(Purpose.RECALL, WEDNESDAY) is Standing.SUPPRESSED
    own = rights(numbered(yes(), out, yes(at=LONG_AGO + 2 * DAY)), WEDNESDAY)
    assert not own.suppressed
    assert own.standing(Purpose.RECALL, WEDNESDAY) is Standing.PERMITTED
    assert own.standing(Purpose.OFFER, WEDNESDAY) is Standing.SUPPRESSED


def test_forever_is_an_instant_of_utc() -> None:
    assert FOREVER.tzinfo is UTC
