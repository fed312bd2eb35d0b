"""Makes personal links, the secret that opens a patient's page once, and ends what they opened.

Only a keyed hash is stored: who reads the database cannot open a door.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import ClinicSettings
from flows.ids import PatientId
from storage.repositories.passes import Holder
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind

STOP_LINK_LASTS = timedelta(days=730)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalLink:
    """A link to hand to somebody. expires_at: aware UTC.

    url: where it leads: to the clinic's bot, or to the patient's page, as `clinic.toml` says. page, telegram: both ways
    in, which are one: whoever comes by one has used the other; telegram is None where no bot is named.
    """

    url: str
    expires_at: datetime
    page: str = ""
    telegram: str | None = None


def make_link(uow: UnitOfWork, patient_id: PatientId, settings: ClinicSettings, now: datetime) -> PersonalLink:
    """Make a personal link for a patient; it works once, until it expires."""
    lifetime = timedelta(days=settings.recall.link_days)
    token = uow.passes.issue(PassKind.PATIENT_LINK, Holder(patient_id=patient_id), now=now, lifetime=lifetime)
    page, bot = f"{settings.web.public_url}/p/{token}", settings.telegram
    if bot is None or bot.username is None:
        return PersonalLink(url=page, page=page, expires_at=now + lifetime)
    # Telegram carries 1 to 64 letters, digits, _ and - (core.telegram.org/bots/features#deep-linking): all of a token.
    telegram = f"https://t.me/{bot.username}?start={token}"
    leads = telegram if bot.links == "telegram" else page
    return PersonalLink(url=leads, page=page, telegram=telegram, expires_at=now + lifetime)


def make_stop_link(uow: UnitOfWork, patient_id: PatientId, settings: ClinicSettings, now: datetime) -> str:
    """Make a link that ends reminders for a patient; it works for as long as its message may be found in a mailbox."""
    holder = Holder(patient_id=patient_id)
    token = uow.passes.issue(PassKind.UNSUBSCRIBE_LINK, holder, now=now, lifetime=STOP_LINK_LASTS)
    return f"{settings.web.public_url}/u/{token}"


def end_access(uow: UnitOfWork, patient_id: PatientId) -> None:
    """End every session and unused link of a patient, at once: a phone was lost, or a link went to somebody else."""
    uow.passes.revoke_patient(patient_id)
