"""Children who have grown up: whoever was let in at a guardian's account as a child is not reached through it any more.

Invariant: the address is closed before anything said at the account is heard in the grown child's talk. Whoever was let
in when grown, by their own link or by staff, stays: that was theirs to allow.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.ports import Clock
from flows.outreach.ages import age
from flows.vocabulary import Channel
from storage.database import Database
from storage.records.people import Address, Patient
from storage.repositories.addresses import CLOSED_BY_CHANNEL
from storage.unit_of_work import UnitOfWork

OUTGROWN = "outgrown"
"""Why the address of a grown child at a guardian's account is closed."""


def has_outgrown(patient: Patient, sharing: Iterable[Patient], clinic: Clinic, now: datetime) -> bool:
    """Whether a grown child stands among those who share a number or an account with a parent (DOMAIN.md, Minors)."""
    born, minor_age = patient.profile.birth_date, _minor_age(patient, clinic)
    if born is None or age(born, now.astimezone(clinic.zone).date()) < minor_age:
        return False
    elders = (other.profile.birth_date for other in sharing)
    return any(elder is not None and age(elder, born) >= minor_age for elder in elders if elder != born)


def grown_at(uow: UnitOfWork, channel: Channel, account: str, clinic: Clinic, now: datetime) -> tuple[Address, ...]:
    """The addresses at an account of those who were let in as children and have grown up (now: aware UTC)."""
    found = uow.addresses.find(channel, account)
    shared = [each for each in found if each.closed_at is None or each.closed_why == CLOSED_BY_CHANNEL]
    people = uow.patients.get_many([each.patient_id for each in shared])
    return tuple(
        each
        for each in shared
        if (patient := people.get(each.patient_id)) is not None
        and _came_as_a_child(patient, each, clinic)
        and has_outgrown(patient, people.values(), clinic, now)
    )


def part(uow: UnitOfWork, channel: Channel, account: str, clinic: Clinic, now: datetime) -> None:
    """Let an account speak no more for those who have grown up; it goes on with the first of the others."""
    grown = grown_at(uow, channel, account, clinic, now)
    if not grown:
        return
    for address in grown:
        uow.addresses.close(address.id, why=OUTGROWN, now=now)
    known = uow.accounts.lock(channel, account)
    left = [] if known is None else [member.conversation_id for member in uow.accounts.members(known)]
    if known is not None and left and known.conversation_id not in left:
        uow.accounts.move(known, left[0])


class Parting:
    """Looks at each arrival whether anybody has grown up, in a transaction of its own."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take where accounts are kept."""
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def at(self, channel: Channel, account: str) -> bool:
        """Let an account speak no more for those who have grown up; whether there were any. Raises StorageError."""
        now = self._clock.now()

        def work(uow: UnitOfWork) -> None:
            part(uow, channel, account, self._clinic, now)
            uow.commit()

        grown = await self._database.read(
            self._clinic.id, lambda uow: grown_at(uow, channel, account, self._clinic, now)
        )
        if grown:
            await self._database.write(self._clinic.id, work)
        return bool(grown)


def _came_as_a_child(patient: Patient, address: Address, clinic: Clinic) -> bool:
    born, came = patient.profile.birth_date, address.verified_at
    if born is None or came is None:
        return False
    return age(born, came.astimezone(clinic.zone).date()) < _minor_age(patient, clinic)


def _minor_age(patient: Patient, clinic: Clinic) -> int:
    return clinic.policy_for(patient.residence, Channel.TELEGRAM).minor_age
