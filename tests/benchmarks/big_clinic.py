"""A clinic of any size, made by a dozen statements inside the database; nothing in it is random.

Who a patient is follows from their number: every share is a remainder of it, so that all sizes are alike. Sealed
columns hold blanks of the usual length, because planning never opens one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text

from flows.ids import ClinicId
from flows.outreach.bands import LapsedRule
from flows.outreach.hours import local_day
from flows.vocabulary import Channel
from storage.database import Database
from storage.records.planning import DueQuery

CLINIC = ClinicId(1)
VISITS_EACH = 3
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
QUERY = DueQuery(
    now=NOW,
    today=local_day(NOW, ZoneInfo("Europe/Amsterdam")),
    zone=ZoneInfo("Europe/Amsterdam"),
    lapsed=LapsedRule(limit_months=12),
    minor_age=18,
    channels=(Channel.WEBCHAT, Channel.TELEGRAM, Channel.EMAIL),
    held_out=500,
)
_FIRST_ID = 10**17  # ids as long as real ones
_PRIME = 1_000_003  # no size divides it


@dataclass(frozen=True, kw_only=True, slots=True)
class _Dialect:
    """How a database says what it alone says so; `{}` takes an expression."""

    numbers: str
    day: str
    instant: str
    month: str
    keyed_hash: str
    blank: str
    learn: str


_SQLITE = _Dialect(
    numbers="WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {})",
    day="date('2026-11-23', printf('%+d days', -({})))",
    instant="strftime('%Y-%m-%d 10:00:00.000000', '2026-11-23', printf('%+d days', -({})))",
    month="date('2026-11-01', '-' || ({}) || ' months')",
    keyed_hash="CAST(printf('%032d', {}) AS BLOB)",
    blank="zeroblob({})",
    learn="ANALYZE",
)
_POSTGRES = _Dialect(
    numbers="WITH numbers AS (SELECT n FROM generate_series(1::bigint, {}) AS n)",
    day="(date '2026-11-23' - ({})::int)",
    instant="(timestamptz '2026-11-23 10:00:00+00' - ({}) * interval '1 day')",
    month="(date '2026-11-01' - ({}) * interval '1 month')::date",
    keyed_hash="convert_to(lpad(({})::text, 32, '0'), 'UTF8')",
    blank="decode(repeat('00', {}), 'hex')",
    learn="VACUUM ANALYZE",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rows:
    """Rows of a table for each patient number n that `where` holds for: an expression of n for each column."""

    table: str
    columns: Mapping[str, str]
    where: str = "1 = 1"


def fill(database: Database, *, patients: int) -> None:
    """Make the clinic and its patients in a migrated, empty database, and let the database learn how they are spread.

    Args:
        database: where.
        patients: how many.
    """
    engine = database._engines.write  # noqa: SLF001  # no repository makes a million people, on purpose
    say = _POSTGRES if engine.dialect.name == "postgresql" else _SQLITE
    with engine.begin() as connection:
        connection.execute(text(_CLINIC_ROW), {"check": b"\0"})
        for rows in (*_people(say), *_past(say)):
            connection.execute(text(_insert(rows, say.numbers.format(patients))))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(say.learn)


def size(database: Database) -> int:
    """Return how many bytes the database holds."""
    with database._engines.read.connect() as connection:  # noqa: SLF001  # as above
        if connection.dialect.name == "postgresql":
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        pages, bytes_each = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _FILE)
        return int(pages * bytes_each)


def _insert(rows: _Rows, numbers: str) -> str:
    names, values = ", ".join(rows.columns), ", ".join(rows.columns.values())
    return (
        f"{numbers} INSERT INTO {rows.table} (clinic_id, {names})"  # noqa: S608  # made of the words of this file
        f" SELECT 1, {values} FROM numbers WHERE {rows.where}"
    )


def _part(salt: int, of: int = 100) -> str:
    """The patient's place among `of` equal parts; places of different salts have nothing to do with each other."""
    return f"((n * ({salt} * 98347 + 15485863)) % {_PRIME}) % {of}"


