"""Plans the programme: who is due, what they would get and when; one row in the outbox for each step, once.

Everything is found by a query on `now`, so that a jump of the clock or a day of downtime loses nothing. The gate judges
each message at the moment it is planned for, and again when it leaves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.campaigns import Errand, check_in_name, reactivation_name, reminder_name
from bot.services.clinic import Clinic
from bot.services.judging import Judgement, judge_all, may_send, write_down
from bot.services.ports import Clock
from flows.ids import ConversationId, PatientId
from flows.outreach.cadence import (
    CHECK_IN,
    FIRST_INVITATION,
    REMINDER,
    SECOND_INVITATION,
    Campaign,
    check_in_at,
    invite_at,
    remind_at,
)
from flows.outreach.hours import local_day
from flows.outreach.verdict import Permit, Stage
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.records.outgoing import NewOutbox
from storage.records.planning import Candidate, CheckInDue, DueQuery, ReminderDue
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

BATCH = 200
REMINDERS_AHEAD = timedelta(days=60)
OFFERS_EACH = 2
PROGRAMME_CHANNELS = (Channel.WEBCHAT,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """An errand, where it goes, and when it is to leave (UTC)."""

    errand: Errand
    conversation_id: ConversationId | None
    at: datetime


class Planning:
    """Plans for one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the clinic to plan for."""
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def plan_due(self) -> int:
        """Plan whatever is due; tells how many messages were planned. An unsigned policy plans nothing to be sent."""
        return await self._database.write(self._clinic.id, self._plan)

    def _plan(self, uow: UnitOfWork) -> int:
        if not may_send(uow, self._clinic):
            return 0
        now = self._clock.now()
        planned = sum(
            self._put(uow, journeys, now)
            for journeys in (self._reminders(uow, now), self._check_ins(uow, now), self.invitations(uow, now))
        )
        uow.commit()
        return planned

    def invitations(self, uow: UnitOfWork, now: datetime) -> list[Journey]:
        """The reactivation messages that are due, later steps first, never more than free time allows."""
        query = self.query(now)
        room = self._room(uow, now)
        gap = timedelta(days=SECOND_INVITATION.days)
        later = uow.planning.follow_ups(
            query, step=SECOND_INVITATION.number, sent_before=now - gap, limit=min(BATCH, room)
        )
        first = uow.planning.due(query, limit=min(BATCH, room - len(later))) if room > len(later) else []
        journeys = (self.invitation(candidate, now) for candidate in (*later, *first))
        return [journey for journey in journeys if journey is not None]

    def invitation(self, candidate: Candidate, now: datetime) -> Journey | None:
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

    def query(self, now: datetime) -> DueQuery:
        """The bounds of being due at this moment."""
        return DueQuery(
            now=now,
            today=local_day(now, self._clinic.zone),
            zone=self._clinic.zone,
            lapsed=self._clinic.lapsed,
            minor_age=self._clinic.policy.minor_age,
            channels=PROGRAMME_CHANNELS,
        )

    def _room(self, uow: UnitOfWork, now: datetime) -> int:
        """How many people may be invited: a share of the free times, each invitation offering two of them."""
        free = uow.calendar.free_count(
            visit_type_id=self._clinic.recall_type,
            provider_ids=self._clinic.providers,
            now=now,
            rules=self._clinic.offer_rules,
        )
        return int(free * self._clinic.settings.recall.share_of_free_times / OFFERS_EACH)

    def _reminders(self, uow: UnitOfWork, now: datetime) -> list[Journey]:
        due = uow.planning.reminders_due(now, until=now + REMINDERS_AHEAD, channels=PROGRAMME_CHANNELS, limit=BATCH)
        journeys = (self._reminder(reminder, now) for reminder in due)
        return [journey for journey in journeys if journey is not None]

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

    def _check_ins(self, uow: UnitOfWork, now: datetime) -> list[Journey]:
        due = uow.planning.check_ins_due(now, channels=PROGRAMME_CHANNELS, limit=BATCH)
        uow.visits.check_in_settled([each.visit.visit_id for each in due])
        journeys = (self._check_in(each, now) for each in due)
        return [journey for journey in journeys if journey is not None]

    def _check_in(self, due: CheckInDue, now: datetime) -> Journey | None:
        visit = due.visit
        at = check_in_at(visit.visit_at, visit.care, self._clinic.policy, self._clinic.calendar, now)
        if at is None or due.reached is None:
            return None
        errand = Errand(
            patient_id=visit.patient_id,
            campaign=Campaign.CHECK_IN,
            name=check_in_name(visit.visit_id),
            step=CHECK_IN.number,
            purpose=Purpose.POSTVISIT,
            channel=due.reached.channel,
            about=visit.visit_id,
        )
        return Journey(errand=errand, conversation_id=due.reached.conversation_id, at=at)

    def _put(self, uow: UnitOfWork, journeys: Iterable[Journey], now: datetime) -> int:
        # One question a patient at a time: what waits behind it is found again at the next tick.
        by_patient: dict[PatientId, Journey] = {}
        for journey in journeys:
            by_patient.setdefault(journey.errand.patient_id, journey)
        judged = self.judge(uow, by_patient.values(), now)
        permitted = [journey for journey in by_patient.values() if isinstance(judged[journey.errand].verdict, Permit)]
        rows = [_row(journey, judged[journey.errand].level) for journey in permitted]
        ids = uow.outbox.plan_many(rows, now=now)
        new = [
            (judged[journey.errand], outbox_id)
            for journey, outbox_id in zip(permitted, ids, strict=True)
            if outbox_id is not None
        ]
        write_down(uow, self._clinic, new, stage=Stage.PLANNED, now=now)
        return len(new)

    def judge(self, uow: UnitOfWork, journeys: Iterable[Journey], now: datetime) -> dict[Errand, Judgement]:
        """Ask the gate about messages, each at the moment it is to leave."""
        return judge_all(
            uow,
            self._clinic,
            {journey.errand: journey.at for journey in journeys},
            stage=Stage.PLANNED,
            now=now,
            free_times=OFFERS_EACH,
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
