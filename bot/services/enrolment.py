"""Brings what `clinic.toml` says into the database: the clinic, who treats and when, the kinds of visits.

Running it again with the same file changes nothing. Who is no longer in the file is kept, but no longer booked.
"""

import hashlib
import re

from bot.services.clinic import Clinic
from bot.settings.clinic import WEEKDAYS, ClinicSettings, Weekday, minutes_of
from flows.ids import ClinicId
from flows.outreach.bands import LapsedRule
from flows.outreach.facts import Mode
from flows.outreach.policy import Policy
from storage.database import Database
from storage.records.clinics import ClinicSetup, Hours, ProviderSetup, VisitTypeSetup

ONLY_CLINIC = ClinicId(1)
"""A database file holds one clinic; more clinics come with a registry of their own."""


def enrol(database: Database, settings: ClinicSettings, policy: Policy, mode: Mode) -> Clinic:
    """Store the clinic and read back the ids. Raises StorageError."""
    with database.unit_of_work(ONLY_CLINIC) as uow:
        uow.clinics.set_up(_setup(settings))
        providers = {provider.key: provider.id for provider in uow.clinics.providers()}
        visit_types = {visit_type.key: visit_type.id for visit_type in uow.clinics.visit_types()}
        uow.commit()
    return Clinic(
        id=ONLY_CLINIC,
        slug=_slug(settings.clinic.name),
        settings=settings,
        zone=settings.zone,
        policy=policy,
        mode=mode,
        provider_names={providers[part.key]: part.name for part in settings.provider},
        recall_type=visit_types[settings.visit_type[0].key],
        lapsed=LapsedRule(limit_months=settings.recall.lapsed_after_months),
    )


def _setup(settings: ClinicSettings) -> ClinicSetup:
    part = settings.clinic
    return ClinicSetup(
        slug=_slug(part.name),
        name=part.name,
        zone=part.zone,
        country=part.country,
        language=part.language,
        config_hash=hashlib.sha256(settings.model_dump_json().encode()).hexdigest(),
        providers=_providers(settings),
        visit_types=_visit_types(settings),
    )


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
