"""Lets a person release what the policy does not let leave by itself: batches, what is in them, and the release.

Invariant: nobody releases what they were not shown; what is released is still judged by the gate when it leaves.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby

from bot.services.campaigns import read_errand
from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.desk_ports import NotAllowedError
from bot.services.foretelling import Foretelling
from bot.services.judging import needs_release
from bot.services.ports import Clock
from bot.services.release_views import BatchRow, BatchView, HeldMessage, Released
from bot.services.views import StaffMember
from flows.ids import OutboxId, StaffId
from flows.outreach.hours import local_day
from flows.vocabulary import Role
from storage.database import Database
from storage.repositories.releases import Undecided
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import Choice, StaffDid

MAY_RELEASE = frozenset({Role.DENTIST, Role.MANAGER})
MOST_SHOWN = 100
"""So many messages are shown, and so released, at once."""


class Releasing:
    """What the desk's page of batches calls."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, foretelling: Foretelling) -> None:
        """Take the clinic whose batches they are."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._foretelling = foretelling

    async def batches(self, staff: StaffMember) -> tuple[BatchRow, ...]:
        """List what waits, the soonest first. Raises NotAllowedError for reception."""
        _check(staff)
        return await self._database.read(self._clinic.id, lambda uow: waiting_batches(uow, self._clinic))

    async def batch(self, staff: StaffMember, name: str) -> BatchView | None:
        """Open a batch; None if nothing of it waits any more. Raises NotAllowedError for reception."""
        _check(staff)

        def look(uow: UnitOfWork) -> BatchView | None:
            return open_batch(uow, self._clinic, self._foretelling, name, self._clock.now())

        return await self._database.read(self._clinic.id, look)

    async def release(
        self, staff: StaffMember, name: str, *, shown: Collection[int], ticked: Collection[int]
    ) -> Released:
        """Release what was ticked of a batch, and take back what was shown and not ticked.

        Raises NotAllowedError for reception.
        """
        _check(staff)
        by = StaffId(staff.staff_id)
        return await self._database.write(
            self._clinic.id,
            lambda uow: release(uow, self._clinic, name, by, shown=shown, ticked=ticked, now=self._clock.now()),
        )


def count_waiting(uow: UnitOfWork, clinic: Clinic) -> int:
    """How many messages wait for a person."""
    return sum(
        tally.count
        for tally in uow.releases.tally()
        if needs_release(clinic, tally.residence, tally.channel, tally.purpose)
    )


def waiting_batches(uow: UnitOfWork, clinic: Clinic) -> tuple[BatchRow, ...]:
    """What waits for a person, the soonest first."""
    return tuple(row for row, _ in _batches(uow, clinic))


def open_batch(uow: UnitOfWork, clinic: Clinic, foretelling: Foretelling, name: str, now: datetime) -> BatchView | None:
    """The first messages of a batch, worded as of `now` (aware UTC); None if nothing of it waits."""
    found = next(((row, messages) for row, messages in _batches(uow, clinic) if row.name == name), None)
    if found is None:
        return None
    row, messages = found
    shown = messages[:MOST_SHOWN]
    people = uow.patients.get_many({message.patient_id for message in shown})
    held = tuple(
        HeldMessage(
            id=message.id,
            number=people[message.patient_id].profile.number,
            name=name_of(people[message.patient_id]) or people[message.patient_id].profile.number,
            what=read_errand(message).campaign,
            step=message.step,
            channel=message.channel,
            at=message.not_before,
            text=foretelling.text(uow, message, now),
        )
        for message in shown
        if message.patient_id in people
    )
    return BatchView(row=row, messages=held)


def release(
    uow: UnitOfWork,
    clinic: Clinic,
    name: str,
    by: StaffId,
    *,
    shown: Collection[int],
    ticked: Collection[int],
    now: datetime,
) -> Released:
    """Decide about messages of a batch, audited, and commit.

    Args:
        uow: where it happens.
        clinic: whose batch it is.
        name: of the batch.
        by: the member of staff who decides.
        shown: what they looked at.
        ticked: what of it may leave; the rest is taken back.
        now: aware UTC.

    Returns:
        what was new; deciding twice decides nothing the second time.
    """
    waiting = {message.id for row, messages in _batches(uow, clinic) if row.name == name for message in messages}
    known = [OutboxId(each) for each in shown if each in waiting]
    chosen = frozenset(ticked)
    decided = uow.releases.decide(
        name,
        by,
        released=[each for each in known if each in chosen],
        left_out=[each for each in known if each not in chosen],
        now=now,
    )
    if decided:
        uow.staff.did(by, StaffDid.RELEASED_BATCH, now=now)
        uow.commit()
    let_go = sum(choice is Choice.RELEASED for choice in decided.values())
    return Released(released=let_go, left_out=len(decided) - let_go, too_late=len(frozenset(shown)) - len(decided))


def _check(staff: StaffMember) -> None:
    if staff.role not in MAY_RELEASE:
        raise NotAllowedError


def _batches(uow: UnitOfWork, clinic: Clinic) -> Iterator[tuple[BatchRow, list[Undecided]]]:
    waiting = [
        message
        for message in uow.releases.undecided()
        if needs_release(clinic, message.residence, message.channel, message.purpose)
    ]

    def name(message: Undecided) -> str:
        return f"{message.purpose.value}-{local_day(message.not_before, clinic.zone).isoformat()}"

    rows = []
    for named, members in groupby(sorted(waiting, key=name), key=name):
        messages = list(members)
        first = messages[0]
        row = BatchRow(
            name=named,
            purpose=first.purpose,
            day=local_day(first.not_before, clinic.zone),
            count=len(messages),
            leaves_at=first.not_before,
        )
        rows.append((row, messages))
    yield from sorted(rows, key=lambda found: found[0].leaves_at)
