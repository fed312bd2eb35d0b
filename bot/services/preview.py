"""Shows the plan without making it: who would get the first invitation and when, and why everybody else would not.

Recomputed for each patient by the same gate, at the moment a message would leave; nothing is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.services.campaigns import Errand, reactivation_name
from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.judging import gather, needs_release
from bot.services.pacing import OFFERS_EACH, further_steps, invitation_room, programme_channels
from flows.ids import PatientId
from flows.outreach.bands import DUE_BANDS, Band, band
from flows.outreach.cadence import FIRST_INVITATION, Campaign, invite_at
from flows.outreach.gate import judge, objections
from flows.outreach.hours import local_day
from flows.outreach.verdict import Defer, Refusal, Refuse, Stage
from flows.vocabulary import Channel
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork

BATCH = 500
FORGIVEN = frozenset({Refusal.POLICY_UNSIGNED})
"""A plan is shown before anybody signed; the plan says so once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One patient of the plan.

    at: when the message would leave (UTC), None if none would now. waits_for_free_time: one may leave, but the free
    times are taken up by those who go first. reasons: all that speak against it.
    """

    number: str
    name: str
    band: Band
    has_concern: bool
    at: datetime | None
    reasons: tuple[Refusal, ...]
    waits_for_free_time: bool = False

    @property
    def waits_for_link(self) -> bool:
        """Whether nothing but a proven address is missing."""
        return self.reasons == (Refusal.UNREACHED,)


Order = tuple[int, bool, date, int]


def preview(uow: UnitOfWork, clinic: Clinic, now: datetime) -> list[Preview]:
    """Ask about every patient, a handful of statements for each batch; in the order in which they are invited."""
    asked: list[tuple[Order, Preview]] = []
    after = None
    while patients := uow.patients.page(limit=BATCH, after_id=after):
        asked.extend(_batch(uow, clinic, patients, now))
        after = patients[-1].id
    asked.sort(key=lambda one: one[0])
    room = invitation_room(uow, clinic, now)
    room -= len(further_steps(uow, clinic, now, limit=room)) if room else 0
    return list(_paced((shown for _, shown in asked), room))


def _paced(asked: Iterator[Preview], room: int) -> Iterator[Preview]:
    for shown in asked:
        if shown.at is not None and room <= 0:
            yield replace(shown, at=None, waits_for_free_time=True)
        else:
            room -= shown.at is not None
            yield shown


def _batch(uow: UnitOfWork, clinic: Clinic, patients: list[Patient], now: datetime) -> Iterator[tuple[Order, Preview]]:
    today = local_day(now, clinic.zone)
    at = invite_at(FIRST_INVITATION, None, clinic.policy, clinic.calendar, now) or now
    chats = _chats(uow, clinic, [patient.id for patient in patients])
    errands = {patient.id: _errand(patient, reactivation_name(today), chats[patient.id]) for patient in patients}
    cases = gather(
        uow,
        clinic,
        dict.fromkeys(errands.values(), at),
        stage=Stage.PLANNED,
        now=now,
        free_times=OFFERS_EACH,
    )
    for patient in patients:
        case = cases[errands[patient.id]]
        against = tuple(
            reason for reason in objections(case.request, case.facts, case.policy, case.now) if reason not in FORGIVEN
        )
        verdict = judge(case.request, case.facts, case.policy, case.now)
        forgiven = isinstance(verdict, Refuse) and verdict.reason in FORGIVEN
        leaves = verdict.until if isinstance(verdict, Defer) else at
        contacted = patient.last_contacted_at
        shown = Preview(
            number=patient.profile.number,
            name=name_of(patient),
            band=band(patient.last_visit_on, local_day(contacted, clinic.zone) if contacted else None, today),
            has_concern=patient.profile.concern is not None,
            at=None if against or (isinstance(verdict, Refuse) and not forgiven) else leaves,
            reasons=against,
        )
        yield _order(patient, today), shown


def _order(patient: Patient, today: date) -> Order:
    """As planning takes them: by band, those with a concern first, who is away longest first."""
    due = band(patient.last_visit_on, None, today)
    rank = DUE_BANDS.index(due) if due in DUE_BANDS else len(DUE_BANDS)
    return rank, patient.profile.concern is None, patient.last_visit_on or date.max, patient.id


def _chats(uow: UnitOfWork, clinic: Clinic, patient_ids: list[PatientId]) -> dict[PatientId, Channel]:
    """In which chat each would be written to: the first in which they are reached, else the page they may yet open."""
    *first, page = programme_channels(clinic)
    reached = [(channel, uow.planning.reached_on(channel, patient_ids)) for channel in first]
    return {
        patient_id: next((channel for channel, there in reached if patient_id in there), page)
        for patient_id in patient_ids
    }


def _errand(patient: Patient, name: str, channel: Channel) -> Errand:
    return Errand(
        patient_id=patient.id,
        campaign=Campaign.REACTIVATION,
        name=name,
        step=FIRST_INVITATION.number,
        purpose=FIRST_INVITATION.purpose,
        channel=channel,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A message that is planned already and leaves then (at: UTC), if the gate still permits it.

    needs_release: a person has to let it go before; otherwise it leaves by itself.
    """

    number: str
    name: str
    campaign: Campaign
    step: int
    at: datetime
    needs_release: bool


def waiting(uow: UnitOfWork, clinic: Clinic, *, limit: int) -> list[Waiting]:
    """What is planned already: invitations, reminders, check-ins, the soonest first."""
    planned = uow.outbox.planned(limit=limit)
    people = uow.patients.get_many({each.patient_id for each in planned})
    held = {
        (each.patient_id, each.campaign, each.step)
        for each in uow.releases.undecided()
        if needs_release(clinic, each.residence, each.channel, each.purpose)
    }
    return [
        Waiting(
            number=people[each.patient_id].profile.number,
            name=name_of(people[each.patient_id]),
            campaign=Campaign(each.campaign.partition(":")[0]),
            step=each.step,
            at=each.not_before,
            needs_release=(each.patient_id, each.campaign, each.step) in held,
        )
        for each in planned
        if each.patient_id in people
    ]
