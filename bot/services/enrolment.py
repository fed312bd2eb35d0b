"""Brings what `clinic.toml` says into the database: the clinic, who treats and when, the kinds of visits.

Running it again with the same file writes nothing. Who is no longer in the file is kept, but no longer booked.
"""

import hashlib
import re
from dataclasses import replace

from bot.services.clinic import Clinic
from bot.settings.clinic import ClinicSettings
from bot.settings.programmes import read_programme
from bot.settings.values import WEEKDAYS, Weekday, minutes_of
from flows.ids import ClinicId
from flows.outreach.bands import LapsedRule
from flows.outreach.facts import Mode
from flows.outreach.policy_book import PolicyBook
from storage.database import Database
from storage.errors import NotFoundError
from storage.records.clinics import ClinicSetup, Hours, ProviderSetup, VisitTypeSetup

ONLY_CLINIC = ClinicId(1)
"""A database file holds one clinic; more clinics come with a registry of their own."""


def enrol(database: Database, settings: ClinicSettings, policies: PolicyBook, mode: Mode) -> Clinic:
    """Store the clinic and read back the ids. Raises StorageError."""
    setup = _setup(settings)
    # Most commands come with a file that was stored before: they need not wait for who is writing.
    if not _is_stored(database, setup):
        with database.unit_of_work(ONLY_CLINIC) as uow:
            uow.clinics.set_up(setup)
            uow.commit()
    with database.reading(ONLY_CLINIC) as uow:
        providers = {provider.key: provider.id for provider in uow.clinics.providers()}
        visit_types = {visit_type.key: visit_type.id for visit_type in uow.clinics.visit_types()}
    return Clinic(
        id=ONLY_CLINIC,
        slug=_slug(settings.clinic.name),
        settings=settings,
        zone=settings.zone,
        policies=policies,
        mode=mode,
        provider_names={providers[part.key]: part.name for part in settings.provider},
        recall_type=visit_types[settings.visit_type[0].key],
        lapsed=LapsedRule(limit_months=settings.recall.lapsed_after_months),
        programme=read_programme(),
    )


def _is_stored(database: Database, setup: ClinicSetup) -> bool:
    with database.reading(ONLY_CLINIC) as uow:
        try:
            return uow.clinics.get().config_hash == setup.config_hash
        except NotFoundError:
            return False


def _setup(settings: ClinicSettings) -> ClinicSetup:
    """Tell what is to be stored. The hash is of that, not of the file: a recare that stores more of it stores anew."""
    part = settings.clinic
    setup = ClinicSetup(
        slug=_slug(part.name),
        name=part.name,
        zone=part.zone,
        country=part.country,
        language=part.language,
        config_hash="",
        providers=_providers(settings),
        visit_types=_visit_types(settings),
    )
    return replace(setup, config_hash=hashlib.sha256(repr(setup).encode()).hexdigest())


def _providers(settings: ClinicSettings) -> tuple[ProviderSetup, ...]:
    return tuple(
        ProviderSetup(
            key=part.key,
            name=part.name,
            hours=tuple(_hours(day, opening) for day, openings in part.hours.items() for opening in openings),
        )
        for part in settings.provider
    )


def _hours(day: Weekday, opening: str) -> Hours:
    opens, closes = minutes_of(opening)
    return Hours(weekday=WEEKDAYS.index(day), opens_minute=opens, closes_minute=closes)


def _visit_types(settings: ClinicSettings) -> tuple[VisitTypeSetup, ...]:
    return tuple(
        VisitTypeSetup(
            key=part.key,
            minutes=part.minutes,
            surgical=part.surgical,
            price=part.money,
        )
        for part in settings.visit_type
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "clinic"
