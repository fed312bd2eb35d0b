"""Patient lists: reading one, and bringing it into the clinic; what an import says is worth what the policy says."""

from collections.abc import Callable
from datetime import datetime

from bot.errors import RecareError
from bot.services.clinic import Clinic
from flows.ids import ProviderId
from flows.outreach.hours import local_day
from storage.imports.dates import DateOrder
from storage.imports.patients import ImportSettings, import_patients
from storage.imports.problems import PatientListError
from storage.imports.report import ImportReport
from storage.imports.rows import ParsedList, ReadSettings, read_patients
from storage.unit_of_work import UnitOfWork


class UnreadableListError(RecareError):
    """The file is no patient list."""


def read_list(
    data: bytes, clinic: Clinic, now: datetime, *, source: str, date_order: DateOrder | None = None
) -> ParsedList:
    """Read a list; `source` names it in errors (now: aware UTC). Raises UnreadableListError with place and remedy."""
    settings = ReadSettings(
        country=clinic.settings.clinic.country, today=local_day(now, clinic.zone), date_order=date_order
    )
    try:
        return read_patients(data, settings)
    except PatientListError as wrong:
        raise UnreadableListError(f"{source}: {wrong}") from wrong


def store_list(
    uow: UnitOfWork,
    clinic: Clinic,
    parsed: ParsedList,
    now: datetime,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ImportReport:
    """Bring a list into the database; the caller commits, or does not for a preview."""
    settings = ImportSettings(
        policy=clinic.policy,
        zone=clinic.zone,
        dentists=_dentists(clinic),
        visit_type_id=clinic.recall_type,
        visit_minutes=clinic.settings.visit_type[0].minutes,
        progress=progress,
    )
    return import_patients(uow, parsed, settings, now=now)


def _dentists(clinic: Clinic) -> dict[str, ProviderId]:
    parts = zip(clinic.settings.provider, clinic.providers, strict=True)
    return {name: provider_id for part, provider_id in parts for name in (part.name, *part.names)}
