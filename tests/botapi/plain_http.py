"""Calls methods over plain HTTP, for tests of the server that need no library."""

from typing import Any

import httpx

from tests.botapi.api import BotApi
from tests.botapi.hub import BotAccount


class Caller:
    """Calls methods with JSON; gives the status and the answer."""

    def __init__(self, api: BotApi, account: BotAccount) -> None:
        self.client = httpx.AsyncClient(base_url=f"{api.base}/bot{account.token}/", timeout=1)

    async def __call__(self, method: str, **params: object) -> tuple[int, dict[str, Any]]:
        """Call a method."""
        answer = await self.client.post(method, json=params)
        return answer.status_code, answer.json()
