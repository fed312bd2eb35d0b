"""Builders of outreach's data: a world in which the gate permits, from which each test departs in one thing."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.ids import AddressId, LedgerEventId, PatientId
from flows.outreach.bands import LapsedRule
from flows.outreach.facts import NEVER_SENT, ClinicRules, Facts, Mode
from flows.outreach.gate import SendRequest, Stage
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.policy import MustSay, Policy, PurposeRule
from flows.outreach.policy_reading import parse_policy
from flows.outreach.rights import rights
from flows.vocabulary import Channel, Language, PatientStatus, Purpose

STRICTEST = Path(__file__).parents[3] / "flows" / "outreach" / "policies" / "strictest.toml"
BRUSSELS = ZoneInfo("Europe/Brussels")
WEDNESDAY = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
"""Wednesday 18 November 2026, noon in Brussels."""

LONG_AGO = WEDNESDAY - timedelta(days=500)

PATIENT = PatientId(7)
CHAT = AddressId(70)


def strictest_raw() -> dict[str, object]:
    """The content of the strictest policy's file."""
    return tomllib.loads(STRICTEST.read_text(encoding="utf-8"))


def strictest() -> Policy:
    """The policy as shipped."""
    return parse_policy(strictest_raw(), source=STRICTEST.name)


def rule_of(purpose: Purpose, policy: Policy | None = None) -> PurposeRule:
    """The rule of a purpose that is not forbidden."""
    rule = (policy or strictest()).rule(purpose)
    assert rule is not None
    return rule


def with_rule(policy: Policy, rule: PurposeRule) -> Policy:
    """The policy with this rule in place of its own for the purpose."""
    kept = tuple(other for other in policy.rules if other.purpose is not rule.purpose)
    return replace(policy, rules=(*kept, rule))


def event(act: Act, **changes: object) -> LedgerEvent:
    """A ledger event: the patient's own, about recall, long ago, everywhere, without end."""
    plain = LedgerEvent(
        id=LedgerEventId(1),
        patient_id=PATIENT,
        at=LONG_AGO,
        acted_by=ActedBy.SELF,
        act=act,
        purpose=Purpose.RECALL,
        basis=Basis.EXPRESS_CONSENT if act is Act.PERMIT else None,
        address_id=None,
        channel=None,
        policy="strictest",
        policy_version=1,
        collected="settings",
        evidence="notice:1",
        valid_from=LONG_AGO,
        valid_until=None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields and their types


def yes(purpose: Purpose = Purpose.RECALL, **changes: object) -> LedgerEvent:
    """The patient permits."""
    return event(Act.PERMIT, **{"purpose": purpose, **changes})


def clinic(**changes: object) -> ClinicRules:
    """A live clinic in Brussels with a signed policy."""
    plain = ClinicRules(
        zone=BRUSSELS,
        holidays=frozenset(),
        lapsed=LapsedRule(),
        policy_signed=True,
        sending_stopped=False,
        mode=Mode.LIVE,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields and their types


def facts(*events: LedgerEvent, **changes: object) -> Facts:
    """A lapsed adult of band A, never written to, who permitted recall (unless events are given) in the web chat."""
    plain = Facts(
        clinic=clinic(),
        status=PatientStatus.ACTIVE,
        language=Language.EN,
        birth_date=date(1980, 5, 1),
        rights=rights(events or [yes()], WEDNESDAY),
        ledger_whole=True,
        key_present=True,
        last_visit_on=date(2025, 9, 1),
        recall_months=6,
        next_visit_at=None,
        visit_at=None,
        last_contacted_at=None,
        rhythm_months=None,
        withheld=None,
        sent=NEVER_SENT,
        address_id=CHAT,
        staff_owns=False,
        asked=False,
        heard_at=None,
        duplicate=False,
        released=False,
        free_times=2,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields and their types


def request(purpose: Purpose = Purpose.RECALL, **changes: object) -> SendRequest:
    """An invitation in the web chat that says no more than a lock screen may show, about to leave."""
    plain = SendRequest(
        patient_id=PATIENT,
        purpose=purpose,
        channel=Channel.WEBCHAT,
        level=0,
        says=frozenset({MustSay.SENDER, MustSay.STOP, MustSay.AUTOMATIC}),
        stage=Stage.SENDING,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields and their types
