"""A mail server, a house beside it, and what is stored, for tests of invitations."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.house.records import Records
from tests.invites.post import Server, mail_server, mail_world
from tests.world import World


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A mail server on loopback."""
    async with mail_server() as does:
        yield does


@pytest.fixture
async def world(server: Server, tmp_path: Path) -> AsyncIterator[World]:
    """A house that hands its e-mails to that server."""
    made = mail_world(f"sqlite:///{tmp_path / 'recare.sqlite'}", server.port)
    yield made
    await made.house.database.close()


@pytest.fixture
def records(world: World, tmp_path: Path) -> Iterator[Records]:
    """What is stored, read past the house."""
    del world
    with Records(f"sqlite:///{tmp_path / 'recare.sqlite'}") as found:
        yield found
