"""Plans the programme: who is due, what they would get and when; one row in the outbox for each step, once.

Everything is found by a query on `now`, so that a jump of the clock or a day of downtime loses nothing. The gate judges
each message at the moment it is planned for, and again when it leaves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.approach import BY_HAND, STEPS, approaches
from bot.services.campaigns import Errand, by_hand_name, check_in_name, reactivation_name, reminder_name
from bot.services.candidates import Candidates
from bot.services.clinic import Clinic
from bot.services.judging import PASSING, Judgement, judge_all, may_send, write_down, write_down_news
from bot.services.pacing import OFFERS_EACH, PROGRAMME_CHANNELS, invitation_room
from bot.services.ports import Clock
from bot.services.resting import resting
from bot.services.worklist_planning import plan_worklist
from flows.ids import ConversationId, PatientId, VisitId
from flows.outreach.cadence import (
    CHECK_IN,
    CHECK_IN_LATEST_DAYS,
    FIRST_INVITATION,
    REMINDER,
    Campaign,
    check_in_at,
    invite_at,
    remind_at,
    send_time,
    usual_hour,
)
from flows.outreach.hours import local_day
from flows.outreach.verdict import Defer, Permit, Refuse, Stage, Wait
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.records.outgoing import NewOutbox
from storage.records.planning import Candidate, CheckInDue, ReminderDue
from storage.records.worklist import NewWork
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

BATCH = 200
REMINDERS_AHEAD = timedelta(days=60)
TOO_LATE = timedelta(days=CHECK_IN_LATEST_DAYS + 1)
HOURS = frozenset({Wait.WEEKDAY, Wait.HOLIDAY, Wait.QUIET_HOURS})
"""Waits that are over as soon as the hours begin."""


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
        self._next = Candidates()

    async def plan_due(self) -> int:
        """Plan whatever is due; tells how many messages were planned: none under an unsigned policy or a stop."""
        return await self._database.write(self._clinic.id, self._plan)

    def _plan(self, uow: UnitOfWork) -> int:
        if not may_send(uow, self._clinic):
            return 0
        now = self._clock.now()
        planned = sum(each(uow, now) for each in (self._remind, self._check_in, self._invite))
        planned += plan_worklist(uow, self._clinic, now)
        uow.commit()
        return planned

    def _invite(self, uow: UnitOfWork, now: datetime) -> int:
        """Plan the reactivation messages that are due, later steps first, never more than free time allows."""
        room = invitation_room(uow, self._clinic, now)
        planned = 0
        for page in self._next.pages(uow, self._clinic, now):
            if planned >= room:
                break
            rests = resting(uow, [candidate.patient_id for candidate in page], now)
            open_to_it = [candidate for candidate in page if candidate.patient_id not in rests]
            judged = self._judge(uow, self._invitations(uow, open_to_it, now), now)
            planned += self._put(uow, self._in_their_hours(judged)[: room - planned], now)
        return planned

    def _invitations(self, uow: UnitOfWork, page: Sequence[Candidate], now: datetime) -> Iterator[Journey]:
        """The next reactivation step of each candidate, at their hour, in the way they asked for."""
        channels = approaches(uow, self._clinic, page)
        answered = uow.planning.answered([candidate.patient_id for candidate in page])
        for candidate in page:
            hours = (at.astimezone(self._clinic.zone).hour for at in answered.get(candidate.patient_id, ()))
            usual, channel = usual_hour(hours), channels[candidate.patient_id]
            if (journey := self._invitation(candidate, channel, usual, now)) is not None:
                yield journey

    def _invitation(self, candidate: Candidate, channel: Channel, usual: int | None, now: datetime) -> Journey | None:
        """The next reactivation step of a candidate; None if it can never leave.

        Where a person does the first one, they are judged like a first message, and free to act as soon as allowed.
        """
        running = candidate.running
        found = self._clinic.programme.step(running.step + 1 if running else FIRST_INVITATION.number)
        if found is None:
            return None
        step, policy, calendar = found.planned_as, self._clinic.policy, self._clinic.calendar
        at = invite_at(step, running.sent_at if running else None, policy, calendar, now, usual)
        if at is None:
            return None
        name = running.campaign if running else reactivation_name(local_day(now, self._clinic.zone))
        errand = Errand(
            patient_id=candidate.patient_id,
            campaign=Campaign.REACTIVATION,
            name=by_hand_name(name, BY_HAND[channel]) if channel in BY_HAND else name,
            step=step.number,
            purpose=step.purpose,
            channel=channel,
        )
        chats = channel is candidate.reached.channel
        return Journey(errand=errand, conversation_id=candidate.reached.conversation_id if chats else None, at=at)

    def _in_their_hours(self, judged: Sequence[Judged]) -> list[Judged]:
        """Who may be written to; where the law of their place knows other hours than the clinic's, within those."""
        going: list[Judged] = []
        for journey, judgement in judged:
            match judgement.verdict:
                case Permit():
                    going.append((journey, judgement))
                case Defer(until=until, reason=reason) if reason in HOURS:
                    day, purpose = local_day(until, self._clinic.zone), journey.errand.purpose
                    good = send_time(day, purpose, judgement.policy, self._clinic.calendar)
                    going.append((replace(journey, at=max(until, good or until)), judgement))
        return going

    def _remind(self, uow: UnitOfWork, now: datetime) -> int:
        due = uow.planning.reminders_due(now, until=now + REMINDERS_AHEAD, channels=PROGRAMME_CHANNELS, limit=BATCH)
        journeys = (self._reminder(reminder, now) for reminder in due)
        judged = self._judge(uow, [journey for journey in journeys if journey is not None], now)
        return self._put(uow, [each for each in judged if isinstance(each[1].verdict, Permit)], now)

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
        talk = due.reached.conversation_id if due.reached else None
        # One that comes too late is judged for when it would be too late: the gate says so.
        return Journey(errand=errand, conversation_id=talk, at=at or visit.visit_at + TOO_LATE)

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
        """Plan what leaves by itself, and put on the worklist what a person does."""
        by_itself = [each for each in going if each[0].errand.channel not in BY_HAND]
        ids = uow.outbox.plan_many([_row(journey, judgement.level) for journey, judgement in by_itself], now=now)
        new = [(judgement, row) for (_, judgement), row in zip(by_itself, ids, strict=True) if row is not None]
        by_hand = [each for each in going if each[0].errand.channel in BY_HAND]
        work = uow.worklist.put([self._work(journey) for journey, _ in by_hand], now=now)
        write_down(uow, [*new, *((judgement, None) for _, judgement in by_hand)], stage=Stage.PLANNED, now=now)
        return len(new) + work

    def _work(self, journey: Journey) -> NewWork:
        errand = journey.errand
        step = self._clinic.programme.first(STEPS[errand.channel])
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
