"""One item of the worklist in the hands of staff: what its outcome or a decision about it brings with it.

All of it happens in the transaction of the act, and closes the item unless a call is to be tried again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.rights import ENDED_BY_STOP, PAUSED, pause_event, stop_events, wrong_person_event
from bot.services.situation import Occasion
from bot.services.work_ports import CallOutcome, Decision
from flows.ids import StaffId
from flows.messages.text import LOCK_SCREEN
from flows.outreach.bands import add_months
from flows.outreach.hours import day_begins, local_day, next_allowed
from flows.outreach.ledger import ActedBy
from flows.vocabulary import Channel, Purpose
from storage.records.outgoing import Lease, NewOutbox
from storage.records.worklist import NewWork, Work
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind, WorkKind, WorkOutcome

CHANNELS = {WorkKind.CALL: Channel.PHONE, WorkKind.LETTER: Channel.LETTER}
"""How each kind of work reaches somebody."""

DECIDED = {
    Decision.KEEP: WorkOutcome.KEPT,
    Decision.WRITE: WorkOutcome.WRITTEN,
    Decision.REST: WorkOutcome.RESTED,
    Decision.TAKE_OFF: WorkOutcome.TAKEN_OFF,
}
_REACHED = frozenset({CallOutcome.REACHED_BOOKED, CallOutcome.REACHED_LATER, CallOutcome.ASKED_TO_STOP})
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)
_TOKEN_BYTES = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkAtHand:
    """An item, the transaction it is worked on in, and the moment (aware UTC)."""

    uow: UnitOfWork
    clinic: Clinic
    item: Work
    now: datetime

    def settle_call(self, outcome: CallOutcome, months: int | None) -> None:
        """Do what the outcome of a call asks for; months: after which to write again, where they said "later"."""
        here = self._occasion()
        match outcome:
            case CallOutcome.NOT_REACHED:
                self.uow.patients.contacted([self.item.patient_id], now=self.now)
                if self.item.attempts + 1 < self.clinic.programme.call_attempts:
                    self.uow.worklist.attempted(self.item.id, next_at=self._tomorrow())
                    return
            case CallOutcome.WRONG_NUMBER:
                address_id = self.uow.invites.address_of(self.item.patient_id, Channel.PHONE)
                if address_id is not None:
                    self.uow.ledger.append(wrong_person_event(here, address_id))
            case CallOutcome.REACHED_LATER:
                until = day_begins(add_months(local_day(self.now, self.clinic.zone), months or 0), self.clinic.zone)
                self.uow.ledger.append(pause_event(here, until=until))
                self.uow.outbox.withdraw(self.item.patient_id, PAUSED, reason="paused")
            case CallOutcome.ASKED_TO_STOP:
                self.uow.ledger.append(stop_events(here))
                self.uow.outbox.withdraw(self.item.patient_id, ENDED_BY_STOP, reason="stopped")
            case CallOutcome.REACHED_BOOKED:
                self.uow.outbox.withdraw(self.item.patient_id, PAUSED, reason="booked")
        if outcome in _REACHED:
            self.record_contact()
        self.uow.worklist.close(self.item.id, WorkOutcome(outcome.value), staff_id=self.item.staff_id, now=self.now)

    def carry_out(self, decision: Decision, staff_id: StaffId) -> None:
        """Do what a dentist or a manager decided about somebody whom nobody reached."""
        match decision:
            case Decision.KEEP:
                self.uow.patients.rest([self.item.patient_id], now=self.now)
            case Decision.WRITE:
                letter = NewWork(
                    patient_id=self.item.patient_id,
                    kind=WorkKind.LETTER,
                    campaign=self.item.campaign,
                    step=self.item.step,
                    due_at=self.now,
                )
                self.uow.worklist.put([letter], now=self.now)
            case Decision.REST:
                until = add_months(local_day(self.now, self.clinic.zone), self.clinic.programme.rest_months)
                here = self._occasion()
                self.uow.ledger.append(
                    pause_event(here, until=day_begins(until, self.clinic.zone), acted_by=ActedBy.STAFF)
                )
            case Decision.TAKE_OFF:
                self.uow.patients.take_off_list([self.item.patient_id], now=self.now)
        self.uow.worklist.close(self.item.id, DECIDED[decision], staff_id=staff_id, now=self.now)

    def record_contact(self) -> None:
        """Let a call that reached somebody, or a letter, count like every message that left."""
        lease = Lease(token=secrets.token_urlsafe(_TOKEN_BYTES), until=self.now + _AN_HOUR)
        row = NewOutbox(
            patient_id=self.item.patient_id,
            channel=CHANNELS[self.item.kind],
            kind=OutboxKind.PROACTIVE,
            message_key=self.item.kind.value,
            level=LOCK_SCREEN,
            not_before=self.now,
            purpose=Purpose.RECALL,
            campaign=self.item.campaign,
            step=self.item.step,
            staff_id=self.item.staff_id,
            lease=lease,
        )
        outbox_id = self.uow.outbox.plan(row, now=self.now)
        if outbox_id is not None:
            self.uow.outbox.mark_sent({outbox_id: None}, lease.token, self.now)

    def _tomorrow(self) -> datetime:
        rule = self.clinic.policy.rule(Purpose.RECALL)
        next_day = self.now + _A_DAY
        if rule is None:
            return next_day
        return next_allowed(next_day, rule.hours, self.clinic.zone, self.clinic.holidays_for(None)) or next_day

    def _occasion(self) -> Occasion:
        return Occasion(
            uow=self.uow,
            clinic=self.clinic,
            patient_id=self.item.patient_id,
            channel=Channel.PHONE,
            now=self.now,
            source=f"worklist:{self.item.id}",
        )
