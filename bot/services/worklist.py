"""What staff do about the worklist: calls, letters, and the dentist's own list. Every act is one transaction, audited.

Invariant: nobody is called and no letter is posted before the gate said yes at that moment; a number is shown to
whoever holds the call, and to nobody else.
"""

from collections.abc import Callable
from datetime import datetime

from bot.services.campaigns import Errand, begins_by_hand
from bot.services.clinic import Clinic
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.judging import judge_all, write_down
from bot.services.pacing import OFFERS_EACH
from bot.services.ports import Clock
from bot.services.views import StaffMember, WorkView
from bot.services.work_at_hand import CHANNELS, WorkAtHand
from bot.services.work_ports import LATER_MONTHS, CallOutcome, Decision
from bot.services.work_views import work_views
from flows.ids import StaffId
from flows.outreach.cadence import FIRST_INVITATION, Campaign
from flows.outreach.verdict import Defer, Refusal, Refuse, Stage
from flows.vocabulary import Purpose, Role
from storage.database import Database
from storage.records.worklist import HELD_FOR, Work
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import StaffDid, WorkKind, WorkOutcome

MOST_ROWS = 200
DECIDES = frozenset({Role.DENTIST, Role.MANAGER})
_OF_THE_MOMENT = frozenset(
    {
        Refusal.SENDING_STOPPED,
        Refusal.POLICY_UNSIGNED,
        Refusal.LEDGER_BROKEN,
        Refusal.CAP_HOUSEHOLD,
        Refusal.IN_CONVERSATION,
    }
)
"""Refusals that say nothing of the person for good: what is on the list stays there until they have passed."""


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
            self._at_hand(uow, item, now).settle_call(outcome, months)

        await self._act(staff, item_id, WorkKind.CALL, StaffDid.CALLED, act)

    async def posted(self, staff: StaffMember, item_id: int) -> None:
        """Say that a letter goes to the post now. Raises ConflictError: gone, or the gate says no."""

        def act(uow: UnitOfWork, item: Work, now: datetime) -> None:
            self._ask_gate(uow, item, now)
            self._at_hand(uow, item, now).record_contact()
            uow.worklist.close(item.id, WorkOutcome.POSTED, staff_id=StaffId(staff.staff_id), now=now)

        await self._act(staff, item_id, WorkKind.LETTER, StaffDid.POSTED_LETTER, act)

    async def decide(self, staff: StaffMember, item_id: int, decision: Decision) -> None:
        """Decide what becomes of somebody whom nobody reached. Raises NotAllowedError, ConflictError."""
        _refuse_reception(staff)

        def act(uow: UnitOfWork, item: Work, now: datetime) -> None:
            self._at_hand(uow, item, now).carry_out(decision, StaffId(staff.staff_id))

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
            uow.worklist.settle(now=now, held_since=now - HELD_FOR)
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

    def _at_hand(self, uow: UnitOfWork, item: Work, now: datetime) -> WorkAtHand:
        return WorkAtHand(uow=uow, clinic=self._clinic, item=item, now=now)

    def _ask_gate(self, uow: UnitOfWork, item: Work, now: datetime) -> None:
        """Ask whether it may be done now; a no about the person takes it off the list, and "not yet" puts it off."""
        channel = CHANNELS[item.kind]
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
            case Refuse(reason=reason) if reason in _OF_THE_MOMENT:
                raise ConflictError("desk.conflict.not_now")
            case Refuse():
                uow.worklist.close(item.id, WorkOutcome.SKIPPED, staff_id=None, now=now)
                raise ConflictError("desk.conflict.not_permitted")


def _refuse_reception(staff: StaffMember) -> None:
    if staff.role not in DECIDES:
        raise NotAllowedError
