"""Plans the programme: who is due, what they would get and when; one row in the outbox for each step, once.

Everything is found by a query on `now`, so that a jump of the clock or a day of downtime loses nothing. The gate judges
each message at the moment it is planned for, and again when it leaves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.services.approach import BY_HAND, approaches
from bot.services.campaigns import Errand, by_hand_name, reactivation_name
from bot.services.candidates import Candidates, Turns
from bot.services.clinic import Clinic
from bot.services.journeys import Journey, Judged, judge_journeys, put_journeys
from bot.services.judging import may_send
from bot.services.pacing import invitation_room
from bot.services.ports import Clock
from bot.services.resting import resting
from bot.services.visit_planning import check_in, remind
from bot.services.worklist_planning import WorklistTurns, plan_worklist
from flows.outreach.cadence import (
    FIRST_INVITATION,
    Campaign,
    invite_at,
    send_time,
    usual_hour,
)
from flows.outreach.hours import local_day
from flows.outreach.verdict import Defer, Permit, Wait
from flows.vocabulary import Channel
from storage.database import Database
from storage.records.planning import Candidate, CheckInDue, ReminderDue
from storage.unit_of_work import UnitOfWork

HOURS = frozenset({Wait.WEEKDAY, Wait.HOLIDAY, Wait.QUIET_HOURS})
"""Waits that are over as soon as the hours begin."""


class Planning:
    """Plans for one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the clinic to plan for."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._next = Candidates()
        self._reminders = Turns[ReminderDue]()
        self._check_ins = Turns[CheckInDue]()
        self._work_turns = WorklistTurns()

    async def plan_due(self) -> int:
        """Plan whatever is due; tells how many messages were planned: none under an unsigned policy or a stop."""
        return await self._database.write_alone(self._clinic.id, self._plan)

    def _plan(self, uow: UnitOfWork) -> int:
        if not may_send(uow, self._clinic):
            return 0
        now = self._clock.now()
        planned = remind(uow, self._clinic, self._reminders, now)
        planned += check_in(uow, self._clinic, self._check_ins, now)
        planned += self._invite(uow, now)
        planned += plan_worklist(uow, self._clinic, self._work_turns, now)
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
            judged = judge_journeys(uow, self._clinic, self._invitations(uow, open_to_it, now), now)
            planned += put_journeys(uow, self._clinic, self._in_their_hours(judged)[: room - planned], now)
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
