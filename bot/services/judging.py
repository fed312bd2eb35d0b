"""Puts questions to the gate: gathers the stored facts of many people at once, and writes down what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.approach import BY_HAND
from bot.services.campaigns import Errand
from bot.services.clinic import Clinic
from bot.services.talk import Talk
from flows.engine.state import Idle
from flows.ids import OutboxId, PatientId
from flows.messages.text import LOCK_SCREEN, Text
from flows.outreach.cadence import Campaign
from flows.outreach.case import Case
from flows.outreach.facts import NEVER_SENT, ClinicRules, Facts, Mode, Sent
from flows.outreach.gate import judge
from flows.outreach.hours import cycle_began, day_begins, local_day, year_began
from flows.outreach.policy import Automation, Caps, Policy, PolicyPart
from flows.outreach.rights import rights
from flows.outreach.saying import foot_under, says_under
from flows.outreach.verdict import Defer, Permit, Refusal, Refuse, SendRequest, Stage, Verdict
from flows.vocabulary import Channel, Purpose
from storage.records.planning import Asked, Since, StoredFacts
from storage.repositories.decisions import Decided
from storage.repositories.releases import Named
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import Verdict as StoredVerdict

WEEK = timedelta(days=7)
PASSING = frozenset({Refusal.STAFF_OWNS, Refusal.FROZEN, Refusal.COMPLAINT_OPEN})
"""A message about a visit is not given up for these: a person is at it, and the visit is still ahead or just past."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What the gate said of an errand, under which policy, and the content level it may be said at."""

    errand: Errand
    verdict: Verdict
    policy: Policy
    level: int

    @property
    def foot(self) -> tuple[Text, ...]:
        """The lines under its text that the policy asks for."""
        return foot_under(self.policy, self.errand.channel, self.errand.purpose)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sending:
    """What is the same for all questions asked at once.

    signed: whatever of policies somebody answers for. released: the messages that somebody let go.
    """

    clinic: Clinic
    signed: frozenset[PolicyPart]
    stopped: bool
    stage: Stage
    released: frozenset[Named]

    def rules(self, policy: Policy, residence: str | None) -> ClinicRules:
        """What the gate needs to know of the clinic when it judges by this policy for somebody who lives there."""
        signed = self.signed.issuperset(policy.parts)
        return self.clinic.rules(policy_signed=signed, sending_stopped=self.stopped, residence=residence)


def may_send(uow: UnitOfWork, clinic: Clinic) -> bool:
    """Whether anything proactive may leave at all: the policy is signed, and nobody has stopped the sending."""
    return is_signed(uow, clinic) and uow.clinics.why_stopped() is None


def is_signed(uow: UnitOfWork, clinic: Clinic) -> bool:
    """Whether a named person signed exactly this policy, every part of it; a rehearsal needs nobody."""
    return clinic.mode is Mode.REHEARSAL or uow.decisions.signed(clinic.policy.parts)


def needs_release(clinic: Clinic, residence: str | None, channel: Channel, purpose: Purpose) -> bool:
    """Whether a person has to let such a message go before it leaves to somebody who lives there."""
    rule = clinic.policy_for(residence, channel).rule(purpose)
    return rule is not None and rule.automation is Automation.HUMAN_RELEASE


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
            errand=errand,
            verdict=judge(case.request, case.facts, case.policy, case.now),
            policy=case.policy,
            level=case.request.level,
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
    stored = uow.planning.facts([_asked(errand) for errand in errands])
    sending = _Sending(
        clinic=clinic,
        signed=uow.decisions.signatures(),
        stopped=uow.clinics.why_stopped() is not None,
        stage=stage,
        released=_released(uow, clinic, errands, stored) if stage is Stage.SENDING else frozenset(),
    )
    return {
        errand: _case(errand, stored[errand.patient_id], sending, at=max(leaves_at, now), free_times=free_times)
        for errand, leaves_at in errands.items()
    }


def write_down(
    uow: UnitOfWork, judgements: Sequence[tuple[Judgement, OutboxId | None]], *, stage: Stage, now: datetime
) -> None:
    """Keep decisions, each with the message it was about."""
    uow.decisions.record([_decided(judgement, outbox_id, stage, now) for judgement, outbox_id in judgements])


