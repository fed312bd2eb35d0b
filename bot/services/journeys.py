"""A message of the programme on its way into the plan: what it is, where it goes, when, and what the gate said of it.

Each is judged at the moment it is to leave, and planned once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.approach import BY_HAND, STEPS
from bot.services.campaigns import Errand
from bot.services.clinic import Clinic
from bot.services.judging import Judgement, judge_all, write_down, write_down_news
from bot.services.pacing import OFFERS_EACH
from flows.ids import ConversationId, PatientId
from flows.outreach.verdict import Refuse, Stage
from storage.records.outgoing import NewOutbox
from storage.records.worklist import NewWork
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """An errand, where it goes, and when it is to leave (UTC)."""

    errand: Errand
    conversation_id: ConversationId | None
    at: datetime


Judged = tuple[Journey, Judgement]


def judge_journeys(uow: UnitOfWork, clinic: Clinic, journeys: Iterable[Journey], now: datetime) -> list[Judged]:
    """Ask the gate about messages, each at the moment it is to leave; a no is kept with its reason."""
    # One question a patient at a time: what waits behind it is found again at the next tick.
    firsts: dict[PatientId, Journey] = {}
    for journey in journeys:
        firsts.setdefault(journey.errand.patient_id, journey)
    errands = {journey.errand: journey.at for journey in firsts.values()}
    judged = judge_all(uow, clinic, errands, stage=Stage.PLANNED, now=now, free_times=OFFERS_EACH)
    refused = [each for each in judged.values() if isinstance(each.verdict, Refuse)]
    write_down_news(uow, refused, stage=Stage.PLANNED, now=now)
    return [(journey, judged[journey.errand]) for journey in firsts.values()]


def put_journeys(uow: UnitOfWork, clinic: Clinic, going: Sequence[Judged], now: datetime) -> int:
    """Plan what leaves by itself, and put on the worklist what a person does."""
    by_itself = [each for each in going if each[0].errand.channel not in BY_HAND]
    ids = uow.outbox.plan_many([_row(journey, judgement.level) for journey, judgement in by_itself], now=now)
    new = [(judgement, row) for (_, judgement), row in zip(by_itself, ids, strict=True) if row is not None]
    by_hand = [each for each in going if each[0].errand.channel in BY_HAND]
    work = uow.worklist.put([_work(clinic, journey) for journey, _ in by_hand], now=now)
    write_down(uow, [*new, *((judgement, None) for _, judgement in by_hand)], stage=Stage.PLANNED, now=now)
    return len(new) + work


def _work(clinic: Clinic, journey: Journey) -> NewWork:
    errand = journey.errand
    step = clinic.programme.first(STEPS[errand.channel])
    return NewWork(
        patient_id=errand.patient_id,
        kind=BY_HAND[errand.channel],
        campaign=errand.name,
        step=errand.step if step is None else step.number,
        due_at=journey.at,
    )


def _row(journey: Journey, level: int) -> NewOutbox:
    errand = journey.errand
    return NewOutbox(
        patient_id=errand.patient_id,
        channel=errand.channel,
        kind=OutboxKind.PROACTIVE,
        message_key=errand.campaign.value,
        level=level,
        not_before=journey.at,
        conversation_id=journey.conversation_id,
        purpose=errand.purpose,
        campaign=errand.name,
        step=errand.step,
    )
