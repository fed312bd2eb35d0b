"""The laws of the ledger's fold, each held against every generated history.

Quickly with every run, and over 100,000 histories with the slow tests; what breaks a law is printed small.

Longer than other files: the laws are one table, and each holds for the histories of all.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from flows.ids import AddressId
from flows.outreach.chain import canonical
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.rights import EVERYWHERE, Scope, Standing, rights
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import LONG_AGO, WEDNESDAY, event
from tests.flows.outreach.histories import ADDRESSES, CHANNELS, HISTORIES, NEXT, PLACES

PROGRAMME = (Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT)
SAID_NO = {Act.DENY, Act.WITHDRAW, Act.OBJECT, Act.ERASED, Act.SUPPRESSED}
WIDENING = (Act.PERMIT, Act.CLEAR, Act.UNBLOCKED, Act.CORRECTED)
PATIENT_SIDE = {ActedBy.SELF, ActedBy.GUARDIAN}
SOON = WEDNESDAY + timedelta(days=3)
"""When everything in a history has happened, and even the yeses ahead of the clock count."""
ELSEWHERE = AddressId(72)
"""An address that no history knows."""

RUNS, HISTORIES_EACH = 50, 2_000
TURNS = st.integers(min_value=0, max_value=359)
History = list[LedgerEvent]
Law = Callable[[History, int], None]
"""Raises AssertionError if a history breaks it; the number picks one of the ways to try it."""

T = TypeVar("T")


def pick(options: Iterable[T], turn: int) -> T:
    """One of the options, a different one with each turn."""
    listed = list(options)
    return listed[turn % len(listed)]


def permits(history: Iterable[LedgerEvent], now: datetime = WEDNESDAY) -> set[tuple[Purpose, Scope]]:
    """Everything a history permits: each purpose in each place."""
    found = rights(history, now)
    return {
        (purpose, place) for purpose in Purpose for place in PLACES if found.permitted(purpose, now, place) is not None
    }


def later(history: History, act: Act, **changes: object) -> History:
    """The history with one more event, at a moment after all others."""
    return [*history, event(act, **{"id": NEXT, "at": SOON, "valid_from": LONG_AGO, **changes})]


def a_no_beats_a_yes_of_the_same_time(history: History, turn: int) -> None:
    """A no about a purpose, said when the last yes was: nothing of it is left."""
    purpose = pick(PROGRAMME, turn)
    last = max((one.at for one in history if one.act is Act.PERMIT and one.purpose is purpose), default=LONG_AGO)
    no = event(pick((Act.DENY, Act.WITHDRAW, Act.OBJECT), turn // 3), id=NEXT, purpose=purpose, at=last)
    assert purpose not in {permitted for permitted, _ in permits([*history, no], SOON)}


def a_list_never_turns_a_no_into_a_yes(history: History, turn: int) -> None:
    """Whatever an import or the system says after a no, what was refused stays refused."""
    actor = pick((ActedBy.IMPORT, ActedBy.SYSTEM), turn)
    purpose, act = pick(PROGRAMME, turn // 2), pick(WIDENING, turn // 6)
    refused = [*history, event(Act.DENY, id=NEXT - 1, purpose=purpose, at=pick(history, turn).at if history else SOON)]
    told = later(refused, act, purpose=purpose, acted_by=actor, basis=Basis.CARE_CONTRACT, evidence="row:1")
    assert {one for one in permits(told, SOON) if one[0] is purpose} <= permits(refused, SOON)


def a_stop_on_one_channel_stops_the_programme_on_all(history: History, turn: int) -> None:
    """A stop said anywhere: recall, offers and check-ins end everywhere; what is about a visit stays as it was."""
    stopped = later(history, Act.WITHDRAW, purpose=None, channel=pick(CHANNELS, turn), address_id=ADDRESSES[0])
    left = permits(stopped, SOON)
    assert not {purpose for purpose, _ in left} & set(PROGRAMME)
    assert left == {one for one in permits(history, SOON) if one[0] is Purpose.APPOINTMENT}


def nobody_else_permits_without_evidence(history: History, turn: int) -> None:
    """A yes of staff, a list or the system without proof changes nothing at all."""
    actor = pick((one for one in ActedBy if one not in PATIENT_SIDE), turn)
    claimed = later(history, Act.PERMIT, acted_by=actor, basis=Basis.CARE_CONTRACT, evidence=" ")
    assert rights(claimed, SOON) == rights(history, SOON)


def replay_rebuilds_the_same_state(history: History, turn: int) -> None:
    """Read back from the canonical bytes, in another order and twice over: the same rights."""
    at = turn % (len(history) + 1)
    replayed = [_read_back(canonical(one)) for one in history]
    assert replayed == history
    shuffled = [*replayed[at:], *reversed(replayed)]
    assert rights(shuffled, WEDNESDAY) == rights(history, WEDNESDAY)


def an_erasure_ends_the_programme_until_their_own_yes(history: History, turn: int) -> None:
    """Neither a list nor the system brings an erased person back, nor who came by their address; they themselves do."""
    erased = later(history, pick((Act.ERASED, Act.SUPPRESSED), turn), purpose=None, acted_by=ActedBy.SYSTEM)
    found = rights(erased, SOON)
    assert found.suppressed
    assert not {purpose for purpose, _ in permits(erased, SOON)} & set(PROGRAMME)
    back = event(Act.PERMIT, id=NEXT + 1, at=SOON + timedelta(days=1), valid_from=LONG_AGO, evidence="row:1")
    listed = rights([*erased, replace(back, acted_by=ActedBy.IMPORT)], SOON + timedelta(days=2))
    assert listed.suppressed
    assert listed.permitted(Purpose.RECALL, SOON + timedelta(days=2)) is None
    own = rights([*erased, back], SOON + timedelta(days=2))
    assert not own.suppressed
    assert own.deceased or own.permitted(Purpose.RECALL, SOON + timedelta(days=2)) == back.id


def a_death_overrides_everything(history: History, turn: int) -> None:
    """Whoever tells it, and whatever anybody but staff says later: nothing is permitted, appointments included."""
    told = later(history, Act.DECEASED, acted_by=pick(ActedBy, turn), purpose=None)
    act = pick((Act.PERMIT, Act.CLEAR, Act.CORRECTED), turn // 5)
    after = [*told, event(act, id=NEXT + 1, at=SOON + timedelta(days=1), purpose=Purpose.APPOINTMENT)]
    found = rights(after, SOON + timedelta(days=2))
    assert found.deceased
    assert {found.standing(purpose, SOON) for purpose in Purpose} == {Standing.DECEASED}
    assert permits(after, SOON + timedelta(days=2)) == set()


def a_closed_address_is_closed_whatever_was_permitted(history: History, turn: int) -> None:
    """A block, a bounce or a wrong person closes that address and takes no permission away; who may open it differs."""
    where: dict[str, object] = {"channel": Channel.TELEGRAM, "address_id": ELSEWHERE, "purpose": None}
    scope, day_after = Scope(channel=Channel.TELEGRAM, address_id=ELSEWHERE), SOON + timedelta(days=1)
    opened = event(Act.UNBLOCKED, id=NEXT + 1, at=day_after, **where)
    corrected = replace(opened, act=Act.CORRECTED, acted_by=ActedBy.STAFF, evidence="call")
    openers = {Act.BLOCKED: [opened], Act.BOUNCED: [opened, corrected], Act.WRONG_PERSON: [corrected]}
    act = pick(openers, turn)
    closed = later(history, act, acted_by=ActedBy.SYSTEM, **where)
    assert rights(closed, SOON).is_closed(Channel.TELEGRAM, ELSEWHERE)
    assert permits(closed, SOON) == permits(history, SOON)
    for opener in (opened, corrected):
        assert (scope in rights([*closed, opener], day_after).closed) is (opener not in openers[act])


def only_staff_end_a_freeze(history: History, turn: int) -> None:
    """A freeze names its reason until staff clear it, and nobody else does."""
    frozen = later(history, Act.FREEZE, collected="legal", acted_by=ActedBy.SYSTEM, purpose=None)
    assert "legal" in rights(frozen, SOON).frozen_by
    actor = pick(ActedBy, turn)
    cleared = [*frozen, event(Act.CLEAR, id=NEXT + 1, at=SOON + timedelta(days=1), acted_by=actor, purpose=None)]
    assert rights(cleared, SOON + timedelta(days=1)).frozen is (actor is not ActedBy.STAFF)


def what_widens_nothing_is_all_that_is_no_yes(history: History, turn: int) -> None:
    """Leaving out an event that is no yes, no opening and no correction never takes a permission away."""
    narrowing = [one for one in history if one.act not in WIDENING]
    if not narrowing:
        return
    left_out = pick(narrowing, turn)
    without = [one for one in history if one is not left_out]
    assert permits(history) <= permits(without)
    whole, less = rights(history, WEDNESDAY), rights(without, WEDNESDAY)
    assert less.frozen_by <= whole.frozen_by
    assert less.closed <= whole.closed
    assert less.deceased <= whole.deceased


def every_permission_rests_on_a_yes_that_a_reader_finds_good(history: History, turn: int) -> None:
    """What is cited is a yes for that purpose and place, in its time, with evidence, and with no later no."""
    found = rights(history, WEDNESDAY)
    purpose, place = pick(Purpose, turn), pick(PLACES, turn // 4)
    cited_id = found.permitted(purpose, WEDNESDAY, place)
    assert (cited_id is not None) is (found.standing(purpose, WEDNESDAY, place) is Standing.PERMITTED)
    if cited_id is None:
        return
    cited = next(one for one in history if one.id == cited_id)
    assert (cited.act, cited.purpose) == (Act.PERMIT, purpose)
    assert max(cited.at, cited.valid_from) <= WEDNESDAY
    assert cited.valid_until is None or cited.valid_until > WEDNESDAY
    assert cited.evidence or cited.acted_by in PATIENT_SIDE
    if purpose in PROGRAMME:
        noes = [one for one in history if one.act in SAID_NO and one.purpose in {None, purpose}]
        assert not any(one.at >= cited.at for one in noes)
    if place != EVERYWHERE:
        assert cited.channel in {None, place.channel}
        assert cited.address_id in {None, place.address_id}


LAWS: tuple[Law, ...] = (
    a_no_beats_a_yes_of_the_same_time,
    a_list_never_turns_a_no_into_a_yes,
    a_stop_on_one_channel_stops_the_programme_on_all,
    nobody_else_permits_without_evidence,
    replay_rebuilds_the_same_state,
    an_erasure_ends_the_programme_until_their_own_yes,
    a_death_overrides_everything,
    a_closed_address_is_closed_whatever_was_permitted,
    only_staff_end_a_freeze,
    what_widens_nothing_is_all_that_is_no_yes,
    every_permission_rests_on_a_yes_that_a_reader_finds_good,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds(law: Law) -> None:
    @settings(max_examples=100)
    @given(HISTORIES, TURNS)
    def hold(history: History, turn: int) -> None:
        law(history, turn)

    hold()


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("run", range(RUNS))
def test_all_laws_hold_over_a_hundred_thousand_histories(run: int) -> None:
    seen = 0

    @seed(run)
    @settings(max_examples=HISTORIES_EACH, database=None, suppress_health_check=list(HealthCheck))
    @given(HISTORIES, TURNS)
    def hold(history: History, turn: int) -> None:
        nonlocal seen
        seen += 1
        for law in LAWS:
            law(history, turn)

    hold()
    assert seen >= HISTORIES_EACH


def _read_back(text: bytes) -> LedgerEvent:
    """Make the event again of its canonical bytes, by the types its fields are declared with."""
    plain: dict[str, Any] = json.loads(text.partition(b":")[2])
    read: dict[str, Callable[[Any], Any]] = {
        "acted_by": ActedBy,
        "act": Act,
        "purpose": Purpose,
        "basis": Basis,
        "channel": Channel,
        "address_hash": bytes.fromhex,
        "at": lambda at: datetime.fromisoformat(at).astimezone(UTC),
        "valid_from": lambda at: datetime.fromisoformat(at).astimezone(UTC),
        "valid_until": lambda at: datetime.fromisoformat(at).astimezone(UTC),
    }
    assert set(plain) == {field.name for field in fields(LedgerEvent)}
    values: dict[str, Any] = {
        name: value if value is None else read.get(name, _same)(value) for name, value in plain.items()
    }
    return LedgerEvent(**values)


def _same(value: Any) -> Any:  # noqa: ANN401  # text and numbers stay what they are
    return value
