"""Who is left in peace for a while because a person held a message to them back, or let none go in time.

Without it the programme would plan the same invitation again the moment after, and ask the same person again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.ids import PatientId
from flows.outreach.case import PROGRAMME
from storage.repositories.releases import LEFT_OUT, NOT_RELEASED
from storage.unit_of_work import UnitOfWork

LEFT_OUT_RESTS = timedelta(days=30)
"""So long after the day of a message that somebody left out."""

UNRELEASED_RESTS = timedelta(days=7)
"""So long after the day of a message that nobody let go in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """Why somebody is left in peace, and until when (UTC). reason: LEFT_OUT or NOT_RELEASED."""

    reason: str
    until: datetime


def resting(uow: UnitOfWork, patient_ids: Collection[PatientId], now: datetime) -> dict[PatientId, Rest]:
    """Who of these people rests at `now` (aware UTC), two statements for all."""
    found: dict[PatientId, Rest] = {}
    # What somebody decided says more than that nobody did.
    for reason, lasts in ((NOT_RELEASED, UNRELEASED_RESTS), (LEFT_OUT, LEFT_OUT_RESTS)):
        held = uow.releases.held_back(patient_ids, PROGRAMME, reason=reason, since=now - lasts)
        found |= {patient_id: Rest(reason=reason, until=at + lasts) for patient_id, at in held.items()}
    return found
