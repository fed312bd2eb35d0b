"""A catalogue read once, and a plainly synthetic clinic and reader."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.wording import Catalogue, ClinicVoice, OwnWords, Reader, Wording
from flows.vocabulary import Language, Sex


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def clinic() -> ClinicVoice:
    return ClinicVoice(
        name="De Linde dental practice",
        phone="+32 9 555 01 00",
        address="Lindestraat 12, Gent",
        emergency="112",
        out_of_hours="+32 9 555 01 99",
        crisis_line="0800 555 01",
        zone=ZoneInfo("Europe/Brussels"),
        says={Language.EN: OwnWords(fees="A check-up costs €45.")},
    )


@pytest.fixture
def wording(catalogue: Catalogue, clinic: ClinicVoice) -> Wording:
    return Wording(catalogue=catalogue, clinic=clinic)


@pytest.fixture
def anna() -> Reader:
    return Reader(
        sex=Sex.FEMALE,
        first_name="Anna",
        last_name="Martin",
        patronymic="Sergeevna",
        dentist="Dr Vos",
        last_visit_on=date(2025, 3, 4),
    )


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
