"""What `make bench` may be told: which sizes to measure, and whether the figures go into the documentation."""

import pytest

SIZES = "1000,10000,100000"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the benchmarks."""
    group = parser.getgroup("recare benchmarks")
    group.addoption("--patients", default=SIZES, help=f"clinics to plan for, by their patients (default: {SIZES})")
    group.addoption("--write-docs", action="store_true", help="write tables and charts of planning into docs/")


@pytest.fixture
def sizes(request: pytest.FixtureRequest) -> list[int]:
    """How many patients each clinic has, ascending."""
    return sorted(int(size) for size in str(request.config.getoption("--patients")).split(","))


@pytest.fixture
def writes_docs(request: pytest.FixtureRequest) -> bool:
    """Whether the figures go into the documentation."""
    return bool(request.config.getoption("--write-docs"))
