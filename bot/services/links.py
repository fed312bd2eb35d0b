"""Makes personal links: the secret that opens a patient's page, once.

Only a keyed hash is stored: who reads the database cannot open a door.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import ClinicSettings
from flows.ids import PatientId
from storage.repositories.passes import Holder
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalLink:
    """A link to hand to somebody. expires_at: aware UTC."""

    url: str
    expires_at: datetime


def make_link(uow: UnitOfWork, patient_id: PatientId, settings: ClinicSettings, now: datetime) -> PersonalLink:
    """Make a personal link for a patient; it works once, until it expires."""
    lifetime = timedelta(days=settings.recall.link_days)
    token = uow.passes.issue(PassKind.PATIENT_LINK, Holder(patient_id=patient_id), now=now, lifetime=lifetime)
    return PersonalLink(url=f"{settings.web.public_url}/p/{token}", expires_at=now + lifetime)
