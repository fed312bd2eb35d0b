"""A ledger written before its second form: migrated with everything in it, it verifies, is guarded, and goes on."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData

from flows.ids import ClinicId, LedgerEventId, PatientId
from flows.outreach.chain import START, chain
from flows.outreach.ledger import Act, LedgerEvent
from storage.database import Database
from storage.engines import open_engines
from storage.errors import ConstraintError
from storage.migrations.upgrade import configuration
from tests.postgres import Databases
from tests.storage.conftest import KEY, NOW, Clock
from tests.storage.given import ledger_event
from tests.storage.sql import run_sql

CLINIC, ANNA = ClinicId(1), PatientId(7)
LATER_FIELDS = {"address_hash", "key_version", "notice", "withdraw_by", "source_system"}


@pytest.fixture(name="old_url", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def _old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database of each kind with the first schema, a patient, two events and a decision that cites one."""
    databases: Databases | None = None
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgresql":
        databases = request.getfixturevalue("postgres_databases")
        url = databases.create()
    engines = open_engines(url)
    with engines.write.begin() as connection:
        command.upgrade(configuration(connection), "0001")
        _fill(connection)
    engines.dispose()
    yield url
    if databases is not None:
        databases.drop(url)


def _fill(connection: Connection) -> None:
    old = MetaData()
    old.reflect(connection)
    connection.execute(
        old.tables["clinic"]
        .insert()
        .values(
            clinic_id=CLINIC,
            slug="old",
            name="Old",
            zone="Europe/Brussels",
            country="BE",
            language="nl",
            config_hash="",
            key_check=b"",
        )
    )
    connection.execute(
        old.tables["patient"]
        .insert()
        .values(
            clinic_id=CLINIC,
            id=ANNA,
            number_hash=b"7",
            status="active",
            profile=b"",
            created_at=_at(connection),
            has_concern=False,
            recall_ok=True,
            postvisit_ok=False,
            offer_ok=False,
            frozen=False,
        )
    )
    previous = START
    for seq, act in enumerate((Act.PERMIT, Act.PAUSE), start=1):
        event = ledger_event(LedgerEventId(seq), ANNA, act, at=NOW)
        following = chain(previous, event, 1)
        row = {
            field.name: getattr(event, field.name) for field in fields(LedgerEvent) if field.name not in LATER_FIELDS
        }
        moments = {"at": _at(connection), "valid_from": _at(connection)}
        place = {"clinic_id": CLINIC, "seq": seq, "previous_hash": previous, "hash": following}
        connection.execute(old.tables["ledger_event"].insert().values(**row | moments | place))
        previous = following
    connection.execute(
        old.tables["gate_decision"]
        .insert()
        .values(
            clinic_id=CLINIC,
            id=1,
            patient_id=ANNA,
            purpose="recall",
            stage="planning",
            verdict="permit",
            right_event_id=1,
            policy="strictest",
            policy_version=1,
            at=_at(connection),
        )
    )


def _at(connection: Connection) -> datetime:
    """The moment as the database keeps it: SQLite without a zone."""
    return NOW.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOW.astimezone(UTC)


def test_what_was_written_in_the_first_form_verifies_is_guarded_and_goes_on(old_url: str) -> None:
    database = Database.open(old_url, master_key=KEY, clock=Clock())
    database.migrate()
    with database.unit_of_work(CLINIC) as uow:
        assert uow.ledger_proof.run().is_whole
        assert [(link.seq, link.form) for link in uow.ledger.history(ANNA).links] == [(1, 1), (2, 1)]
        uow.ledger.append([ledger_event(uow.ledger.new_id(), ANNA, Act.WITHDRAW, at=NOW, notice="nl/stop@1#0")])
        assert uow.checkpoints.make(now=NOW).heads == 1
        assert [(link.seq, link.form) for link in uow.ledger.history(ANNA).links] == [(1, 1), (2, 1), (3, 2)]
        assert uow.ledger_proof.run().is_whole
        uow.commit()
    for change in ("UPDATE ledger_event SET form = 2", "DELETE FROM ledger_event"):
        with pytest.raises(ConstraintError, match="only added"):
            run_sql(database, change)
    assert run_sql(database, "SELECT right_event_id FROM gate_decision") == [(1,)]
    database.close_now()
