"""Carries a campaign on when its messages have ended: a call, a letter or an e-mail, the dentist's list, and rest.

Each step is put on the worklist once; calls, letters and e-mails are judged by the gate like every message.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.services.approach import mails
from bot.services.campaigns import Errand, mail_name
from bot.services.candidates import Turns
from bot.services.clinic import Clinic
from bot.services.judging import Judgement, judge_all, write_down, write_down_news
from bot.services.pacing import OFFERS_EACH, due_query, last_message
from bot.services.resting import resting
from flows.outreach.cadence import FIRST_INVITATION, Campaign, invite_at
from flows.outreach.programme import ProgrammeStep, StepKind
from flows.outreach.verdict import Defer, Permit, Refusal, Refuse, Stage
from flows.vocabulary import Channel
from storage.records.outgoing import NewOutbox
from storage.records.worklist import HELD_FOR, NewWork, Silent
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind, WorkKind, WorkOutcome

BATCH = 200
GIVEN_UP_AFTER = timedelta(days=90)
"""Somebody whom a stricter policy keeps from further messages is not waited for longer than this."""

LASTING = frozenset(
    {
        Refusal.CAP_CYCLE,
        Refusal.CAP_YEAR,
        Refusal.PURPOSE_FORBIDDEN,
        Refusal.UNREACHED,
        Refusal.CHANNEL_CLOSED,
        Refusal.MUST_SAY,
        Refusal.CONTENT_LEVEL,
        Refusal.NO_RIGHT,
        Refusal.BASIS_EXPIRED,
    }
)
"""Refusals that waiting does not change: the step is left out, and the next one comes in its time."""


class WorklistTurns:
    """How far each step's silent people were looked through."""

    def __init__(self) -> None:
        """Begin at the top."""
        self.silent: defaultdict[int, Turns[Silent]] = defaultdict(Turns)
        self.unmailed: defaultdict[int, Turns[Silent]] = defaultdict(Turns)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stage:
    """A step of the programme at one moment."""

    uow: UnitOfWork
    clinic: Clinic
    step: ProgrammeStep
    now: datetime


def plan_worklist(uow: UnitOfWork, clinic: Clinic, turns: WorklistTurns, now: datetime) -> int:
    """Put on the worklist what is due at `now` (UTC), and take off it what is not wanted any more; tells how much."""
    changed = uow.worklist.settle(now=now, held_since=now - HELD_FOR)
    for step in clinic.programme.steps:
        if step.kind is StepKind.MESSAGE:
            continue
        stage = _Stage(uow=uow, clinic=clinic, step=step, now=now)
        if step.kind is StepKind.LETTER_OR_EMAIL:
            for unmailed in turns.unmailed[step.number].pages(partial(_unmailed, stage)):
                _write_after_all(stage, unmailed)
        if step.kind is StepKind.OFF_LIST:
            changed += _give_up_undecided(stage)
        for silent in turns.silent[step.number].pages(partial(_silent, stage)):
            changed += _go_on(stage, silent)
    return changed


def _go_on(stage: _Stage, silent: Sequence[Silent]) -> int:
    """Take the step with these people."""
    uow, clinic, now = stage.uow, stage.clinic, stage.now
    match stage.step.kind:
        case StepKind.CALL:
            return _by_hand(stage, silent, Channel.PHONE, WorkKind.CALL)
        case StepKind.LETTER_OR_EMAIL:
            mailed = _mail(stage, silent) if mails(clinic) else frozenset()
            left = [each for each in silent if each not in mailed]
            return len(mailed) + _by_hand(stage, left, Channel.LETTER, WorkKind.LETTER)
        case StepKind.DENTIST_LIST:
            return uow.worklist.put([_work(stage, each, WorkKind.DENTIST, now) for each in silent], now=now)
        case StepKind.OFF_LIST:
            gone = {each.patient_id for each in silent}
            uow.patients.take_off_list(gone, now=now)
            return len(gone)
        case StepKind.MESSAGE:
            return 0


def _silent(stage: _Stage, limit: int, after: Silent | None) -> Sequence[Silent]:
    """Whose step before came to nothing long enough ago."""
    clinic, now = stage.clinic, stage.now
    query = replace(due_query(clinic, now), channels=tuple(Channel))
    since = now - timedelta(days=stage.step.days)
    before = clinic.programme.step(stage.step.number - 1)
    if before is None or before.kind is StepKind.MESSAGE:
        return stage.uow.worklist.silent_after_messages(
            query,
            last_step=last_message(clinic),
            sent_before=since,
            given_up_before=now - GIVEN_UP_AFTER,
            limit=limit,
            after=after,
        )
    return stage.uow.worklist.silent_after(query, step=before.number, closed_before=since, limit=limit, after=after)


def _unmailed(stage: _Stage, limit: int, after: Silent | None) -> Sequence[Silent]:
    """Whose e-mail of this step reached nobody."""
    query = replace(due_query(stage.clinic, stage.now), channels=tuple(Channel))
    return stage.uow.worklist.unmailed(query, step=stage.step.number, limit=limit, after=after)


