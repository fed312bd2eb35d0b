"""The clinic and what it offers: bringing it to its configuration, reading it, stopping all sending.

What the configuration no longer names is kept, inactive: the past refers to it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.ids import ProviderId, VisitTypeId
from flows.messages.text import Money
from storage.dialects import inserting
from storage.errors import NotFoundError
from storage.models import Clinic as ClinicRow
from storage.models import Provider as ProviderRow
from storage.models import VisitType as VisitTypeRow
from storage.models import WorkingHours, table_of
from storage.records.clinics import Clinic, ClinicSetup, Provider, ProviderSetup, VisitType, VisitTypeSetup
from storage.scope import Scope

_clinics = table_of(ClinicRow)
_providers = table_of(ProviderRow)
_hours = table_of(WorkingHours)
_visit_types = table_of(VisitTypeRow)
_CLINIC = select(_clinics).where(_clinics.c.clinic_id == bindparam("clinic_id"))
_STOPPED = select(_clinics.c.sending_stopped).where(_clinics.c.clinic_id == bindparam("clinic_id"))
# Others may go on writing rows that refer to the clinic.
_GATE = _STOPPED.with_for_update(key_share=True)
_PROVIDERS = (
    select(_providers.c.id, _providers.c.key, _providers.c.name, _providers.c.active)
    .where(_providers.c.clinic_id == bindparam("clinic_id"))
    .order_by(_providers.c.id)
)
_VISIT_TYPES = (
    select(_visit_types).where(_visit_types.c.clinic_id == bindparam("clinic_id")).order_by(_visit_types.c.id)
)


@cache
def _put(
    dialect: str, table: Table, key: tuple[str, ...], changed: tuple[str, ...]
) -> postgresql.Insert | sqlite.Insert:
    """Insert a row of the configuration, or bring the one with its key up to date."""
    insert_row = inserting(dialect, table)
    return insert_row.on_conflict_do_update(
        index_elements=list(key), set_={name: insert_row.excluded[name] for name in changed}
    )


class ClinicRepository:
    """The clinic of a unit of work."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def set_up(self, setup: ClinicSetup) -> None:
        """Bring the clinic, its providers, their hours and its types of visit to what is configured.

        Raises:
            WrongKeyError: the clinic's data are sealed with another master key.
            ConstraintError: another clinic has the slug.
        """
        stored = self._scope.execute(_CLINIC, self._clinic).mappings().first()
        if stored is not None:
            self._scope.sealer.check(stored["key_check"])
        plain = {
            "slug": setup.slug,
            "name": setup.name,
            "zone": setup.zone,
            "country": setup.country,
            "language": setup.language,
            "config_hash": setup.config_hash,
        }
        key_check = self._scope.sealer.key_check() if stored is None else stored["key_check"]
        self._upsert(_clinics, [self._clinic | plain | {"key_check": key_check}], ("clinic_id",), tuple(plain))
        self._set_up_providers(setup.providers)
        self._set_up_visit_types(setup.visit_types)

    def get(self) -> Clinic:
        """Return the clinic.

        Raises:
            NotFoundError: it was never set up.
            WrongKeyError: its data are sealed with another master key.
        """
        row = self._scope.execute(_CLINIC, self._clinic).mappings().first()
        if row is None:
            raise NotFoundError(f"clinic {self._scope.clinic_id} was never set up")
        plain: dict[str, Any] = dict(row)
        self._scope.sealer.check(plain.pop("key_check"))
        return Clinic(**plain | {"zone": ZoneInfo(plain["zone"])})

    def providers(self) -> list[Provider]:
        """Return all providers, also who is not active any more."""
        return [Provider(**row) for row in self._scope.execute(_PROVIDERS, self._clinic).mappings()]

    def visit_types(self) -> list[VisitType]:
        """Return all types of visit, also those not offered any more."""
        return [_read_visit_type(row) for row in self._scope.execute(_VISIT_TYPES, self._clinic).mappings()]

    def why_stopped(self) -> str | None:
        """Tell why nothing proactive may leave; None if it may. Raises NotFoundError."""
        row = self._scope.execute(_STOPPED, self._clinic).first()
        if row is None:
            raise NotFoundError(f"clinic {self._scope.clinic_id} was never set up")
        why: str | None = row.sending_stopped
        return why

    def hold_gate(self) -> str | None:
        """Let no other process judge what leaves until this transaction ends; answers as `why_stopped` does.

        Two who ask the gate at once, each about one message of a household, would both be told that nothing left.
        """
        row = self._scope.execute(_GATE, self._clinic).first()
        if row is None:
            raise NotFoundError(f"clinic {self._scope.clinic_id} was never set up")
        why: str | None = row.sending_stopped
        return why

    def stop_sending(self, why: str) -> None:
        """Let nothing proactive leave until `resume_sending`; `why`: in the words of who stops it."""
        self._set_stopped(why)

    def resume_sending(self) -> None:
        """Let proactive messages leave again."""
        self._set_stopped(None)

    def _set_stopped(self, why: str | None) -> None:
        self._scope.execute(
            update(_clinics).where(_clinics.c.clinic_id == self._scope.clinic_id).values(sending_stopped=why)
        )

    def _set_up_providers(self, setups: Sequence[ProviderSetup]) -> None:
        self._retire(_providers)
        rows = [
            self._clinic | {"id": self._scope.ids.next(), "key": setup.key, "name": setup.name, "active": True}
            for setup in setups
        ]
        self._upsert(_providers, rows, ("clinic_id", "key"), ("name", "active"))
        ids: dict[str, ProviderId] = {provider.key: provider.id for provider in self.providers()}
        self._scope.execute(delete(_hours).where(_hours.c.clinic_id == self._scope.clinic_id))
        hours = [
            self._clinic
            | {
                "id": self._scope.ids.next(),
                "provider_id": ids[setup.key],
                "weekday": stretch.weekday,
                "opens_minute": stretch.opens_minute,
                "closes_minute": stretch.closes_minute,
            }
            for setup in setups
            for stretch in setup.hours
        ]
        if hours:
            self._scope.execute(insert(_hours), hours)

    def _set_up_visit_types(self, setups: Sequence[VisitTypeSetup]) -> None:
        self._retire(_visit_types)
        rows = [
            self._clinic
            | {
                "id": VisitTypeId(self._scope.ids.next()),
                "key": setup.key,
                "minutes": setup.minutes,
                "price_minor": None if setup.price is None else setup.price.minor,
                "currency": None if setup.price is None else setup.price.currency,
                "surgical": setup.surgical,
                "active": True,
            }
            for setup in setups
        ]
        changed = ("minutes", "price_minor", "currency", "surgical", "active")
        self._upsert(_visit_types, rows, ("clinic_id", "key"), changed)

    def _retire(self, table: Table) -> None:
        """Make everything inactive; what is still configured becomes active again in the same transaction."""
        self._scope.execute(update(table).where(table.c.clinic_id == self._scope.clinic_id).values(active=False))

    def _upsert(
        self, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...], changed: tuple[str, ...]
    ) -> None:
        if rows:
            self._scope.execute(_put(self._scope.connection.dialect.name, table, key, changed), rows)

    @property
    def _clinic(self) -> dict[str, Any]:
        return {"clinic_id": self._scope.clinic_id}


def _read_visit_type(row: Mapping[Any, Any]) -> VisitType:
    price = None if row["price_minor"] is None else Money(minor=row["price_minor"], currency=row["currency"])
    return VisitType(
        id=row["id"],
        key=row["key"],
        minutes=row["minutes"],
        surgical=row["surgical"],
        active=row["active"],
        price=price,
    )
