"""Makes the secrets that open doors: a patient's personal link, a page's session, a staff member's sign-in.

Only keyed hashes are stored: who reads the database cannot open a door.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.ids import PatientId
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind

SECRET_BYTES = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalLink:
    """A link to hand to a patient."""

    number: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSecret:
    """A secret, shown once."""

    secret: str
    expires_at: datetime


def new_secret() -> str:
    """Make a secret: 32 characters of `A-Za-z0-9_-`, 192 bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def make_link(uow: UnitOfWork, patient_id: PatientId, now: datetime, valid: timedelta) -> NewSecret:
    """Make a personal link's secret; the patient's earlier unused links end."""
    secret = new_secret()
    uow.passes.end(PassKind.PATIENT_LINK, patient_id=patient_id, now=now)
    uow.passes.put(PassKind.PATIENT_LINK, secret, patient_id=patient_id, created_at=now, expires_at=now + valid)
    return NewSecret(secret=secret, expires_at=now + valid)