def _write_after_all(stage: _Stage, unmailed: Sequence[Silent]) -> None:
    """Have a letter posted to whom no e-mail reached, as `_by_hand`; what a person held back rests first."""
    rests = resting(stage.uow, [each.patient_id for each in unmailed], stage.now)
    awake = [each for each in unmailed if each.patient_id not in rests]
    for each, judgement in _judged(stage, awake, Channel.LETTER, stage.now):
        match judgement.verdict:
            case Permit():
                stage.uow.worklist.instead_of_mail(each, None, due_at=stage.now, now=stage.now)
            case Defer(until=until):
                stage.uow.worklist.instead_of_mail(each, None, due_at=until, now=stage.now)
            case Refuse(reason=reason) if reason in LASTING:
                stage.uow.worklist.instead_of_mail(each, WorkOutcome.SKIPPED, due_at=stage.now, now=stage.now)


def _by_hand(stage: _Stage, silent: Sequence[Silent], channel: Channel, kind: WorkKind) -> int:
    """Have a person do it, where the gate permits or only postpones; where it refuses for good, leave the step out."""
    work: list[NewWork] = []
    for each, judgement in _judged(stage, silent, channel, stage.now):
        match judgement.verdict:
            case Permit():
                work.append(_work(stage, each, kind, stage.now))
            case Defer(until=until):
                work.append(_work(stage, each, kind, until))
            case Refuse(reason=reason) if reason in LASTING:
                work.append(_work(stage, each, kind, stage.now, WorkOutcome.SKIPPED))
    return stage.uow.worklist.put(work, now=stage.now)


def _mail(stage: _Stage, silent: Sequence[Silent]) -> frozenset[Silent]:
    """Plan an e-mail for everybody whom the gate permits to get one at the next good hour; tells for whom."""
    clinic, now = stage.clinic, stage.now
    at = invite_at(FIRST_INVITATION, None, clinic.policy, clinic.calendar, now)
    if at is None:
        return frozenset()
    going = [
        (each, judgement)
        for each, judgement in _judged(stage, silent, Channel.EMAIL, at)
        if isinstance(judgement.verdict, Permit)
    ]
    rows = stage.uow.outbox.plan_many([_row(stage, each, judgement, at) for each, judgement in going], now=now)
    new = [(each, judgement, row) for (each, judgement), row in zip(going, rows, strict=True) if row is not None]
    write_down(stage.uow, [(judgement, row) for _, judgement, row in new], stage=Stage.PLANNED, now=now)
    done = [_work(stage, each, WorkKind.LETTER, at, WorkOutcome.MAILED) for each, _, _ in new]
    stage.uow.worklist.put(done, now=now)
    return frozenset(each for each, _, _ in new)


def _give_up_undecided(stage: _Stage) -> int:
    """Take off the active list whom the dentist has not decided about in time."""
    uow, now = stage.uow, stage.now
    late = uow.worklist.open((WorkKind.DENTIST,), until=now - timedelta(days=stage.step.days), limit=BATCH)
    for item in late:
        uow.worklist.close(item.id, WorkOutcome.TAKEN_OFF, staff_id=None, now=now)
    gone = {item.patient_id for item in late}
    uow.patients.take_off_list(gone, now=now)
    return len(gone)


def _judged(stage: _Stage, silent: Iterable[Silent], channel: Channel, at: datetime) -> list[tuple[Silent, Judgement]]:
    errands = {each.patient_id: _errand(stage, each, channel) for each in silent}
    judged = judge_all(
        stage.uow,
        stage.clinic,
        dict.fromkeys(errands.values(), at),
        stage=Stage.PLANNED,
        now=stage.now,
        free_times=OFFERS_EACH,
    )
    refused = [one for one in judged.values() if isinstance(one.verdict, Refuse)]
    write_down_news(stage.uow, refused, stage=Stage.PLANNED, now=stage.now)
    return [(each, judged[errands[each.patient_id]]) for each in silent]


def _errand(stage: _Stage, each: Silent, channel: Channel) -> Errand:
    return Errand(
        patient_id=each.patient_id,
        campaign=Campaign.REACTIVATION,
        name=mail_name(each.campaign) if channel is Channel.EMAIL else each.campaign,
        step=stage.step.number,
        purpose=stage.step.purpose,
        channel=channel,
    )


def _work(stage: _Stage, each: Silent, kind: WorkKind, due_at: datetime, outcome: WorkOutcome | None = None) -> NewWork:
    return NewWork(
        patient_id=each.patient_id,
        kind=kind,
        campaign=each.campaign,
        step=stage.step.number,
        due_at=due_at,
        outcome=outcome,
    )


def _row(stage: _Stage, each: Silent, judgement: Judgement, at: datetime) -> NewOutbox:
    return NewOutbox(
        patient_id=each.patient_id,
        channel=Channel.EMAIL,
        kind=OutboxKind.PROACTIVE,
        message_key=Campaign.REACTIVATION.value,
        level=judgement.level,
        not_before=at,
        purpose=stage.step.purpose,
        campaign=mail_name(each.campaign),
        step=stage.step.number,
    )
