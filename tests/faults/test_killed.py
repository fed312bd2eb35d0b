"""Pulling the plug: kill -9 at every step of a turn and of a delivery, then start again.

Whatever the step, after the restart the update has its effect once, and each message left once, or at most once and is
marked unknown for staff to see. Steps are everything that reaches the outside: each statement of the database, each
commit, before and after each sending.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.services.ports import Capabilities, OutgoingMessage
from flows.ids import ConversationId
from flows.vocabulary import Channel, Purpose
from storage.vocabulary import OutboxStatus
from tests.world import MONDAY_MORNING, World, make_world

INVITATION_LEAVES = MONDAY_MORNING + timedelta(hours=9)
UPDATE = "the-one-update"
MOST_STEPS = 120
FEWEST_STEPS = 8
NEVER = 10**9
DAY = timedelta(days=1)


class Doom:
    """Counts steps, and kills the process at the fatal one."""

    def __init__(self, fatal: int) -> None:
        """Live until step `fatal`."""
        self._left = fatal

    def step(self, *_about: object) -> None:
        """Take a step."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Outside:
    """A messenger that shows a repeated message twice; what reached it stands in a file."""

    name = Channel.WEBCHAT
    capabilities = Capabilities(may_start=True, repeatable=False, buttons=12, text_length=4096, can_edit=False)

    def __init__(self, folder: Path, doom: Doom) -> None:
        """Write to a file in the folder."""
        self._file = folder / "outside"
        self._doom = doom

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Let it arrive, at once and for good."""
        del address
        self._doom.step()
        self._write(message.key)
        self._doom.step()
        return message.key

    def _write(self, key: str) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.write(f"{key}\n")
            out.flush()
            os.fsync(out.fileno())


def world_in(folder: Path, doom: Doom) -> World:
    """Start the house on what the folder holds."""
    world = make_world(f"sqlite:///{folder / 'recare.sqlite'}")
    world.house.delivery.channels[Channel.WEBCHAT] = Outside(folder, doom)
    engines = world.house.database._engines  # noqa: SLF001 - a saboteur looks under the floor
    for engine in (engines.write, engines.write_at_once):
        event.listen(engine, "before_cursor_execute", doom.step)
        event.listen(engine, "commit", doom.step)
    return world


async def the_patient_writes(world: World, conversation_id: ConversationId) -> None:
    await world.house.patient.write(world.session(conversation_id), UPDATE, "look for a time please")


async def an_invitation_leaves(world: World, conversation_id: ConversationId) -> None:
    del conversation_id
    await world.house.planning.plan_due()
    world.clock.move_to(INVITATION_LEAVES)
    await world.house.delivery.send_due()


async def time_goes_on(world: World) -> None:
    for days in range(3):
        await world.house.planning.plan_due()
        world.clock.move_to(INVITATION_LEAVES + days * DAY)
        await world.house.delivery.send_due()


def die_in(scene: Callable[..., object], folder: Path, conversation_id: ConversationId, step: int) -> bool:
    """Play a scene in a child of this process that dies at a step; tells whether it died."""
    child = os.fork()
    if child == 0:
        world = world_in(folder, doom := Doom(NEVER))
        doom._left = step  # noqa: SLF001 - starting is no step of the scene
        asyncio.run(scene(world, conversation_id))  # type: ignore[arg-type]  # scenes are coroutine functions
        os._exit(0)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or os.waitstatus_to_exitcode(status) == 0
    return killed


def check(world: World, conversation_id: ConversationId, folder: Path, *, heard: int) -> None:
    """Hold what is stored against what arrived."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        lines = uow.conversations.transcript(conversation_id)
        tickets = uow.tickets.of_conversation(conversation_id)
    outside = folder / "outside"
    arrived = outside.read_text(encoding="utf-8").split() if outside.exists() else []
    (said,) = [line for line in lines if line.kind is None]
    assert len([line for line in lines if line.kind is not None]) == heard
    assert len(arrived) == len(set(arrived)) <= 1
    if said.status is OutboxStatus.SENT:
        assert arrived == [str(said.id)]
    else:
        # Nobody can know whether it arrived; staff are asked to find out.
        assert said.status is OutboxStatus.UNKNOWN
        assert tickets


def prepare(folder: Path, permits: frozenset[Purpose]) -> ConversationId:
    """Make a database in which a patient's page is open and nothing else has happened."""
    folder.mkdir()
    world = make_world(f"sqlite:///{folder / 'recare.sqlite'}")
    _, conversation_id = world.add_patient(permits=permits)
    world.house.database.close_now()
    return conversation_id


@pytest.mark.parametrize(
    ("scene", "heard", "permits"),
    [
        (the_patient_writes, 1, frozenset()),
        pytest.param(an_invitation_leaves, 0, frozenset({Purpose.RECALL}), marks=pytest.mark.long),
    ],
)
@pytest.mark.timeout(600)
def test_a_plug_pulled_at_any_step_loses_nothing_and_repeats_nothing(
    scene: Callable[..., object], heard: int, permits: frozenset[Purpose], tmp_path: Path
) -> None:
    source = tmp_path / "prepared"
    conversation_id = prepare(source, permits)
    deaths = 0
    for step in range(1, MOST_STEPS):
        folder = tmp_path / f"step-{step}"
        shutil.copytree(source, folder)
        killed = die_in(scene, folder, conversation_id, step)

        world = world_in(folder, Doom(NEVER))
        if heard:
            asyncio.run(the_patient_writes(world, conversation_id))
        asyncio.run(time_goes_on(world))
        check(world, conversation_id, folder, heard=heard)

        world.house.database.close_now()
        shutil.rmtree(folder)
        if not killed:
            break
        deaths += 1
    assert FEWEST_STEPS < deaths < MOST_STEPS - 1
