"""A process that is killed without warning at a step of its choosing; the parent test looks at what it left.

Steps are counted over everything that reaches the outside: each statement of the database, before and after each
commit, before and after each sending. Called as `doomed.py DATABASE OUTSIDE CONVERSATION STEP SCENE`.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event

from bot.services.ports import Capabilities, OutgoingMessage
from flows.ids import ConversationId
from flows.vocabulary import Channel
from tests.world import MONDAY_MORNING, World, make_world

INVITATION_LEAVES = MONDAY_MORNING + timedelta(hours=9)
UPDATE = "the-one-update"


class Outside:
    """A messenger that shows a repeated message twice; what reached it stands in a file."""

    name = Channel.WEBCHAT
    capabilities = Capabilities(may_start=True, repeatable=False, buttons=12, text_length=4096, can_edit=False)

    def __init__(self, file: Path, doom: "Doom") -> None:
        """Write to a file."""
        self._file = file
        self._doom = doom

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Let it arrive, at once and for good."""
        del address
        self._doom.step()
        with self._file.open("a", encoding="utf-8") as out:
            out.write(f"{message.key}\n")
            out.flush()
            os.fsync(out.fileno())
        self._doom.step()
        return message.key


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


def watch(world: World, doom: Doom) -> None:
    """Make every statement and commit a step."""
    engine = world.house.database._engines.write  # noqa: SLF001 - a saboteur looks under the floor
    event.listen(engine, "before_cursor_execute", doom.step)
    event.listen(engine, "after_cursor_execute", doom.step)
    event.listen(engine, "commit", doom.step)


def with_outside(world: World, outside: Outside) -> World:
    """Let the world's messages leave through the messenger."""
    world.house.delivery.channels[Channel.WEBCHAT] = outside
    return world


async def scene(world: World, conversation_id: ConversationId, name: str) -> None:
    """Play a scene: the patient writes, or an invitation leaves."""
    if name == "turn":
        await world.house.patient.write(world.session(conversation_id), UPDATE, "look for a time please")
    else:
        await world.house.planning.plan_due()
        world.clock.move_to(INVITATION_LEAVES)
        await world.house.delivery.send_due()


async def main(database: str, outside: str, conversation: str, fatal: str, name: str) -> None:
    """Play a scene until the fatal step."""
    doom = Doom(int(fatal))
    world = with_outside(make_world(database), Outside(Path(outside), doom))
    watch(world, doom)
    await scene(world, ConversationId(int(conversation)), name)
    await world.house.database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
