"""What `make bench` may be told: which sizes to measure, and whether the figures go into the documentation."""

import pytest

SIZES = "1000,10000,100000"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the benchmarks."""
    group = parser.getgroup("recare benchmarks")
    group.addoption("--patients", default=SIZES, help=f"clinics to plan for, by their patients (default: {SIZES})")
    group.addoption("--rounds", type=int, default=3, help="how often each bot leads the chat (default: 3)")
    group.addoption("--turns", type=int, default=3000, help="turns of the chat that are measured (default: 3000)")
    group.addoption("--write-docs", action="store_true", help="write tables and charts into docs/")


@pytest.fixture
def sizes(request: pytest.FixtureRequest) -> list[int]:
    """How many patients each clinic has, ascending."""
    return sorted(int(size) for size in str(request.config.getoption("--patients")).split(","))


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often each bot leads the chat."""
    return int(request.config.getoption("--rounds"))


@pytest.fixture
def turns(request: pytest.FixtureRequest) -> int:
    """How many turns of the chat are measured."""
    return int(request.config.getoption("--turns"))


@pytest.fixture
def writes_docs(request: pytest.FixtureRequest) -> bool:
    """Whether the figures go into the documentation."""
    return bool(request.config.getoption("--write-docs"))
