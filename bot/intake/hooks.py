"""Takes what a messenger brings to a bot's webhook, in the order of each chat.

Invariants: nothing is looked at without the secret; the messenger hears "taken" only once an update is committed or put
aside, and "later" while nothing was taken.
"""

import hmac
from collections.abc import Callable

from bot.intake.lanes import Lanes
from bot.intake.ways_in import WayIn
from bot.services.acceptance import Acceptance, TakingIn
from bot.services.json_data import read_json


class Hook:
    """One bot's webhook."""

    def __init__(self, way_in: WayIn, taking_in: TakingIn, *, is_open: Callable[[], bool]) -> None:
        """Take the bot whose updates come here; is_open: whether they may be taken at all now."""
        self._way_in = way_in
        self._secret = way_in.webhook.secret.encode()
        self._taking_in = taking_in
        self._is_open = is_open
        self._lanes = Lanes()

    @property
    def path(self) -> str:
        """Where it lies."""
        return self._way_in.webhook.path

    def knows(self, secret: str) -> bool:
        """Tell whether somebody is the messenger; in the same time, whatever they say."""
        return hmac.compare_digest(secret.encode(), self._secret)

    async def take(self, body: bytes) -> bool:
        """Take what was brought; False: later, for nothing was taken."""
        if not self._is_open():
            return False
        bot, account = self._way_in.bot, self._way_in.account
        try:
            raw = read_json(body)
        except (ValueError, RecursionError):
            raw = None
        if not isinstance(raw, dict):
            return await self._taking_in.put_aside_bytes(bot, account, body) is not Acceptance.LATER
        async with self._lanes.in_line(bot.lane(raw)), self._lanes.at_work():
            return await self._taking_in.take(bot, account, raw) is not Acceptance.LATER
