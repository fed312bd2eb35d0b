"""Puts questions to the gate: gathers the stored facts of many people at once, and writes down what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.campaigns import Errand
from bot.services.clinic import Clinic
from bot.services.talk import Talk
from flows.engine.state import Idle
from flows.ids import OutboxId, PatientId
from flows.messages.text import LOCK_SCREEN
from flows.outreach.case import Case
from flows.outreach.facts import NEVER_SENT, ClinicRules, Facts, Mode, Sent
from flows.outreach.gate import judge
from flows.outreach.hours import cycle_began, day_begins, local_day
from flows.outreach.rights import rights
from flows.outreach.verdict import Defer, Permit, Refusal, Refuse, SendRequest, Stage, Verdict
from storage.records.planning import Asked, StoredFacts
from storage.repositories.decisions import Decided
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import Verdict as StoredVerdict

WEEK = timedelta(days=7)
PASSING = frozenset({Refusal.STAFF_OWNS, Refusal.FROZEN})
"""A message about a visit is not given up for these: a person is at it, and the visit is still ahead or just past."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What the gate said of an errand, and the content level it may be said at."""

    errand: Errand
    verdict: Verdict
    level: int


def may_send(uow: UnitOfWork, clinic: Clinic) -> bool:
    """Whether a named person signed exactly this policy; a rehearsal needs nobody."""
    policy = clinic.policy
    return clinic.mode is Mode.REHEARSAL or (
        uow.decisions.signature(policy.id, policy.version, policy.content_hash) is not None
    )


def judge_all(
    uow: UnitOfWork,
    clinic: Clinic,
    errands: Mapping[Errand, datetime],
    *,
    stage: Stage,
    now: datetime,
    free_times: int,
) -> dict[Errand, Judgement]:
    """Ask the gate about errands, each at the moment it is to leave (UTC); a handful of statements for all.

    errands: at most one a patient. free_times: how many times an invitation could offer.
    """
    cases = gather(uow, clinic, errands, stage=stage, now=now, free_times=free_times)
    return {
        errand: Judgement(
            errand=errand, verdict=judge(case.request, case.facts, case.policy, case.now), level=case.request.level
        )
        for errand, case in cases.items()
    }


def gather(
    uow: UnitOfWork,
    clinic: Clinic,
    errands: Mapping[Errand, datetime],
    *,
    stage: Stage,
    now: datetime,
    free_times: int,
) -> dict[Errand, Case]:
    """Gather the questions to the gate with all their facts; arguments as for `judge_all`."""
    if not errands:
        return {}
    rules = clinic.rules(policy_signed=may_send(uow, clinic))
    stored = uow.planning.facts([_asked(errand) for errand in errands])
    cases = {}
    for errand, leaves_at in errands.items():
        at = max(leaves_at, now)
        request = SendRequest(
            patient_id=errand.patient_id,
            purpose=errand.purpose,
            channel=errand.channel,
            level=_level(clinic, errand),
            stage=stage,
            step=errand.step,
        )
        facts = _facts(stored[errand.patient_id], clinic, rules, stage=stage, at=at, free_times=free_times)
        cases[errand] = Case(request=request, facts=facts, policy=clinic.policy, now=at)
    return cases


def write_down(
    uow: UnitOfWork,
    clinic: Clinic,
    judgements: Sequence[tuple[Judgement, OutboxId | None]],
    *,
    stage: Stage,
    now: datetime,
) -> None:
    """Keep decisions, each with the message it was about."""
    uow.decisions.record([_decided(clinic, judgement, outbox_id, stage, now) for judgement, outbox_id in judgements])


def write_down_news(
    uow: UnitOfWork, clinic: Clinic, refused: Sequence[Judgement], *, stage: Stage, now: datetime
) -> None:
    """Keep refusals that say something new: what is asked again every minute is written down once."""
    for purpose in {judgement.errand.purpose for judgement in refused}:
        asked = [judgement for judgement in refused if judgement.errand.purpose is purpose]
        known = uow.decisions.latest_reasons([judgement.errand.patient_id for judgement in asked], purpose)
        new = [
            (judgement, None)
            for judgement in asked
            if isinstance(judgement.verdict, Refuse)
            and known.get(judgement.errand.patient_id) is not judgement.verdict.reason
        ]
        write_down(uow, clinic, new, stage=stage, now=now)


def _asked(errand: Errand) -> Asked:
    return Asked(
        patient_id=errand.patient_id,
        purpose=errand.purpose,
        channel=errand.channel,
        campaign=errand.name,
        step=errand.step,
        about=errand.about,
    )


def _level(clinic: Clinic, errand: Errand) -> int:
    rule = clinic.policy.rule(errand.purpose)
    return rule.highest_level if rule is not None else LOCK_SCREEN


def _facts(
    stored: StoredFacts, clinic: Clinic, rules: ClinicRules, *, stage: Stage, at: datetime, free_times: int
) -> Facts:
    return Facts(
        clinic=rules,
        status=stored.status,
        language=stored.language,
        birth_date=stored.birth_date,
        rights=rights(stored.history.events, at),
        ledger_whole=stored.history.is_whole,
        key_present=stored.key_present,
        last_visit_on=stored.last_visit_on,
        recall_months=stored.recall_months,
        next_visit_at=stored.next_visit_at,
        visit_at=stored.visit_at,
        last_contacted_at=stored.last_contacted_at,
        sent=_sent(stored, clinic, at),
        address_id=stored.address_id,
        staff_owns=stored.staff_owns,
        asked=stored.state is not None and not isinstance(Talk.from_json(stored.state).chat.state, Idle),
        heard_at=stored.heard_at,
        duplicate=stored.duplicate(stage),
        released=False,
        free_times=free_times,
    )


def _sent(stored: StoredFacts, clinic: Clinic, at: datetime) -> Sent:
    rule = clinic.policy.rule(stored.asked.purpose)
    if rule is None:
        return NEVER_SENT
    return stored.sent(
        day_began=day_begins(local_day(at, clinic.zone), clinic.zone),
        week_began=at - WEEK,
        cycle_began=cycle_began(at, rule.caps, clinic.zone),
    )


def _decided(clinic: Clinic, judgement: Judgement, outbox_id: OutboxId | None, stage: Stage, now: datetime) -> Decided:
    verdict = judgement.verdict
    said = {Permit: StoredVerdict.PERMIT, Defer: StoredVerdict.DEFER, Refuse: StoredVerdict.REFUSE}[type(verdict)]
    return Decided(
        patient_id=PatientId(judgement.errand.patient_id),
        purpose=judgement.errand.purpose,
        stage=stage,
        verdict=said,
        policy=clinic.policy.id,
        policy_version=clinic.policy.version,
        at=now,
        outbox_id=outbox_id,
        reason=verdict.reason if isinstance(verdict, Refuse) else None,
        until=verdict.until if isinstance(verdict, Defer) else None,
        right_event_id=verdict.right if isinstance(verdict, Permit) else None,
    )
