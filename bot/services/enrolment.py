"""Brings what `clinic.toml` says into the database: the clinic, who treats and when, the kinds of visits.

Running it again with the same file changes nothing. Who is no longer in the file is kept, but no longer booked.
"""

import hashlib
import re

from bot.services.clinic import Clinic
from bot.settings.clinic import WEEKDAYS, ClinicSettings, minutes_of
from flows.ids import ClinicId
from flows.outreach.bands import LapsedRule
from flows.outreach.facts import Mode
from flows.outreach.policy import Policy
from storage.database import Database
from storage.repositories.clinics import ClinicEntry, ProviderEntry, VisitTypeEntry

ONLY_CLINIC = ClinicId(1)
"""A database file holds one clinic; more clinics come with a registry of their own."""


def enrol(database: Database, settings: ClinicSettings, policy: Policy, mode: Mode) -> Clinic:
    """Store the clinic and read back the ids. Raises StorageError."""
    with database.unit_of_work(ONLY_CLINIC) as uow:
        stored = uow.clinics.enrol(_clinic(settings), _providers(settings), _visit_types(settings))
        uow.commit()
    return Clinic(
        id=ONLY_CLINIC,
        slug=_slug(settings.clinic.name),
        settings=settings,
        zone=settings.zone,
        policy=policy,
        mode=mode,
        providers=tuple(stored.providers[part.key] for part in settings.provider),
        recall_type=stored.visit_types[settings.visit_type[0].key],
        surgical_types=frozenset(stored.visit_types[part.key] for part in settings.visit_type if part.surgical),
        lapsed=LapsedRule(limit_months=settings.recall.lapsed_after_months),
    )


def _clinic(settings: ClinicSettings) -> ClinicEntry:
    part = settings.clinic
    return ClinicEntry(
        slug=_slug(part.name),
        name=part.name,
        zone=part.zone,
        country=part.country,
        language=part.language,
        config_hash=hashlib.sha256(settings.model_dump_json().encode()).hexdigest(),
    )


def _providers(settings: ClinicSettings) -> tuple[ProviderEntry, ...]:
    return tuple(
        ProviderEntry(
            key=part.key,
            name=part.name,
            hours=tuple(
                (WEEKDAYS.index(day), *minutes_of(opening))
                for day, openings in part.hours.items()
                for opening in openings
            ),
        )
        for part in settings.provider
    )


def _visit_types(settings: ClinicSettings) -> tuple[VisitTypeEntry, ...]:
    return tuple(
        VisitTypeEntry(
            key=part.key,
            minutes=part.minutes,
            price_minor=part.price_minor,
            currency=part.currency,
            surgical=part.surgical,
        )
        for part in settings.visit_type
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "clinic"
