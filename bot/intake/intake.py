"""All bots of a house: each with its own supervised task or its own webhook, and how they stand."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum

from bot.intake.calling import Called
from bot.intake.hooks import Hook
from bot.intake.polling import Poller
from bot.intake.supervision import Supervised
from bot.intake.ways_in import WayIn
from bot.services.acceptance import TakingIn
from bot.services.desk_ports import Health


class Mode(StrEnum):
    """How updates come in: fetched, or brought."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class Intake:
    """Listens for all bots."""

    def __init__(
        self,
        ways_in: Sequence[WayIn],
        *,
        mode: Mode,
        taking_in: TakingIn,
        public_url: str,
        fetched: Callable[[], Awaitable[object]],
        messenger: str = "the messenger",
    ) -> None:
        """Take the bots. public_url: where webhooks are reached. fetched: called when the messenger has answered.

        messenger: its address, as whoever runs recare set it.
        """
        brought = mode is Mode.WEBHOOK
        self._taking_in = taking_in
        self._supervised = tuple(
            Supervised(
                way_in.bot,
                Called(way_in, public_url).look if brought else Poller(way_in, taking_in, fetched=fetched).fetch,
                name=way_in.name,
                messenger=messenger,
            )
            for way_in in ways_in
        )
        pairs = zip(ways_in, self._supervised, strict=True) if brought else ()
        self.hooks = tuple(Hook(way_in, taking_in, is_open=each.is_open) for way_in, each in pairs)

    async def run(self) -> None:
        """Listen until cancelled, or until no token is known."""
        async with asyncio.TaskGroup() as bots:
            for supervised in self._supervised:
                bots.create_task(supervised.run())

    def standings(self) -> Mapping[str, str]:
        """Tell how each bot stands."""
        return {supervised.name: supervised.standing.value for supervised in self._supervised}


class HealthWithIntake:
    """A house's health with its bots': a bot in trouble does not make the house unwell, for the others go on."""

    def __init__(self, house: Health, intake: Intake, taking_in: TakingIn) -> None:
        """Take who else is asked."""
        self._house = house
        self._intake = intake
        self._taking_in = taking_in

    async def health(self) -> Mapping[str, object]:
        """Tell how the house and its bots are, and how many updates were put aside and wait for a person."""
        found = dict(await self._house.health())
        if found.get("status") == "ok":
            found["updates_put_aside"] = await self._taking_in.put_aside()
        return found | {"bots": dict(self._intake.standings())}