def _people(say: _Dialect) -> Iterator[_Rows]:
    patient = f"{_FIRST_ID} + n"
    yield _Rows(
        table="patient",
        columns={
            "id": patient,
            "number_hash": say.keyed_hash.format("n"),
            "language": f"CASE WHEN {_part(1)} < 98 THEN 'nl' END",
            "status": f"CASE WHEN {_part(2)} < 90 THEN 'active' WHEN {_part(2)} < 96 THEN 'moved' ELSE 'left' END",
            "birth_month": f"CASE WHEN {_part(3)} < 97 THEN {say.month.format(f'12 + {_part(4, 960)}')} END",
            "last_visit_on": f"CASE WHEN {_part(5)} < 98 THEN {say.day.format(_LAST_VISIT)} END",
            "recall_months": _INTERVAL,
            "next_visit_at": f"CASE WHEN {_part(8)} < 20 THEN {say.instant.format('-9')} END",
            "last_contacted_at": f"CASE WHEN {_CONTACTED} THEN {say.instant.format('200')} END",
            "has_concern": f"{_part(10)} < 10",
            "recall_ok": _MAY,
            "postvisit_ok": _MAY,
            "offer_ok": "1 = 0",
            "paused_until": f"CASE WHEN {_part(12)} < 2 THEN {say.instant.format('-60')} END",
            "frozen": f"{_part(13, 1000)} < 2",
            "lot": _part(14, 10_000),
            "profile": say.blank.format(240),
            "created_at": say.instant.format("690"),
        },
    )
    yield _Rows(
        table="person_key",
        columns={"patient_id": patient, "version": "1", "sealed_key": say.blank.format(60)},
        where=f"{_part(15, 1000)} >= 5",
    )
    for place, (channel, having, proven) in enumerate((("webchat", 60, 95), ("email", 50, 10), ("phone", 90, 0))):
        yield _Rows(
            table="address",
            columns={
                "id": f"{_FIRST_ID} + 10 * n + {place}",
                "patient_id": patient,
                "channel": f"'{channel}'",
                "lookup": say.keyed_hash.format("n"),
                "value": say.blank.format(60),
                "verified_at": f"CASE WHEN {_part(20 + place)} < {proven} THEN {say.instant.format('400')} END",
            },
            where=f"{_part(16 + place)} < {having}",
        )


def _past(say: _Dialect) -> Iterator[_Rows]:
    patient = f"{_FIRST_ID} + n"
    for before in range(VISITS_EACH):
        yield _Rows(
            table="visit",
            columns={
                "id": f"{_FIRST_ID} + 10 * n + {before}",
                "patient_id": patient,
                "visited_on": say.day.format(f"{_LAST_VISIT} + {before * 200}"),
                "surgical": "1 = 0",
                "marked_at": say.instant.format(_LAST_VISIT),
            },
        )
    yield _Rows(
        table="conversation",
        columns={
            "id": patient,
            "patient_id": patient,
            "address_id": f"{_FIRST_ID} + 10 * n",
            "channel": "'webchat'",
            "owner": f"CASE WHEN {_part(30, 1000)} < 5 THEN 'staff' ELSE 'bot' END",
            "lock_version": "1",
            "created_at": say.instant.format("400"),
        },
        where=f"{_part(16)} < 60",
    )
    yield _Rows(
        table="ledger_event",
        columns={
            "id": patient,
            "patient_id": patient,
            "seq": "1",
            "at": say.instant.format("500"),
            "acted_by": "'self'",
            "act": f"CASE WHEN {_MAY} THEN 'permit' ELSE 'deny' END",
            "purpose": "'recall'",
            "policy": "'strictest'",
            "policy_version": "1",
            "collected": "'bench'",
            "evidence": "'bench'",
            "valid_from": say.instant.format("500"),
            "previous_hash": say.blank.format(32),
            "hash": say.blank.format(32),
        },
        where=f"{_part(11)} < 50",
    )
    waits = f"{_part(31)} < 2"
    yield _Rows(
        table="outbox",
        columns={
            "id": patient,
            "patient_id": patient,
            "channel": "'webchat'",
            "kind": "'proactive'",
            "purpose": "'recall'",
            "campaign": "'reactivation:2026-05-07'",
            "step": "1",
            "level": "0",
            "message_key": "'reactivation'",
            "reach": "'bot_only'",
            "not_before": say.instant.format("200"),
            "status": f"CASE WHEN {waits} THEN 'planned' ELSE 'sent' END",
            "attempts": "1",
            "sent_at": f"CASE WHEN NOT {waits} THEN {say.instant.format('200')} END",
            "created_at": say.instant.format("200"),
        },
        where=f"{waits} OR {_CONTACTED}",
    )


_FILE = ("page_count", "page_size")
_CLINIC_ROW = """INSERT INTO clinic (clinic_id, slug, name, zone, country, language, config_hash, key_check)
    VALUES (1, 'bench', 'Bench', 'Europe/Amsterdam', 'NL', 'nl', '', :check)"""
_LAST_VISIT = _part(6, 1826)  # days ago, evenly over five years
_CONTACTED = f"{_part(9)} < 15"
_MAY = f"{_part(11)} < 40"  # the next tenth has said no, half were never asked
_INTERVAL = f"CASE WHEN {_part(7)} < 60 THEN 6 WHEN {_part(7)} < 80 THEN 12 WHEN {_part(7)} < 85 THEN 18 END"
