"""The gate over generated worlds, judged by rules written here anew from DOMAIN.md, without the gate's own parts.

Longer than other files: the rules written anew are one checker and must not borrow from each other's files.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.ids import AddressId, LedgerEventId
from flows.outreach.facts import Facts, Mode, Sent
from flows.outreach.gate import Defer, Permit, Refuse, SendRequest, Stage, judge, objections
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.rights import rights
from flows.vocabulary import Channel, Language, PatientStatus, Purpose
from tests.flows.outreach.given import (
    BRUSSELS,
    CHAT,
    WEDNESDAY,
    clinic,
    event,
    facts,
    request,
    strictest,
    yes,
)

POLICY = strictest()
DAY = timedelta(days=1)
CHILD = date(2015, 1, 1)
PROGRAMME = (Purpose.RECALL, Purpose.OFFER)
NOES = (Act.DENY, Act.WITHDRAW, Act.OBJECT)


def mostly(usual: object, *others: object) -> st.SearchStrategy[object]:
    """The usual value more often than not, so that some worlds permit."""
    return st.sampled_from([usual] * 6 + list(others))


MINUTES = st.integers(-12 * 24 * 60, 12 * 24 * 60)
NOWS = st.one_of(
    st.just(WEDNESDAY), st.just(WEDNESDAY), MINUTES.map(lambda minutes: WEDNESDAY + timedelta(minutes=minutes))
)
MOMENTS = st.integers(-60, 20).map(lambda days: WEDNESDAY + timedelta(days=days, hours=days % 7))
EVENTS = st.builds(
    event,
    mostly(Act.PERMIT, *Act),
    at=MOMENTS,
    acted_by=mostly(ActedBy.SELF, *ActedBy),
    purpose=mostly(Purpose.RECALL, None, *Purpose),
    basis=mostly(Basis.EXPRESS_CONSENT, None, *Basis),
    channel=mostly(None, Channel.WEBCHAT, Channel.TELEGRAM),
    address_id=mostly(None, CHAT, AddressId(71)),
    evidence=mostly("notice:1", ""),
    valid_from=MOMENTS,
    valid_until=mostly(None, WEDNESDAY - DAY, WEDNESDAY + DAY),
)
CONSENTS = [yes(purpose, at=WEDNESDAY - 90 * DAY, valid_from=WEDNESDAY - 90 * DAY) for purpose in Purpose]
HISTORIES = st.tuples(st.sampled_from([CONSENTS, CONSENTS, []]), st.lists(EVENTS, max_size=3)).map(
    lambda parts: [replace(one, id=LedgerEventId(number)) for number, one in enumerate([*parts[0], *parts[1]], start=1)]
)
COUNTS = [
    Sent(today=today, week=week, cycle=cycle, year=cycle, household=week, last_at=WEDNESDAY - timedelta(days=ago))
    for today, week, cycle, ago in (
        (0, 0, 1, 31),
        (0, 0, 1, 29),
        (0, 0, 2, 40),
        (0, 0, 8, 31),
        (0, 1, 1, 2),
        (0, 4, 4, 1),
    )
]
COUNTS += [
    Sent(today=count, week=count, cycle=count, year=count, household=count, last_at=WEDNESDAY) for count in (1, 2)
]
DEPARTURES: dict[str, list[object]] = {
    "status": [status for status in PatientStatus if status is not PatientStatus.ACTIVE],
    "language": [None, Language.FR],
    "birth_date": [None, CHILD],
    "ledger_whole": [False],
    "key_present": [False],
    "last_visit_on": [None, date(2025, 6, 1), date(2026, 6, 1), date(2024, 1, 1), date(2021, 1, 1)],
    "recall_months": [None, 12, 24],
    "next_visit_at": [WEDNESDAY + DAY],
    "visit_at": [None, WEDNESDAY + 3 * DAY, WEDNESDAY - 3 * DAY, WEDNESDAY - 20 * DAY],
    "last_contacted_at": [WEDNESDAY - 40 * DAY, WEDNESDAY - 400 * DAY],
    "sent": [*COUNTS, Sent(today=0, week=0, cycle=1, year=1, household=0, last_at=None)],
    "address_id": [None],
    "staff_owns": [True],
    "asked": [True],
    "heard_at": [WEDNESDAY - 2 * DAY, WEDNESDAY - timedelta(minutes=10)],
    "duplicate": [True],
    "released": [True],
    "free_times": [0],
    "clinic": [
        clinic(policy_signed=False),
        clinic(policy_signed=False, mode=Mode.REHEARSAL),
        clinic(holidays=frozenset({date(2026, 11, 18)})),
    ],
}
CHANGES = st.lists(
    st.sampled_from([(name, value) for name, values in DEPARTURES.items() for value in values]), max_size=3
).map(dict)
REQUESTS = st.builds(
    request,
    mostly(Purpose.RECALL, Purpose.APPOINTMENT, Purpose.POSTVISIT, Purpose.OFFER),
    channel=mostly(Channel.WEBCHAT, *Channel),
    level=mostly(0, 1, 2),
    stage=st.sampled_from(Stage),
    step=mostly(1, 2),
)


def world(question: SendRequest, changes: dict[str, object], history: list[LedgerEvent], now: datetime) -> Facts:
    """A world whose visit fits the request, changed as drawn."""
    visits = {Purpose.APPOINTMENT: WEDNESDAY + 2 * DAY, Purpose.POSTVISIT: WEDNESDAY - 2 * DAY}
    return facts(**{"visit_at": visits.get(question.purpose), **changes, "rights": rights(history, now)})


def reader_objects(question: SendRequest, known: Facts, history: list[LedgerEvent], now: datetime) -> list[str]:
    """What a careful reader of the field page would hold against sending this now under the strictest policy."""
    local = now.astimezone(BRUSSELS)
    purpose = question.purpose
    caps = {Purpose.RECALL: (1, 1, 2, 30), Purpose.POSTVISIT: (1, 1, 2, 3), Purpose.APPOINTMENT: (2, 4, 8, 0)}
    day, week, cycle, gap = caps.get(purpose, (0, 0, 0, 0))
    noes = [one for one in history if one.act in NOES]
    stopped = [
        one for one in noes if one.purpose is purpose or (one.purpose is None and purpose is not Purpose.APPOINTMENT)
    ]
    freezes = [one.at for one in history if one.act is Act.FREEZE]
    clears = [one.at for one in history if one.act is Act.CLEAR and one.acted_by is ActedBy.STAFF and one.at <= now]
    consents = [
        one
        for one in history
        if (one.act, one.purpose, one.basis) == (Act.PERMIT, purpose, Basis.EXPRESS_CONSENT)
        and max(one.at, one.valid_from) <= now
        and (one.valid_until is None or now < one.valid_until)
        and one.channel in {None, question.channel}
        and one.address_id in {None, known.address_id}
        and not any(no.at >= one.at for no in stopped)
        and may_consent(one, known, purpose)
        and not (one.acted_by is ActedBy.IMPORT and stopped)
    ]
    last_no = max(stopped, key=lambda one: one.at, default=None)
    rules = {
        "forbidden": purpose is Purpose.OFFER,
        "hours": not (10 <= local.hour < 19),
        "day": local.isoweekday() > 5 or local.date() in known.clinic.holidays,
        "level": question.level != 0,
        "status": known.status is not PatientStatus.ACTIVE,
        "unknown": None in (known.language, known.birth_date, known.address_id),
        "broken": not (known.ledger_whole and known.key_present),
        "staff": known.staff_owns,
        "duplicate": known.duplicate,
        "unsigned": question.stage is Stage.SENDING and known.clinic == clinic(policy_signed=False),
        "frozen": bool(freezes) and not any(at > max(freezes) for at in clears),
        "no right": purpose is not Purpose.APPOINTMENT and not consents,
        "refused": purpose is Purpose.APPOINTMENT
        and last_no is not None
        and (last_no.channel, last_no.address_id) == (None, None)
        and not any(one.act is Act.PERMIT and one.at > last_no.at for one in history),
        "booked": purpose in PROGRAMME and known.next_visit_at is not None,
        "no visit": purpose is Purpose.APPOINTMENT and (known.visit_at is None or known.visit_at <= now),
        "not kept": purpose is Purpose.POSTVISIT and (known.visit_at is None or known.visit_at > now),
        "not due": purpose in PROGRAMME
        and (known.last_visit_on is None or not 365 <= (local.date() - known.last_visit_on).days <= 1096),
        "full": purpose in PROGRAMME and known.free_times == 0,
        "day cap": known.sent.today >= day,
        "week cap": known.sent.week >= week and (known.sent.last_at is None or now < known.sent.last_at + 7 * DAY),
        "cycle cap": known.sent.cycle >= cycle,
        "gap": known.sent.last_at is not None and now < known.sent.last_at + gap * DAY,
    }
    return [name for name, holds in rules.items() if holds]


def may_consent(one: LedgerEvent, known: Facts, purpose: Purpose) -> bool:
    """Whose word counts: the patient's, for a child the guardian's; with evidence staff's, for recall an import's."""
    child = known.birth_date == CHILD
    match one.acted_by:
        case ActedBy.SELF:
            return not child
        case ActedBy.GUARDIAN:
            return child
        case ActedBy.STAFF:
            return not child and bool(one.evidence)
        case ActedBy.IMPORT:
            return not child and bool(one.evidence) and purpose is Purpose.RECALL
        case _:
            return False


@settings(max_examples=600)
@given(REQUESTS, CHANGES, HISTORIES, NOWS)
def test_what_the_gate_permits_a_careful_reader_permits(
    question: SendRequest, changes: dict[str, object], history: list[LedgerEvent], now: datetime
) -> None:
    known = world(question, changes, history, now)
    verdict = judge(question, known, POLICY, now)
    if isinstance(verdict, Permit):
        assert reader_objects(question, known, history, now) == []


@settings(max_examples=300)
@given(REQUESTS, CHANGES, HISTORIES, NOWS)
def test_the_verdict_agrees_with_the_objections_and_a_deferral_is_ahead_and_inside_the_hours(
    question: SendRequest, changes: dict[str, object], history: list[LedgerEvent], now: datetime
) -> None:
    known = world(question, changes, history, now)
    against = objections(question, known, POLICY, now)
    match judge(question, known, POLICY, now):
        case Refuse(reason=reason):
            assert reason is against[0]
        case Defer(until=until):
            local = until.astimezone(BRUSSELS)
            assert against == ()
            assert until > now
            assert 10 <= local.hour < 19
            assert local.isoweekday() <= 5
            assert local.date() not in known.clinic.holidays
        case Permit(right=right):
            assert against == ()
            assert right is None or right in {one.id for one in history if one.act is Act.PERMIT}


UNKNOWN = st.sampled_from(
    [
        {"language": None},
        {"birth_date": None},
        {"address_id": None},
        {"last_visit_on": None},
        {"ledger_whole": False},
        {"key_present": False},
        {"rights": rights([], WEDNESDAY)},
    ]
)


@given(UNKNOWN, CHANGES, HISTORIES, NOWS)
def test_whatever_is_unknown_of_a_lapsed_patient_nobody_invites_them(
    unknown: dict[str, object], changes: dict[str, object], history: list[LedgerEvent], now: datetime
) -> None:
    known = facts(**{**changes, "rights": rights(history, now), **unknown})
    assert isinstance(judge(request(), known, POLICY, now), Refuse)


@given(CHANGES, HISTORIES, NOWS, st.sampled_from([Purpose.RECALL, Purpose.POSTVISIT]), st.sampled_from(Channel))
def test_after_a_stop_on_any_channel_the_gate_refuses_the_programme_everywhere(
    changes: dict[str, object], history: list[LedgerEvent], now: datetime, purpose: Purpose, channel: Channel
) -> None:
    stop = event(Act.WITHDRAW, id=LedgerEventId(99), purpose=None, channel=channel, at=now + DAY)
    known = facts(**{**changes, "rights": rights([*history, stop], now)})
    assert isinstance(judge(request(purpose), known, POLICY, now), Refuse)


def test_some_generated_worlds_are_permitted() -> None:
    history = [event(Act.PERMIT, id=LedgerEventId(1), at=WEDNESDAY - DAY, valid_from=WEDNESDAY - DAY)]
    known = facts(visit_at=WEDNESDAY + 2 * DAY, rights=rights(history, WEDNESDAY), last_visit_on=date(2025, 6, 1))
    assert reader_objects(request(), known, history, WEDNESDAY) == []
    assert judge(request(), known, POLICY, WEDNESDAY) == Permit(right=LedgerEventId(1))
