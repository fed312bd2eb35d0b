"""What clinic.toml says is stored once, and again when it says something else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.services.enrolment import enrol
from bot.settings.reading import parse_clinic
from flows.ids import ClinicId
from flows.outreach.facts import Mode
from storage.database import Database
from storage.errors import WrongKeyError
from tests.cli.shell import EXAMPLES
from tests.world import KEY, World, make_world

TEXT = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A clinic that was stored by the house that serves it."""
    made = make_world(f"sqlite:///{tmp_path / 'recare.sqlite'}")
    yield made
    made.house.database.close_now()


def beside(world: World, tmp_path: Path, text: str, key: bytes = KEY) -> None:
    """Let a command begin on the same database, with this clinic.toml."""
    database = Database.open(f"sqlite:///{tmp_path / 'recare.sqlite'}", master_key=key, clock=world.clock.now)
    try:
        settings = parse_clinic(text, source="clinic.toml")
        enrol(database, settings, world.house.clinic.policies, Mode.LIVE)
    finally:
        database.close_now()


def providers(world: World) -> dict[str, bool]:
    """Who treats by the database, and whether they may be booked."""
    with world.house.database.reading(ClinicId(1)) as uow:
        return {provider.name: provider.active for provider in uow.clinics.providers()}


def test_a_command_with_the_file_that_is_stored_does_not_wait_for_who_is_writing(world: World, tmp_path: Path) -> None:
    with world.house.database.unit_of_work(ClinicId(1)) as uow:
        before = uow.clinics.get()
        beside(world, tmp_path, TEXT)
        assert uow.clinics.get() == before


def test_a_changed_file_is_stored_and_changed_back_is_stored_again(world: World, tmp_path: Path) -> None:
    assert providers(world) == {"Dr Vos": True, "Dr Berg": True}
    alone = TEXT[: TEXT.index('[[provider]]\nkey = "berg"')] + TEXT[TEXT.index("# The first type") :]
    beside(world, tmp_path, alone)
    assert providers(world) == {"Dr Vos": True, "Dr Berg": False}
    beside(world, tmp_path, TEXT)
    assert providers(world) == {"Dr Vos": True, "Dr Berg": True}


@pytest.mark.parametrize("hours", ['"10:00-15:00"', '"10:00-14:00", "15:00-16:00"'])
def test_other_hours_are_another_file(hours: str, world: World, tmp_path: Path) -> None:
    with world.house.database.reading(ClinicId(1)) as uow:
        before = uow.clinics.get().config_hash
    assert '"10:00-14:00"' in TEXT
    beside(world, tmp_path, TEXT.replace('"10:00-14:00"', hours))
    with world.house.database.reading(ClinicId(1)) as uow:
        assert uow.clinics.get().config_hash != before


def test_a_stored_file_does_not_open_the_clinic_to_another_key(world: World, tmp_path: Path) -> None:
    with pytest.raises(WrongKeyError):
        beside(world, tmp_path, TEXT, key=b"another key, of another clinic..")
