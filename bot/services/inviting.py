"""Chooses who is invited by letter or e-mail: those whom no messenger reaches yet, and whom the gate permits.

Everybody else is counted with the reason. Nothing is written here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.errors import RecareError
from bot.services.campaigns import Errand, invite_name
from bot.services.clinic import Clinic
from bot.services.judging import Judgement, judge_all
from bot.services.pacing import OFFERS_EACH, due_query, invitation_room
from bot.services.resting import resting
from flows.ids import HouseholdId, PatientId
from flows.outreach.cadence import FIRST_INVITATION, Campaign
from flows.outreach.hours import next_allowed
from flows.outreach.verdict import Defer, Refusal, Refuse, Stage, Wait
from flows.vocabulary import Channel
from storage.records.people import Patient
from storage.repositories.releases import LEFT_OUT
from storage.unit_of_work import UnitOfWork

BATCH = 200
SHOWN_NUMBERS = 5


class UnknownPatientError(RecareError):
    """A number on the command line is nobody's."""


class Aside(StrEnum):
    """Why somebody who may be written to is left out of a batch all the same."""

    IN_A_CHAT = "in_a_chat"
    HELD_BACK = "held_back"
    SAME_HOUSEHOLD = "same_household"
    NO_ROOM = "no_room"


LeftOut: TypeAlias = Aside | Refusal | Wait


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked for. batch: its name. numbers: of patients; empty for everybody due. limit: how many at most."""

    batch: str
    channel: Channel
    numbers: tuple[str, ...]
    limit: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Going:
    """Somebody who is invited. at: the moment the invitation leaves, for which the gate was asked (UTC)."""

    patient: Patient
    judgement: Judgement
    at: datetime


@dataclass(kw_only=True, slots=True)
class Chosen:
    """Who is invited, and how many are not, by reason."""

    going: list[Going] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)


def choose(
    uow: UnitOfWork, clinic: Clinic, wanted: Wanted, now: datetime, *, progress: Callable[[int, int], None]
) -> Chosen:
    """Choose whom to invite at `now` (UTC), in the order of the programme.

    progress: told after each page how many people of how many were looked at. Raises UnknownPatientError.
    """
    choosing = _Choosing(uow=uow, clinic=clinic, wanted=wanted, now=now)
    for page in choosing.pages():
        choosing.take(page)
        progress(choosing.seen, choosing.total)
    return choosing.chosen


def leaves_at(clinic: Clinic, channel: Channel, now: datetime) -> datetime:
    """When an invitation made now leaves: by the next post or hour that the policy allows (UTC)."""
    rule = clinic.policy_for(None, channel).rule(FIRST_INVITATION.purpose)
    at = None if rule is None else next_allowed(now, rule.hours, clinic.zone, clinic.holidays_for(None))
    return at or now


@dataclass(kw_only=True, slots=True)
class _Choosing:
    """The choosing of one batch, page by page."""

    uow: UnitOfWork
    clinic: Clinic
    wanted: Wanted
    now: datetime
    chosen: Chosen = field(default_factory=Chosen)
    room: int = field(init=False)
    at: datetime = field(init=False)
    households: set[HouseholdId] = field(default_factory=set)
    seen: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        self.room = min(self.wanted.limit, invitation_room(self.uow, self.clinic, self.now))
        self.at = leaves_at(self.clinic, self.wanted.channel, self.now)

    def pages(self) -> Iterator[Sequence[PatientId]]:
        """Who comes into question, in pages; whoever falls out before the gate is counted."""
        if self.wanted.numbers:
            yield from self._named()
            return
        query = replace(due_query(self.clinic, self.now), channels=(self.wanted.channel,))
        counts = self.uow.planning.counts(query)
        self.chosen.left_out.update(counts.out)
        self.total = waiting = sum(counts.due.values())
        last = None
        while waiting and len(self.chosen.going) < self.room:
            page = self.uow.planning.due(query, limit=BATCH, after=last)
            if not page:
                break
            yield [candidate.patient_id for candidate in page]
            waiting -= len(page)
            last = page[-1]
        self._leave_out(Aside.NO_ROOM, waiting)

    def take(self, patient_ids: Sequence[PatientId]) -> None:
        """Ask the gate about a page of people."""
        self.seen += len(patient_ids)
        people = self.uow.patients.get_many(patient_ids)
        in_a_chat = self.uow.invites.in_a_chat(patient_ids)
        self._leave_out(Aside.IN_A_CHAT, len(in_a_chat))
        rests = resting(self.uow, patient_ids, self.now)
        # Whom nobody let go in time may be in another batch: a person asks for it.
        held_back = {each for each, rest in rests.items() if rest.reason == LEFT_OUT} - in_a_chat
        self._leave_out(Aside.HELD_BACK, len(held_back))
        left = (patient_id for patient_id in patient_ids if patient_id not in in_a_chat | held_back)
        errands = {_errand(patient_id, self.wanted): self.at for patient_id in left}
        judged = judge_all(self.uow, self.clinic, errands, stage=Stage.PLANNED, now=self.now, free_times=OFFERS_EACH)
        for errand in errands:
            self._decide(people[errand.patient_id], judged[errand])

    def _decide(self, patient: Patient, judgement: Judgement) -> None:
        verdict = judgement.verdict
        if isinstance(verdict, Refuse | Defer):
            self._leave_out(verdict.reason, 1)
        elif patient.household_id in self.households:
            # The household's cap counts what has left, and of this batch nothing has yet.
            self._leave_out(Aside.SAME_HOUSEHOLD, 1)
        elif len(self.chosen.going) >= self.room:
            self._leave_out(Aside.NO_ROOM, 1)
        else:
            self.chosen.going.append(Going(patient=patient, judgement=judgement, at=self.at))
            if patient.household_id is not None:
                self.households.add(patient.household_id)

    def _named(self) -> Iterator[Sequence[PatientId]]:
        numbers = list(dict.fromkeys(self.wanted.numbers))
        self.total = len(numbers)
        for start in range(0, len(numbers), BATCH):
            page = named(self.uow, numbers[start : start + BATCH])
            yield [patient.id for patient in page]

    def _leave_out(self, reason: LeftOut, how_many: int) -> None:
        if how_many:
            self.chosen.left_out[reason] += how_many


def named(uow: UnitOfWork, numbers: Sequence[str]) -> list[Patient]:
    """Find patients by the clinic's numbers, in their order. Raises UnknownPatientError."""
    found = uow.patients.by_numbers(numbers)
    missing = [number for number in numbers if number not in found]
    if missing:
        shown = ", ".join(missing[:SHOWN_NUMBERS]) + (", ..." if len(missing) > SHOWN_NUMBERS else "")
        raise UnknownPatientError(f"there is no patient with number {shown}; see the numbers in your imported list")
    return [found[number] for number in numbers]


def _errand(patient_id: PatientId, wanted: Wanted) -> Errand:
    return Errand(
        patient_id=patient_id,
        campaign=Campaign.INVITE,
        name=invite_name(wanted.batch),
        step=FIRST_INVITATION.number,
        purpose=FIRST_INVITATION.purpose,
        channel=wanted.channel,
    )
