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

_FEW = st.integers(1, 4)


@st.composite
def _hours(draw: st.DrawFn) -> Hours:
    opens = draw(st.integers(0, 22))
    return Hours(
        opens=time(opens),
        closes=time(draw(st.integers(opens + 1, 23))),
        days=draw(st.frozensets(st.integers(1, 7), min_size=1)),
        on_holidays=draw(st.sampled_from(OnHolidays)),
    )


@st.composite
def _rules(draw: st.DrawFn, purpose: Purpose) -> PurposeRule:
    bases = draw(st.frozensets(st.sampled_from(Basis), min_size=1))
    return PurposeRule(
        purpose=purpose,
        automation=draw(st.sampled_from([Automation.AUTO, Automation.HUMAN_RELEASE])),
        bases=tuple(
            AcceptedBasis(basis=basis, months=draw(st.sampled_from([None, 1, 6, 24])))
            for basis in Basis
            if basis in bases
        ),
        hours=draw(_hours()),
        caps=draw(
            st.builds(
                Caps,
                day=_FEW,
                week=_FEW,
                cycle=_FEW,
                cycle_months=_FEW,
                gap_days=_FEW,
                year=_FEW,
                household=_FEW,
            )
        ),
        highest_level=draw(st.integers(0, 2)),
        channels=draw(st.frozensets(st.sampled_from(Channel), min_size=1)),
        must_say=draw(st.frozensets(st.sampled_from(MustSay))),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy of one file; two of the same content are the same policy."""
    ruled = [draw(st.none() | _rules(purpose)) for purpose in Purpose]
    name, version = draw(st.sampled_from(["be", "fr", "mine", "nl"])), draw(st.integers(1, 3))
    digest = draw(st.uuids()).hex * 2
    return Policy(
        id=name,
        version=version,
        title=draw(st.sampled_from(["One", "Another"])),
        jurisdiction=draw(st.sampled_from(["*", "BE", "FR", "CA-QC"])),
        reviewed_by=draw(st.sampled_from(["", "A. Lawyer", "B. Counsel"])),
        sources=tuple(draw(st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, unique=True))),
        zone=ZoneSource.CLINIC,
        minor_age=draw(st.integers(12, 21)),
        imported_yes=draw(st.frozensets(st.sampled_from(Purpose))),
        retention_months=draw(st.integers(1, 48)),
        rules=tuple(rule for rule in ruled if rule is not None),
        parts=(PolicyPart(id=name, version=version, content_hash=digest),),
        content_hash=digest,
    )
