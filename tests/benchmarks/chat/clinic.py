"""Owns the folder that recare is measured in: a clinic's file, a database with patients, and a link for each of them.

All of it is what a clinic has: the bot that is measured is `recare run` and nothing else.
"""

import base64
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.clocks import SystemClock
from bot.intake import webhook_of
from bot.services.enrolment import enrol
from bot.settings import read_clinic
from bot.settings.policies import read_book
from bot.settings.reading import KEY_VARIABLE, PATIENTS_TOKEN_VARIABLE
from flows.ids import ProviderId
from flows.outreach.facts import Mode
from flows.vocabulary import Language, PatientStatus, Sex
from storage.database import Database
from storage.records.people import NewPatient, Profile
from storage.repositories.passes import Holder
from storage.vocabulary import PassKind

KEY = b"only for tests, only for tests.."
LINKS_OPEN_FOR = timedelta(days=1)
MOST_A_SECOND = 1000
"""As a clinic says it that pays for it: what is measured is how fast recare is, not how well it waits."""

CLINIC = """
[clinic]
name = "Synthetic practice"
country = "NL"
zone = "Europe/Amsterdam"
language = "en"
address = "Lindelaan 1, 1234 AB Voorbeeldstad"
phone = "+31 20 000 0000"
out_of_hours = "+31 20 000 0001"
crisis_line = "113"

{providers}
[[visit_type]]
key = "check_up"
minutes = 30

[web]
port = {port}
public_url = "http://127.0.0.1:{port}"

[telegram]
api_base = "{api_base}"
mode = "webhook"
messages_per_second = {most_a_second}
"""
PROVIDER = """
[[provider]]
key = "p{number}"
name = "Dr Example-{number}"
[provider.hours]
monday = ["08:00-20:00"]
tuesday = ["08:00-20:00"]
wednesday = ["08:00-20:00"]
thursday = ["08:00-20:00"]
friday = ["08:00-20:00"]
"""
PATIENTS_A_PROVIDER = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedClinic:
    """What recare is started with, and how it is reached. starts: what each patient writes first."""

    file: Path
    environment: dict[str, str]
    url: str
    secret: str
    starts: tuple[str, ...]


def prepare(folder: Path, *, patients: int, token: str, api_base: str, port: int) -> PreparedClinic:
    """Write a clinic for so many patients into an empty folder; its web listens at `port`, its bot has `token`."""
    file = folder / "clinic.toml"
    providers = "".join(PROVIDER.format(number=number) for number in range(1 + patients // PATIENTS_A_PROVIDER))
    file.write_text(
        CLINIC.format(providers=providers, port=port, api_base=api_base, most_a_second=MOST_A_SECOND), "utf-8"
    )
    webhook = webhook_of(token)
    return PreparedClinic(
        file=file,
        environment={KEY_VARIABLE: base64.b64encode(KEY).decode(), PATIENTS_TOKEN_VARIABLE: token},
        url=f"http://127.0.0.1:{port}{webhook.path}",
        secret=webhook.secret,
        starts=tuple(f"/start {link}" for link in _links(file, patients)),
    )


def _links(file: Path, patients: int) -> list[str]:
    """Bring patients into the clinic's books; a personal link for each."""
    settings, now = read_clinic(file), SystemClock().now
    database = Database.open(settings.database_url(file.parent), master_key=KEY, clock=now)
    try:
        database.migrate()
        clinic = enrol(database, settings, read_book(settings), Mode.LIVE)
        with database.unit_of_work(clinic.id) as uow:
            provider, today = clinic.providers[0], now().date()
            people = [_patient(number, provider, today) for number in range(patients)]
            stored = uow.patients.upsert_many(people, now=now())
            links = [
                uow.passes.issue(
                    PassKind.PATIENT_LINK, Holder(patient_id=each.patient_id), now=now(), lifetime=LINKS_OPEN_FOR
                )
                for each in stored
            ]
            uow.commit()
    finally:
        database.close_now()
    return links


def _patient(number: int, provider: ProviderId, today: date) -> NewPatient:
    profile = Profile(
        number=f"T-{number}",
        given_name="Anna",
        family_name=f"Example-{number}",
        sex=Sex.FEMALE,
        birth_date=date(1984, 5, 2),
    )
    return NewPatient(
        profile=profile,
        provider_id=provider,
        language=Language.EN,
        status=PatientStatus.ACTIVE,
        last_visit_on=today - timedelta(days=400),
        recall_months=12,
        next_visit_at=None,
        residence=None,
    )
