"""How the bots of a house listen while it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.intake import Intake
from bot.services.acceptance import TakingIn


@dataclass(frozen=True, kw_only=True, slots=True)
class Listening:
    """The bots of a house, ready to listen, and who takes in what they are told."""

    intake: Intake
    taking_in: TakingIn


@asynccontextmanager
async def listening(to: Listening | None) -> AsyncIterator[None]:
    """Listen while the block runs."""
    if to is None:
        yield
        return
    async with asyncio.TaskGroup() as tasks:
        intake = tasks.create_task(to.intake.run(), name="intake")
        try:
            yield
        finally:
            intake.cancel()
