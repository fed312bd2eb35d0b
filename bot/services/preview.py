"""What the programme would do from here: who would get what and when, and for everybody else why not.

Nothing is written: the same facts, the same gate, asked about every patient of the clinic.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.services.campaigns import Errand, reactivation_name
from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.judging import gather
from flows.outreach.bands import Band, band
from flows.outreach.cadence import FIRST_INVITATION, Campaign, invite_at
from flows.outreach.gate import judge, objections
from flows.outreach.hours import local_day
from flows.outreach.verdict import Defer, Refusal, Refuse, Stage
from flows.vocabulary import Channel
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork

BATCH = 500
OFFERS_EACH = 2
FORGIVEN = frozenset({Refusal.POLICY_UNSIGNED})
"""A plan is shown before anybody signed; the plan says so once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One patient of the plan.

    at: when the message would leave (UTC), None if none would. reasons: all that speak against it.
    """

    number: str
    name: str
    band: Band
    has_concern: bool
    at: datetime | None
    reasons: tuple[Refusal, ...]

    @property
    def waits_for_link(self) -> bool:
        """Whether nothing but a proven address is missing."""
        return self.reasons == (Refusal.UNREACHED,)


def preview(uow: UnitOfWork, clinic: Clinic, now: datetime) -> Iterator[Preview]:
    """Ask about every patient, in order of their id; a handful of statements for each batch."""
    after = None
    while patients := uow.patients.page(limit=BATCH, after_id=after):
        yield from _batch(uow, clinic, patients, now)
        after = patients[-1].id


def _batch(uow: UnitOfWork, clinic: Clinic, patients: list[Patient], now: datetime) -> Iterator[Preview]:
    today = local_day(now, clinic.zone)
    at = invite_at(FIRST_INVITATION, None, clinic.policy, clinic.calendar, now) or now
    errands = {patient.id: _errand(patient, reactivation_name(today)) for patient in patients}
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
        yield Preview(
            number=patient.profile.number,
            name=name_of(patient),
            band=band(patient.last_visit_on, local_day(contacted, clinic.zone) if contacted else None, today),
            has_concern=patient.profile.concern is not None,
            at=None if against or (isinstance(verdict, Refuse) and not forgiven) else leaves,
            reasons=against,
        )


def _errand(patient: Patient, name: str) -> Errand:
    return Errand(
        patient_id=patient.id,
        campaign=Campaign.REACTIVATION,
        name=name,
        step=FIRST_INVITATION.number,
        purpose=FIRST_INVITATION.purpose,
        channel=Channel.WEBCHAT,
    )
