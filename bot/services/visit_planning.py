"""Plans the messages about visits: the reminder before one, the check-in after.

Each is planned for the hours of the patient's own policy, and whoever is refused keeps nobody behind them waiting.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.services.campaigns import Errand, check_in_name, reminder_name
from bot.services.candidates import Turns
from bot.services.clinic import Clinic
from bot.services.journeys import Journey, Judged, judge_journeys, put_journeys
from bot.services.judging import PASSING
from bot.services.pacing import programme_channels
from flows.ids import AppointmentId, VisitId
from flows.outreach.cadence import (
    CHECK_IN,
    CHECK_IN_LATEST_DAYS,
    NOTICE,
    REMINDER,
    Campaign,
    check_in_at,
    remind_at,
)
from flows.outreach.policy import Policy
from flows.outreach.verdict import Defer, Permit, Refuse
from flows.vocabulary import Purpose
from storage.records.planning import CheckInDue, ReminderDue
from storage.unit_of_work import UnitOfWork

REMINDERS_AHEAD = timedelta(days=60)
TOO_LATE = timedelta(days=CHECK_IN_LATEST_DAYS + 1)


def remind(uow: UnitOfWork, clinic: Clinic, turns: Turns[ReminderDue], now: datetime) -> int:
    """Plan the reminders that are due at `now` (UTC); tells how many."""
    until = now + REMINDERS_AHEAD

    def read(limit: int, after: ReminderDue | None) -> Sequence[ReminderDue]:
        channels = programme_channels(clinic)
        return uow.planning.reminders_due(now, until=until, channels=channels, limit=limit, after=after)

    return sum(_remind_of(uow, clinic, page, now) for page in turns.pages(read))


def _remind_of(uow: UnitOfWork, clinic: Clinic, page: Sequence[ReminderDue], now: datetime) -> int:
    """Plan reminders; where the law of their place knows other hours than the clinic's, within those."""
    visits = {each.appointment_id: each for each in page}
    own = clinic.policy
    planned = [journey for each in page if (journey := _reminder(clinic, each, own, now)) is not None]
    going: list[Judged] = []
    other_hours: list[Journey] = []
    for journey, judgement in judge_journeys(uow, clinic, planned, now):
        match judgement.verdict:
            case Permit():
                going.append((journey, judgement))
            case Defer():
                visit = visits[AppointmentId(journey.errand.about or 0)]
                other_hours.append(_reminder(clinic, visit, judgement.policy, now) or journey)
    for journey, judgement in judge_journeys(uow, clinic, other_hours, now):
        visit = visits[AppointmentId(journey.errand.about or 0)]
        match judgement.verdict:
            case Permit():
                going.append((journey, judgement))
            case Defer(until=until) if until <= visit.starts_at - NOTICE:
                going.append((replace(journey, at=until), judgement))
    return put_journeys(uow, clinic, going, now)


def _reminder(clinic: Clinic, due: ReminderDue, policy: Policy, now: datetime) -> Journey | None:
    at = remind_at(due.starts_at, due.agreed_at, policy, clinic.calendar, now)
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


def check_in(uow: UnitOfWork, clinic: Clinic, turns: Turns[CheckInDue], now: datetime) -> int:
    """Plan the check-ins that are due at `now` (UTC); tells how many."""

    def read(limit: int, after: CheckInDue | None) -> Sequence[CheckInDue]:
        return uow.planning.check_ins_due(now, channels=programme_channels(clinic), limit=limit, after=after)

    return sum(_check_in_with(uow, clinic, page, now) for page in turns.pages(read))


def _check_in_with(uow: UnitOfWork, clinic: Clinic, due: Sequence[CheckInDue], now: datetime) -> int:
    by_errand = {journey.errand: (each, journey) for each in due for journey in (_check_in_of(clinic, each, now),)}
    going: list[Judged] = []
    settled: list[VisitId] = []
    for journey, judgement in judge_journeys(uow, clinic, [journey for _, journey in by_errand.values()], now):
        match judgement.verdict:
            case Refuse(reason=reason) if reason in PASSING:
                continue
            case Permit():
                going.append((journey, judgement))
            case Defer(until=until):
                going.append((replace(journey, at=until), judgement))
        settled.append(by_errand[journey.errand][0].visit.visit_id)
    uow.visits.check_in_settled(settled)
    return put_journeys(uow, clinic, going, now)


def _check_in_of(clinic: Clinic, due: CheckInDue, now: datetime) -> Journey:
    visit = due.visit
    at = check_in_at(visit.visit_at, visit.care, clinic.policy, clinic.calendar, now)
    errand = Errand(
        patient_id=visit.patient_id,
        campaign=Campaign.CHECK_IN,
        name=check_in_name(visit.visit_id),
        step=CHECK_IN.number,
        purpose=Purpose.POSTVISIT,
        channel=due.reached.channel if due.reached else programme_channels(clinic)[0],
        about=visit.visit_id,
    )
    talk = due.reached.conversation_id if due.reached else None
    # One that comes too late is judged for when it would be too late: the gate says so.
    return Journey(errand=errand, conversation_id=talk, at=at or visit.visit_at + TOO_LATE)
