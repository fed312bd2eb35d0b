"""Plans the programme: who is due, what they would get and when; one row in the outbox for each step, once.

Everything is found by a query on `now`, so that a jump of the clock or a day of downtime loses nothing. The gate judges
each message at the moment it is planned for, and again when it leaves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.campaigns import Errand, check_in_name, reactivation_name, reminder_name
from bot.services.clinic import Clinic
from bot.services.judging import PASSING, Judgement, judge_all, may_send, write_down, write_down_news
from bot.services.pacing import OFFERS_EACH, PROGRAMME_CHANNELS, due_query, further_steps, invitation_room
from bot.services.ports import Clock
from flows.ids import ConversationId, PatientId, VisitId
from flows.outreach.cadence import (
    CHECK_IN,
    CHECK_IN_LATEST_DAYS,
    FIRST_INVITATION,
    REMINDER,
    SECOND_INVITATION,
    Campaign,
    check_in_at,
    invite_at,
    remind_at,
)
from flows.outreach.hours import local_day
from flows.outreach.verdict import Defer, Permit, Refuse, Stage
from flows.vocabulary import Purpose
from storage.database import Database
from storage.records.outgoing import NewOutbox
from storage.records.planning import Candidate, CheckInDue, ReminderDue
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

BATCH = 200
MOST_PAGES = 5
REMINDERS_AHEAD = timedelta(days=60)
TOO_LATE = timedelta(days=CHECK_IN_LATEST_DAYS + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """An errand, where it goes, and when it is to leave (UTC)."""

    errand: Errand
    conversation_id: ConversationId | None
    at: datetime


Judged = tuple[Journey, Judgement]


class Planning:
    """Plans for one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the clinic to plan for."""
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def plan_due(self) -> int:
        """Plan whatever is due; tells how many messages were planned: none under an unsigned policy or a stop."""
        return await self._database.write(self._clinic.id, self._plan)

    def _plan(self, uow: UnitOfWork) -> int:
        if not may_send(uow, self._clinic):
            return 0
        now = self._clock.now()
        planned = sum(each(uow, now) for each in (self._remind, self._check_in, self._invite))
        uow.commit()
        return planned

    def _invite(self, uow: UnitOfWork, now: datetime) -> int:
        """Plan the reactivation messages that are due, later steps first, never more than free time allows."""
        room = invitation_room(uow, self._clinic, now)
        planned = 0
        for page in self._candidates(uow, now):
            if planned >= room:
                break
            journeys = (self._invitation(candidate, now) for candidate in page)
            judged = self._judge(uow, [journey for journey in journeys if journey is not None], now)
            planned += self._put(uow, _permitted(judged)[: room - planned], now)
        return planned

    def _candidates(self, uow: UnitOfWork, now: datetime) -> Iterator[Sequence[Candidate]]:
        yield further_steps(uow, self._clinic, now, limit=BATCH)
        last = None
        # Whom the gate refuses stays due: without further pages they would stand before everybody else for ever.
        for _ in range(MOST_PAGES):
            page = uow.planning.due(due_query(self._clinic, now), limit=BATCH, after=last)
            yield page
            if len(page) < BATCH:
                return
            last = page[-1]

    def _invitation(self, candidate: Candidate, now: datetime) -> Journey | None:
        """The next reactivation message of a candidate; None if it can never leave, or nobody is reached."""
        running = candidate.running
        step = FIRST_INVITATION if running is None else SECOND_INVITATION
        at = invite_at(step, running.sent_at if running else None, self._clinic.policy, self._clinic.calendar, now)
        if at is None or candidate.reached is None:
            return None
        name = running.campaign if running else reactivation_name(local_day(now, self._clinic.zone))
        errand = Errand(
            patient_id=candidate.patient_id,
            campaign=Campaign.REACTIVATION,
            name=name,
            step=step.number,
            purpose=step.purpose,
            channel=candidate.reached.channel,
        )
        return Journey(errand=errand, conversation_id=candidate.reached.conversation_id, at=at)

    def _remind(self, uow: UnitOfWork, now: datetime) -> int:
        due = uow.planning.reminders_due(now, until=now + REMINDERS_AHEAD, channels=PROGRAMME_CHANNELS, limit=BATCH)
        journeys = (self._reminder(reminder, now) for reminder in due)
        judged = self._judge(uow, [journey for journey in journeys if journey is not None], now)
        return self._put(uow, _permitted(judged), now)

    def _reminder(self, due: ReminderDue, now: datetime) -> Journey | None:
        at = remind_at(due.starts_at, due.agreed_at, self._clinic.policy, self._clinic.calendar, now)
        if at is None:
            return None
        errand = Errand(
            patient_id=due.patient_id,
            campaign=Campaign.REMINDER,
            name=reminder_name(due.appointment_id, due.sequence),
            step=REMINDER.number,
            purpose=REMINDER.purpose,
            channel=due.reached.channel,
            about=due.appointment_id,
        )
        return Journey(errand=errand, conversation_id=due.reached.conversation_id, at=at)

    def _check_in(self, uow: UnitOfWork, now: datetime) -> int:
        due = uow.planning.check_ins_due(now, channels=PROGRAMME_CHANNELS, limit=BATCH)
        by_errand = {journey.errand: (each, journey) for each in due for journey in (self._check_in_of(each, now),)}
        going: list[Judged] = []
        settled: list[VisitId] = []
        for journey, judgement in self._judge(uow, [journey for _, journey in by_errand.values()], now):
            match judgement.verdict:
                case Refuse(reason=reason) if reason in PASSING:
                    continue
                case Permit():
                    going.append((journey, judgement))
                case Defer(until=until):
                    going.append((replace(journey, at=until), judgement))
            settled.append(by_errand[journey.errand][0].visit.visit_id)
        uow.visits.check_in_settled(settled)
        return self._put(uow, going, now)

    def _check_in_of(self, due: CheckInDue, now: datetime) -> Journey:
        visit = due.visit
        at = check_in_at(visit.visit_at, visit.care, self._clinic.policy, self._clinic.calendar, now)
        errand = Errand(
            patient_id=visit.patient_id,
            campaign=Campaign.CHECK_IN,
            name=check_in_name(visit.visit_id),
            step=CHECK_IN.number,
            purpose=Purpose.POSTVISIT,
            channel=due.reached.channel if due.reached else PROGRAMME_CHANNELS[0],
            about=visit.visit_id,
        )
        # One that comes too late is judged for when it would be too late: the gate says so.
        late = visit.visit_at + TOO_LATE
        talk = due.reached.conversation_id if due.reached else None
        return Journey(errand=errand, conversation_id=talk, at=at or late)

    def _judge(self, uow: UnitOfWork, journeys: Iterable[Journey], now: datetime) -> list[Judged]:
        """Ask the gate about messages, each at the moment it is to leave; a no is kept with its reason."""
        # One question a patient at a time: what waits behind it is found again at the next tick.
        firsts: dict[PatientId, Journey] = {}
        for journey in journeys:
            firsts.setdefault(journey.errand.patient_id, journey)
        errands = {journey.errand: journey.at for journey in firsts.values()}
        judged = judge_all(uow, self._clinic, errands, stage=Stage.PLANNED, now=now, free_times=OFFERS_EACH)
        refused = [each for each in judged.values() if isinstance(each.verdict, Refuse)]
        write_down_news(uow, refused, stage=Stage.PLANNED, now=now)
        return [(journey, judged[journey.errand]) for journey in firsts.values()]

    def _put(self, uow: UnitOfWork, going: Sequence[Judged], now: datetime) -> int:
        ids = uow.outbox.plan_many([_row(journey, judgement.level) for journey, judgement in going], now=now)
        new = [
            (judgement, outbox_id)
            for (_, judgement), outbox_id in zip(going, ids, strict=True)
            if outbox_id is not None
        ]
        write_down(uow, new, stage=Stage.PLANNED, now=now)
        return len(new)


def _permitted(judged: Sequence[Judged]) -> list[Judged]:
    return [(journey, judgement) for journey, judgement in judged if isinstance(judgement.verdict, Permit)]


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
