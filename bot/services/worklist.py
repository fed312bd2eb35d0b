"""What staff do about the worklist: calls, letters, and the dentist's own list. Every act is one transaction, audited.

Invariant: nobody is called and no letter is posted before the gate said yes at that moment; a number is shown to
whoever holds the call, and to nobody else.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.services.campaigns import Errand, begins_by_hand
from bot.services.clinic import Clinic
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.judging import judge_all, write_down
from bot.services.pacing import OFFERS_EACH
from bot.services.ports import Clock
from bot.services.rights import pause_event, stop_events, wrong_person_event
from bot.services.situation import Occasion
from bot.services.views import StaffMember, WorkView
from bot.services.work_ports import LATER_MONTHS, CallOutcome, Decision
from bot.services.work_views import work_views
from flows.ids import StaffId
from flows.messages.text import LOCK_SCREEN
from flows.outreach.bands import add_months
from flows.outreach.cadence import FIRST_INVITATION, Campaign
from flows.outreach.hours import day_begins, local_day, next_allowed
from flows.outreach.ledger import ActedBy
from flows.outreach.verdict import Defer, Refuse, Stage
from flows.vocabulary import Channel, Purpose, Role
from storage.database import Database
from storage.records.outgoing import Lease, NewOutbox
from storage.records.worklist import NewWork, Work
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind, StaffDid, WorkKind, WorkOutcome

MOST_ROWS = 200
HELD_FOR = timedelta(hours=1)
"""After so long a call that somebody began may be taken by a colleague."""

DECIDES = frozenset({Role.DENTIST, Role.MANAGER})
_CHANNELS = {WorkKind.CALL: Channel.PHONE, WorkKind.LETTER: Channel.LETTER}
DECIDED = {
    Decision.KEEP: WorkOutcome.KEPT,
    Decision.WRITE: WorkOutcome.WRITTEN,
    Decision.REST: WorkOutcome.RESTED,
    Decision.TAKE_OFF: WorkOutcome.TAKEN_OFF,
}
_REACHED = frozenset({CallOutcome.REACHED_BOOKED, CallOutcome.REACHED_LATER, CallOutcome.ASKED_TO_STOP})
_ENDED_BY_STOP = frozenset({Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT})
_INVITING = frozenset({Purpose.RECALL, Purpose.OFFER})
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)
_TOKEN_BYTES = 12


class Worklist:
    """The worklist of one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, changed: Callable[[], None]) -> None:
        """Take the clinic; `changed` tells open desks to look again."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._changed = changed

    async def to_do(self, staff: StaffMember) -> tuple[WorkView, ...]:
        """List the calls and letters that are due, the longest due first."""
        return await self._list(staff, (WorkKind.CALL, WorkKind.LETTER))

    async def for_the_dentist(self, staff: StaffMember) -> tuple[WorkView, ...]:
        """List whom nobody reached. Raises NotAllowedError for reception."""
        _refuse_reception(staff)
        return await self._list(staff, (WorkKind.DENTIST,))

    async def begin_call(self, staff: StaffMember, item_id: int) -> None:
        """Hold a call, so that its number is shown. Raises ConflictError: a colleague's, gone, or the gate says no."""

        def act(uow: UnitOfWork, item: Work, now: datetime) -> None:
            held = item.staff_id not in {None, StaffId(staff.staff_id)}
            if held and now < item.due_at + HELD_FOR:
                raise ConflictError("desk.conflict.held")
            self._ask_gate(uow, item, now)
            uow.worklist.held(item.id, StaffId(staff.staff_id), now=now)

        await self._act(staff, item_id, WorkKind.CALL, StaffDid.READ_CARD, act)

    async def called(self, staff: StaffMember, item_id: int, outcome: CallOutcome, months: int | None = None) -> None:
        """Say what came of a call; months: after which they want to hear from us again, where they said "later".

        Raises ConflictError: it is not this member's call any more, and ValueError: no outcome of a call.
        """
        if outcome is CallOutcome.REACHED_LATER and months not in LATER_MONTHS:
            raise ValueError("a later time is one of those that can be chosen")

        def act(uow: UnitOfWork, item: Work, now: datetime) -> None:
            if item.staff_id != staff.staff_id:
                raise ConflictError("desk.conflict.nothing_held")
            self._settle_call(uow, item, outcome, months, now)

        await self._act(staff, item_id, WorkKind.CALL, StaffDid.CALLED, act)

    async def posted(self, staff: StaffMember, item_id: int) -> None:
        """Say that a letter goes to the post now. Raises ConflictError: gone, or the gate says no."""

        def act(uow: UnitOfWork, item: Work, now: datetime) -> None:
            self._ask_gate(uow, item, now)
            self._record_contact(uow, item, now)
            uow.worklist.close(item.id, WorkOutcome.POSTED, staff_id=StaffId(staff.staff_id), now=now)

        await self._act(staff, item_id, WorkKind.LETTER, StaffDid.POSTED_LETTER, act)

    async def decide(self, staff: StaffMember, item_id: int, decision: Decision) -> None:
        """Decide what becomes of somebody whom nobody reached. Raises NotAllowedError, ConflictError."""
        _refuse_reception(staff)

        def act(uow: UnitOfWork, item: Work, now: datetime) -> None:
            self._carry_out(uow, item, decision, StaffId(staff.staff_id), now)

        await self._act(staff, item_id, WorkKind.DENTIST, StaffDid.DECIDED_PROGRAMME, act)

    async def _list(self, staff: StaffMember, kinds: tuple[WorkKind, ...]) -> tuple[WorkView, ...]:
        def work(uow: UnitOfWork) -> tuple[WorkView, ...]:
            items = uow.worklist.open(kinds, until=self._clock.now(), limit=MOST_ROWS)
            return work_views(uow, self._clinic, items, StaffId(staff.staff_id))

        return await self._database.read(self._clinic.id, work)

    async def _act(
        self,
        staff: StaffMember,
        item_id: int,
        kind: WorkKind,
        did: StaffDid,
        act: Callable[[UnitOfWork, Work, datetime], None],
    ) -> None:
        def work(uow: UnitOfWork) -> ConflictError | None:
            now = self._clock.now()
            uow.worklist.settle(now=now)
            item = uow.worklist.lock(item_id)
            refused = None
            if item is None or item.kind is not kind or item.outcome is not None:
                refused = ConflictError("desk.conflict.changed")
            else:
                try:
                    act(uow, item, now)
                    uow.staff.did(StaffId(staff.staff_id), did, patient_id=item.patient_id, now=now)
                except ConflictError as conflict:
                    # What the gate said, and what became of the item, is kept all the same.
                    refused = conflict
            uow.commit()
            return refused

        refused = await self._database.write(self._clinic.id, work)
        self._changed()
        if refused is not None:
            raise refused

    def _ask_gate(self, uow: UnitOfWork, item: Work, now: datetime) -> None:
        """Ask whether it may be done now; a no takes it off the list, and "not yet" puts it off."""
        channel = _CHANNELS[item.kind]
        first = begins_by_hand(item.campaign, item.kind) and item.attempts == 0
        errand = Errand(
            patient_id=item.patient_id,
            campaign=Campaign.REACTIVATION,
            name=item.campaign,
            step=FIRST_INVITATION.number if first else item.step,
            purpose=Purpose.RECALL,
            channel=channel,
        )
        asked = judge_all(uow, self._clinic, {errand: now}, stage=Stage.SENDING, now=now, free_times=OFFERS_EACH)[
            errand
        ]
        write_down(uow, [(asked, None)], stage=Stage.SENDING, now=now)
        match asked.verdict:
            case Defer(until=until):
                uow.worklist.put_off(item.id, until=until)
                raise ConflictError("desk.conflict.not_now")
            case Refuse():
                uow.worklist.close(item.id, WorkOutcome.SKIPPED, staff_id=None, now=now)
                raise ConflictError("desk.conflict.not_permitted")

    def _settle_call(
        self, uow: UnitOfWork, item: Work, outcome: CallOutcome, months: int | None, now: datetime
    ) -> None:
        here = self._occasion(uow, item, now)
        match outcome:
            case CallOutcome.NOT_REACHED:
                uow.patients.contacted([item.patient_id], now=now)
                if item.attempts + 1 < self._clinic.programme.call_attempts:
                    uow.worklist.attempted(item.id, next_at=self._tomorrow(now))
                    return
            case CallOutcome.WRONG_NUMBER:
                address_id = uow.invites.address_of(item.patient_id, Channel.PHONE)
                if address_id is not None:
                    uow.ledger.append(wrong_person_event(here, address_id))
            case CallOutcome.REACHED_LATER:
                until = day_begins(add_months(local_day(now, self._clinic.zone), months or 0), self._clinic.zone)
                uow.ledger.append(pause_event(here, until=until))
                uow.outbox.withdraw(item.patient_id, _INVITING, reason="paused")
            case CallOutcome.ASKED_TO_STOP:
                uow.ledger.append(stop_events(here))
                uow.outbox.withdraw(item.patient_id, _ENDED_BY_STOP, reason="stopped")
            case CallOutcome.REACHED_BOOKED:
                uow.outbox.withdraw(item.patient_id, _INVITING, reason="booked")
        if outcome in _REACHED:
            self._record_contact(uow, item, now)
        uow.worklist.close(item.id, WorkOutcome(outcome.value), staff_id=item.staff_id, now=now)

    def _carry_out(self, uow: UnitOfWork, item: Work, decision: Decision, staff_id: StaffId, now: datetime) -> None:
        match decision:
            case Decision.KEEP:
                uow.patients.rest([item.patient_id], now=now)
            case Decision.WRITE:
                letter = NewWork(
                    patient_id=item.patient_id,
                    kind=WorkKind.LETTER,
                    campaign=item.campaign,
                    step=item.step,
                    due_at=now,
                )
                uow.worklist.put([letter], now=now)
            case Decision.REST:
                until = add_months(local_day(now, self._clinic.zone), self._clinic.programme.rest_months)
                here = self._occasion(uow, item, now)
                uow.ledger.append(pause_event(here, until=day_begins(until, self._clinic.zone), acted_by=ActedBy.STAFF))
            case Decision.TAKE_OFF:
                uow.patients.take_off_list([item.patient_id], now=now)
        uow.worklist.close(item.id, DECIDED[decision], staff_id=staff_id, now=now)

    def _record_contact(self, uow: UnitOfWork, item: Work, now: datetime) -> None:
        """Let a call that reached somebody, or a letter, count like every message that left."""
        lease = Lease(token=secrets.token_urlsafe(_TOKEN_BYTES), until=now + _AN_HOUR)
        row = NewOutbox(
            patient_id=item.patient_id,
            channel=_CHANNELS[item.kind],
            kind=OutboxKind.PROACTIVE,
            message_key=item.kind.value,
            level=LOCK_SCREEN,
            not_before=now,
            purpose=Purpose.RECALL,
            campaign=item.campaign,
            step=item.step,
            staff_id=item.staff_id,
            lease=lease,
        )
        outbox_id = uow.outbox.plan(row, now=now)
        if outbox_id is not None:
            uow.outbox.mark_sent({outbox_id: None}, lease.token, now)

    def _tomorrow(self, now: datetime) -> datetime:
        rule = self._clinic.policy.rule(Purpose.RECALL)
        next_day = now + _A_DAY
        if rule is None:
            return next_day
        return next_allowed(next_day, rule.hours, self._clinic.zone, self._clinic.holidays_for(None)) or next_day

    def _occasion(self, uow: UnitOfWork, item: Work, now: datetime) -> Occasion:
        return Occasion(
            uow=uow,
            clinic=self._clinic,
            patient_id=item.patient_id,
            channel=Channel.PHONE,
            now=now,
            source=f"worklist:{item.id}",
        )


def _refuse_reception(staff: StaffMember) -> None:
    if staff.role not in DECIDES:
        raise NotAllowedError
