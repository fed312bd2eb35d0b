"""Policies as nobody wrote them: every field by chance, so that laws are tried on more than eight files."""

from datetime import time

from hypothesis import strategies as st

from flows.outreach.ledger import Basis
from flows.outreach.policy import (
    AcceptedBasis,
    Automation,
    Caps,
    Hours,
    MustSay,
    OnHolidays,
    Policy,
    PolicyPart,
    PurposeRule,
    ZoneSource,
)
from flows.vocabulary import Channel, Purpose

# Each is made once: to make a strategy takes longer than to draw from it, and a policy draws from some two hundred.
_FEW = st.integers(1, 4)
_OPENS = st.integers(0, 22)
_CLOSES = tuple(st.integers(opens + 1, 23) for opens in range(23))
_DAYS = st.frozensets(st.integers(1, 7), min_size=1)
_ON_HOLIDAYS = st.sampled_from(OnHolidays)
_AUTOMATIONS = st.sampled_from([Automation.AUTO, Automation.HUMAN_RELEASE])
_BASES = st.frozensets(st.sampled_from(Basis), min_size=1)
_MONTHS = st.sampled_from([None, 1, 6, 24])
_CAPS = st.builds(Caps, day=_FEW, week=_FEW, cycle=_FEW, cycle_months=_FEW, gap_days=_FEW, year=_FEW, household=_FEW)
_LEVELS = st.integers(0, 2)
_CHANNELS = st.frozensets(st.sampled_from(Channel), min_size=1)
_MUST_SAY = st.frozensets(st.sampled_from(MustSay))
_NAMES = st.sampled_from(["be", "fr", "mine", "nl"])
_VERSIONS = st.integers(1, 3)
_TITLES = st.sampled_from(["One", "Another"])
_JURISDICTIONS = st.sampled_from(["*", "BE", "FR", "CA-QC"])
_REVIEWERS = st.sampled_from(["", "A. Lawyer", "B. Counsel"])
_SOURCES = st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, unique=True)
_AGES = st.integers(12, 21)
_PURPOSES = st.frozensets(st.sampled_from(Purpose))
_RETENTIONS = st.integers(1, 48)
_DIGESTS = st.uuids().map(lambda digest: digest.hex * 2)


@st.composite
def _hours(draw: st.DrawFn) -> Hours:
    opens = draw(_OPENS)
    return Hours(
        opens=time(opens),
        closes=time(draw(_CLOSES[opens])),
        days=draw(_DAYS),
        on_holidays=draw(_ON_HOLIDAYS),
    )


_HOURS = _hours()


@st.composite
def _rules(draw: st.DrawFn, purpose: Purpose) -> PurposeRule:
    bases = draw(_BASES)
    return PurposeRule(
        purpose=purpose,
        automation=draw(_AUTOMATIONS),
        bases=tuple(AcceptedBasis(basis=basis, months=draw(_MONTHS)) for basis in Basis if basis in bases),
        hours=draw(_HOURS),
        caps=draw(_CAPS),
        highest_level=draw(_LEVELS),
        channels=draw(_CHANNELS),
        must_say=draw(_MUST_SAY),
    )


_RULES = tuple(st.none() | _rules(purpose) for purpose in Purpose)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy of one file; two of the same content are the same policy."""
    ruled = [draw(rule) for rule in _RULES]
    name, version = draw(_NAMES), draw(_VERSIONS)
    digest = draw(_DIGESTS)
    return Policy(
        id=name,
        version=version,
        title=draw(_TITLES),
        jurisdiction=draw(_JURISDICTIONS),
        reviewed_by=draw(_REVIEWERS),
        sources=tuple(draw(_SOURCES)),
        zone=ZoneSource.CLINIC,
        minor_age=draw(_AGES),
        imported_yes=draw(_PURPOSES),
        retention_months=draw(_RETENTIONS),
        rules=tuple(rule for rule in ruled if rule is not None),
        parts=(PolicyPart(id=name, version=version, content_hash=digest),),
        content_hash=digest,
    )
