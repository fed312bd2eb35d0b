"""What most commands begin with: read the clinic, open its database, and turn storage's errors into one line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from bot.clocks import SystemClock
from bot.errors import RecareError
from bot.services.clinic import Clinic
from bot.services.enrolment import enrol
from bot.settings import ClinicSettings, KeyNotSetError, read_clinic, read_ledger_key_version, read_master_key
from bot.settings.clinic import TelegramPart
from bot.settings.policies import read_book
from flows.outreach.facts import Mode
from storage.database import Database
from storage.errors import StorageError
from storage.migrations.standing import Schema, schema_at

clinic_option = click.option(
    "--clinic",
    "clinic_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("clinic.toml"),
    envvar="RECARE_CLINIC",
    show_default=True,
    help="The clinic's file.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A clinic whose database is open and up to date."""

    file: Path
    settings: ClinicSettings
    clinic: Clinic
    database: Database
    clock: SystemClock


@contextmanager
def opened(clinic_file: Path) -> Iterator[Opened]:
    """Open the clinic for a command. Raises RecareError with place and remedy, whatever is wrong."""
    settings = read_clinic(clinic_file)
    key, ledger_key_version = read_key(settings, clinic_file), read_ledger_key_version(os.environ)
    policies = read_book(settings, clinic_file.parent)
    clock = SystemClock()
    with speaking_plainly():
        database = Database.open(
            settings.database_url(clinic_file.parent),
            master_key=key,
            clock=clock.now,
            ledger_key_version=ledger_key_version,
        )
        try:
            database.migrate()
            clinic = enrol(database, settings, policies, Mode.LIVE)
            yield Opened(file=clinic_file, settings=settings, clinic=clinic, database=database, clock=clock)
        finally:
            database.close_now()


def telegram_of(house: Opened) -> TelegramPart:
    """What [telegram] says. Raises RecareError where there is none: no bot would hear what is printed for it."""
    if house.settings.telegram is None:
        raise RecareError(f"{house.file}: there is no [telegram], so no bot would hear this; see docs/telegram.md")
    return house.settings.telegram


def read_key(settings: ClinicSettings, clinic_file: Path) -> bytes:
    """Read the key that seals all personal data; only before there are any is a new one named. Raises RecareError."""
    try:
        return read_master_key(os.environ)
    except KeyNotSetError:
        if not _holds_data(settings.database_url(clinic_file.parent)):
            raise
        raise RecareError(
            "RECARE_KEY is not set: set it to the key these data were sealed with; a new one does not open them"
        ) from None


@contextmanager
def speaking_plainly() -> Iterator[None]:
    """Turn storage's errors, which carry their remedy, into the command line's."""
    try:
        yield
    except StorageError as wrong:
        raise RecareError(str(wrong) or type(wrong).__name__) from wrong


def _holds_data(url: str) -> bool:
    """Whether there is a database at a URL; yes where it cannot be asked, for a new key must not be made in vain."""
    try:
        return schema_at(url) is not Schema.NONE
    except StorageError:
        return True