def write_down_news(uow: UnitOfWork, refused: Sequence[Judgement], *, stage: Stage, now: datetime) -> None:
    """Keep refusals that say something new: what is asked again every minute is written down once."""
    for purpose in {judgement.errand.purpose for judgement in refused}:
        asked = [judgement for judgement in refused if judgement.errand.purpose is purpose]
        known = uow.decisions.latest_reasons([judgement.errand.patient_id for judgement in asked], purpose)
        new = [
            (each, None)
            for each in asked
            if isinstance(each.verdict, Refuse) and known.get(each.errand.patient_id) is not each.verdict.reason
        ]
        write_down(uow, new, stage=stage, now=now)


def _released(
    uow: UnitOfWork, clinic: Clinic, errands: Iterable[Errand], stored: Mapping[PatientId, StoredFacts]
) -> frozenset[Named]:
    """Which messages somebody let go; looked up only for whom a policy wants it."""
    waiting = {
        errand.patient_id
        for errand in errands
        if needs_release(clinic, stored[errand.patient_id].residence, errand.channel, errand.purpose)
    }
    return uow.releases.released(waiting) if waiting else frozenset()


def _asked(errand: Errand) -> Asked:
    return Asked(
        patient_id=errand.patient_id,
        purpose=errand.purpose,
        channel=errand.channel,
        campaign=errand.name,
        step=errand.step,
        about=errand.about,
    )


def _case(errand: Errand, stored: StoredFacts, sending: _Sending, *, at: datetime, free_times: int) -> Case:
    """One question, under the strictest policy of the clinic, the patient's residence and the channel."""
    policy = sending.clinic.policy_for(stored.residence, errand.channel)
    rule = policy.rule(errand.purpose)
    request = SendRequest(
        patient_id=errand.patient_id,
        purpose=errand.purpose,
        channel=errand.channel,
        level=rule.highest_level if rule is not None else LOCK_SCREEN,
        says=says_under(policy, errand.channel, errand.purpose),
        stage=sending.stage,
        step=errand.step,
    )
    # Who calls or posts a letter of the worklist lets it go by doing it; batches are on no worklist.
    by_a_person = errand.campaign is Campaign.REACTIVATION and errand.channel in BY_HAND
    facts = Facts(
        clinic=sending.rules(policy, stored.residence),
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
        rhythm_months=stored.rhythm_months,
        withheld=sending.clinic.withheld(stored.place, at),
        sent=NEVER_SENT if rule is None else _sent(stored, rule.caps, sending, at),
        address_id=stored.address_id,
        staff_owns=stored.staff_owns,
        asked=stored.state is not None and not isinstance(Talk.from_json(stored.state).chat.state, Idle),
        heard_at=stored.heard_at,
        duplicate=stored.duplicate(sending.stage),
        released=by_a_person or (errand.patient_id, errand.name, errand.step) in sending.released,
        free_times=free_times,
    )
    return Case(request=request, facts=facts, policy=policy, now=at)


def _sent(stored: StoredFacts, caps: Caps, sending: _Sending, at: datetime) -> Sent:
    zone = sending.clinic.zone
    since = Since(
        day_began=day_begins(local_day(at, zone), zone),
        week_began=at - WEEK,
        cycle_began=cycle_began(at, caps, zone),
        year_began=year_began(at, zone),
    )
    return stored.sent(since, sending.stage)


def _decided(judgement: Judgement, outbox_id: OutboxId | None, stage: Stage, now: datetime) -> Decided:
    verdict, policy = judgement.verdict, judgement.policy
    said = {Permit: StoredVerdict.PERMIT, Defer: StoredVerdict.DEFER, Refuse: StoredVerdict.REFUSE}[type(verdict)]
    return Decided(
        patient_id=PatientId(judgement.errand.patient_id),
        purpose=judgement.errand.purpose,
        stage=stage,
        verdict=said,
        policy=policy.id,
        policy_version=policy.version,
        policy_hash=policy.content_hash,
        at=now,
        outbox_id=outbox_id,
        reason=verdict.reason if isinstance(verdict, Refuse) else None,
        wait=verdict.reason if isinstance(verdict, Defer) else None,
        until=verdict.until if isinstance(verdict, Defer) else None,
        right_event_id=verdict.right if isinstance(verdict, Permit) else None,
    )
