"""Puts a plain case to the real gate: the only place here where plain words become the gate's own types."""

from datetime import timedelta
from functools import cache
from typing import Any

from flows.ids import AddressId, LedgerEventId, PatientId
from flows.outreach import gate
from flows.outreach.bands import LapsedRule
from flows.outreach.facts import ClinicRules, Facts, Mode, Sent
from flows.outreach.hours import cycle_began, day_begins, local_day, year_began
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.policy import MustSay, Policy
from flows.outreach.policy_reading import parse_policy
from flows.outreach.rights import rights
from flows.outreach.verdict import Refusal, SendRequest, Stage, Verdict
from flows.outreach.withholding import Place
from flows.vocabulary import Channel, Language, PatientStatus, Purpose
from storage.records.planning import Asked, Planned, Since, StoredFacts
from storage.repositories.ledger import History
from storage.vocabulary import OutboxStatus
from tests.laws.case import Case, Said, Sending

PATIENT = PatientId(7)
FIRST_ROW = 1000


def ask(case: Case) -> Verdict:
    """What the gate says."""
    purpose, policy = Purpose(case.purpose), _policy(_Raw(case.policy))
    request = SendRequest(
        patient_id=PATIENT,
        purpose=purpose,
        channel=Channel(case.channel),
        level=case.level,
        says=frozenset(MustSay(word) for word in case.says),
        stage=Stage(case.stage),
        step=case.step,
    )
    return gate.judge(request, _facts(case, policy), policy, case.now)


def row_of(right: LedgerEventId) -> int:
    """The place in the case's ledger of an event the gate names."""
    return right - FIRST_ROW


class _Raw:
    """A raw policy by identity: the same file is read once."""

    def __init__(self, raw: Any) -> None:  # noqa: ANN401 - as TOML gives it
        self.raw = raw

    def __hash__(self) -> int:
        return id(self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Raw) and self.raw is other.raw


@cache
def _policy(raw: _Raw) -> Policy:
    return parse_policy(raw.raw, source="case.toml")


def _facts(case: Case, policy: Policy) -> Facts:
    events = tuple(_event(said, number) for number, said in enumerate(case.ledger, start=FIRST_ROW))
    return Facts(
        clinic=ClinicRules(
            zone=case.zone,
            holidays=case.holidays,
            lapsed=LapsedRule(limit_months=case.limit_months, grace_months=case.grace_months),
            policy_signed=case.signed,
            sending_stopped=case.stopped,
            mode=Mode.REHEARSAL if case.rehearsal else Mode.LIVE,
        ),
        status=PatientStatus(case.status),
        language=None if case.language is None else Language(case.language),
        birth_date=case.born,
        rights=rights(events, case.now),
        ledger_whole=case.ledger_whole,
        key_present=case.key_present,
        last_visit_on=case.last_visit_on,
        recall_months=case.recall_months,
        next_visit_at=case.next_visit_at,
        visit_at=case.visit_at,
        last_contacted_at=case.last_contacted_at,
        rhythm_months=case.rhythm_months,
        withheld=None if case.withheld is None else Refusal(case.withheld),
        sent=_sent(case, policy),
        address_id=None if case.address is None else AddressId(case.address),
        staff_owns=case.staff_owns,
        asked=case.asked,
        heard_at=case.heard_at,
        duplicate=case.duplicate,
        released=case.released,
        free_times=case.free_times,
    )


def _event(said: Said, number: int) -> LedgerEvent:
    return LedgerEvent(
        id=LedgerEventId(number),
        patient_id=PATIENT,
        at=said.at,
        acted_by=ActedBy(said.acted_by),
        act=Act(said.act),
        purpose=None if said.purpose is None else Purpose(said.purpose),
        basis=None if said.basis is None else Basis(said.basis),
        address_id=None if said.address is None else AddressId(said.address),
        channel=None if said.channel is None else Channel(said.channel),
        policy="any",
        policy_version=1,
        collected=said.collected,
        evidence=said.evidence,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
    )


def _sent(case: Case, policy: Policy) -> Sent:
    """Counted as the house counts it, from the rows of its outbox."""
    rule = policy.rule(Purpose(case.purpose))
    if rule is None:
        return Sent(today=0, week=0, cycle=0, year=0, household=0, last_at=None)
    since = Since(
        day_began=day_begins(local_day(case.now, case.zone), case.zone),
        week_began=case.now - timedelta(days=7),
        cycle_began=cycle_began(case.now, rule.caps, case.zone),
        year_began=year_began(case.now, case.zone),
    )
    return _stored(case).sent(since, Stage(case.stage))


def _stored(case: Case) -> StoredFacts:
    channel, purpose = Channel(case.channel), Purpose(case.purpose)
    return StoredFacts(
        asked=Asked(patient_id=PATIENT, purpose=purpose, channel=channel, campaign="any", step=case.step),
        status=PatientStatus.ACTIVE,
        language=None,
        birth_date=None,
        residence=None,
        key_present=True,
        history=History(),
        last_visit_on=None,
        recall_months=None,
        next_visit_at=None,
        visit_at=None,
        last_contacted_at=None,
        rhythm_months=None,
        place=Place(lot=0, staying_away=None, staying_away_at=None, off_list_at=None, heard_at=None),
        address_id=None,
        conversation_id=None,
        staff_owns=False,
        heard_at=None,
        state=None,
        planned=tuple(_planned(message, purpose) for message in case.sent),
        to_household=tuple(_planned(message, purpose) for message in case.household),
    )


def _planned(message: Sending, purpose: Purpose) -> Planned:
    status = OutboxStatus.SENT if message.left else OutboxStatus.PLANNED
    return Planned(purpose=purpose, campaign="another", step=1, status=status, at=message.at)
