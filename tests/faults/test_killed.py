"""Pulling the plug: kill -9 at every step of a turn and of a delivery, then start again.

Whatever the step, after the restart the update has its effect once, and each message left once, or at most once and is
marked unknown for staff to see.
"""

import asyncio
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows.ids import ConversationId
from storage.vocabulary import OutboxStatus
from tests.faults.doomed import INVITATION_LEAVES, Doom, Outside, scene, with_outside
from tests.world import World, make_world

MOST_STEPS = 120
AFTER_THE_LEASE = timedelta(minutes=10)
ROOT = Path(__file__).parents[2]
NEVER = 10**9


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ConversationId]:
    """A database in which a patient's page is open and nothing else has happened."""
    folder = tmp_path_factory.mktemp("prepared")
    file = folder / "recare.sqlite"
    world = make_world(f"sqlite:///{file}")
    _, conversation_id = world.add_patient()
    world.house.database.close_now()
    return file, conversation_id


def kill_at(step: int, name: str, folder: Path, conversation_id: ConversationId) -> bool:
    """Play a scene in a process that dies at a step; tells whether it died."""
    ended = subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-m",
            "tests.faults.doomed",
            f"sqlite:///{folder / 'recare.sqlite'}",
            str(folder / "outside"),
            str(conversation_id),
            str(step),
            name,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr
    return ended.returncode == -signal.SIGKILL


async def restart_and_go_on(world: World, name: str, conversation_id: ConversationId) -> None:
    """Start again: the messenger delivers the update again, the clock goes on, the ticks run."""
    if name == "turn":
        await scene(world, conversation_id, name)
    world.clock.move_to(INVITATION_LEAVES + AFTER_THE_LEASE if name == "delivery" else world.clock.now())
    for _ in range(2):
        world.clock.move_to(world.clock.now() + AFTER_THE_LEASE)
        await world.house.planning.plan_due()
        await world.house.delivery.send_due()


def check(world: World, name: str, conversation_id: ConversationId, outside: Path) -> None:
    """Hold what is stored against what arrived."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        lines = uow.conversations.transcript(conversation_id)
    heard = [line for line in lines if line.kind is not None]
    said = [line for line in lines if line.kind is None]
    arrived = outside.read_text(encoding="utf-8").split() if outside.exists() else []
    assert len(heard) == (1 if name == "turn" else 0)
    assert len(said) == 1
    assert len(arrived) == len(set(arrived)) <= 1
    if said[0].status is OutboxStatus.SENT:
        assert arrived == [str(said[0].id)]
    else:
        # Nobody can know whether it arrived; staff are asked to find out.
        assert said[0].status is OutboxStatus.UNKNOWN
        with world.house.database.unit_of_work(world.house.clinic.id) as uow:
            assert uow.tickets.of_conversation(conversation_id)


@pytest.mark.parametrize("name", ["turn", "delivery"])
@pytest.mark.timeout(600)
def test_a_plug_pulled_at_any_step_loses_nothing_and_repeats_nothing(
    name: str, prepared: tuple[Path, ConversationId], tmp_path: Path
) -> None:
    file, conversation_id = prepared
    died = 0
    for step in range(1, MOST_STEPS):
        folder = tmp_path / f"step-{step}"
        folder.mkdir()
        shutil.copy(file, folder / "recare.sqlite")
        killed = kill_at(step, name, folder, conversation_id)
        world = with_outside(
            make_world(f"sqlite:///{folder / 'recare.sqlite'}"), Outside(folder / "outside", Doom(NEVER))
        )
        asyncio.run(restart_and_go_on(world, name, conversation_id))
        check(world, name, conversation_id, folder / "outside")
        world.house.database.close_now()
        shutil.rmtree(folder)
        if not killed:
            break
        died += 1
    assert 10 < died < MOST_STEPS - 1
