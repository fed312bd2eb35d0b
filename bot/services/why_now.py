"""How it stands with somebody now: whether the programme would write to them, and all that speaks against it.

The gate itself is asked, about the message that would come next; nothing is planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.approach import BY_HAND
from bot.services.campaigns import Errand, reactivation_name, read_errand
from bot.services.clinic import Clinic
from bot.services.judging import gather
from bot.services.pacing import OFFERS_EACH, programme_channels
from bot.services.resting import Rest, resting
from flows.ids import PatientId
from flows.outreach.cadence import FIRST_INVITATION, Campaign, Step
from flows.outreach.case import PROGRAMME, Case
from flows.outreach.gate import judge, objections
from flows.outreach.hours import local_day
from flows.outreach.outlook import ends_by
from flows.outreach.policy import Automation
from flows.outreach.verdict import Defer, Refusal, Stage, Wait
from flows.vocabulary import Channel
from storage.records.planning import LEFT, PENDING
from storage.repositories.message_log import Logged
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

ONE_DAY = timedelta(days=1)
OTHER_WAYS = (Channel.EMAIL, Channel.LETTER, Channel.PHONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Against:
    """An objection, and by when (UTC) it ends by itself; None: not without somebody doing something."""

    reason: Refusal
    ends_by: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """The next message of the programme to somebody, by one channel, as the gate sees it now.

    waiting: it is planned already. against: all that forbids it. wait and until: if nothing does, what it waits for
    and how long (UTC). needs_release: a person has to let it go before it leaves.
    """

    channel: Channel
    step: int
    waiting: Logged | None
    against: tuple[Against, ...]
    rest: Rest | None
    wait: Wait | None
    until: datetime | None
    needs_release: bool


def why_now(
    uow: UnitOfWork,
    clinic: Clinic,
    patient_id: PatientId,
    log: Sequence[Logged],
    now: datetime,
    *,
    channels: Sequence[Channel] = (),
) -> tuple[Outlook, ...]:
    """Ask the gate about the next message to a patient, by each channel in turn.

    log: what was sent or is planned, the latest first. now: aware UTC. channels: none given, all there are.
    """
    asking = _Asking(
        uow=uow,
        clinic=clinic,
        patient_id=patient_id,
        log=log,
        now=now,
        rest=resting(uow, [patient_id], now).get(patient_id),
        waiting=_soonest(log),
    )
    return tuple(asking.outlook(channel) for channel in channels or (*programme_channels(clinic), *OTHER_WAYS))


def _soonest(log: Sequence[Logged]) -> Logged | None:
    """What is planned, and leaves first."""
    planned = [one for one in log if one.status in PENDING and one.kind is OutboxKind.PROACTIVE]
    return min(planned, key=lambda one: one.not_before, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asking:
    """The questions about one person."""

    uow: UnitOfWork
    clinic: Clinic
    patient_id: PatientId
    log: Sequence[Logged]
    now: datetime
    rest: Rest | None
    waiting: Logged | None

    def outlook(self, channel: Channel) -> Outlook:
        case = self._next(channel)
        against = objections(case.request, case.facts, case.policy, case.now)
        verdict = judge(case.request, case.facts, case.policy, case.now)
        rule = case.policy.rule(case.purpose)
        by_hand = channel in BY_HAND
        return Outlook(
            channel=channel,
            step=case.request.step,
            waiting=self.waiting,
            against=tuple(Against(reason=reason, ends_by=ends_by(reason, case)) for reason in against),
            rest=self.rest,
            wait=verdict.reason if isinstance(verdict, Defer) else None,
            until=verdict.until if isinstance(verdict, Defer) else None,
            needs_release=rule is not None and rule.automation is Automation.HUMAN_RELEASE and not by_hand,
        )

    def _next(self, channel: Channel) -> Case:
        """The message that would come next by this channel: the planned one, the next step, or a first one."""
        planned = self.waiting
        if planned is not None and planned.purpose in PROGRAMME and planned.channel is channel:
            return self._case(read_errand(planned), at=max(planned.not_before, self.now))
        # Named by tomorrow: whoever was invited today had that one, and it does not stand in the way of another.
        name = reactivation_name(local_day(self.now, self.clinic.zone) + ONE_DAY)
        first = self._not_planned(self._errand(FIRST_INVITATION, name, channel))
        running = _running(self.log)
        if running is None or running.campaign is None or not _is_unanswered(first, running):
            return first
        step = self.clinic.programme.step((running.step or 0) + 1)
        if step is None:
            return first
        return self._not_planned(self._errand(step.planned_as, running.campaign, channel))

    def _not_planned(self, errand: Errand) -> Case:
        """The question about a message nobody could have released yet."""
        case = self._case(errand, at=self.now)
        return replace(case, facts=replace(case.facts, released=True))

    def _case(self, errand: Errand, *, at: datetime) -> Case:
        # Asked as if it were about to leave: whoever wants to know why nothing comes wants to hear of a stop as well.
        return gather(self.uow, self.clinic, {errand: at}, stage=Stage.SENDING, now=self.now, free_times=OFFERS_EACH)[
            errand
        ]

    def _errand(self, step: Step, name: str, channel: Channel) -> Errand:
        return Errand(
            patient_id=self.patient_id,
            campaign=Campaign.REACTIVATION,
            name=name,
            step=step.number,
            purpose=step.purpose,
            channel=channel,
        )


def _running(log: Sequence[Logged]) -> Logged | None:
    """The latest step of a reactivation that left."""
    prefix = f"{Campaign.REACTIVATION.value}:"
    return next((one for one in log if one.status in LEFT and (one.campaign or "").startswith(prefix)), None)


def _is_unanswered(case: Case, running: Logged) -> bool:
    heard_at, seen = case.facts.heard_at, case.facts.last_visit_on
    if running.sent_at is None:
        return False
    came = seen is not None and seen >= case.day_of(running.sent_at)
    return not came and (heard_at is None or heard_at < running.sent_at)
