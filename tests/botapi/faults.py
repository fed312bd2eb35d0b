"""Troubles by script: which call meets which trouble, how often; and limits of sending that can be switched on."""

import asyncio
import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.botapi.errors import ApiError, too_many
from tests.botapi.model import Json


class Trouble(StrEnum):
    """What can go wrong on the way, before or after a call had its effect.

    CUT: the connection breaks. SILENT: no answer ever comes, so the caller's own time-out decides. PROXY_PAGE: a proxy
    answers with a page of its own (502). SERVER: the messenger's own failure (500). GARBLED: a success that is no JSON.
    """

    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"
    SILENT_BEFORE = "silent before"
    SILENT_AFTER = "silent after"
    PROXY_PAGE = "proxy page"
    PROXY_PAGE_AFTER = "proxy page after"
    SERVER = "server"
    GARBLED_AFTER = "garbled after"


AFTER_EFFECT = frozenset({Trouble.CUT_AFTER, Trouble.SILENT_AFTER, Trouble.PROXY_PAGE_AFTER, Trouble.GARBLED_AFTER})


@dataclass(kw_only=True)
class Fault:
    """A trouble that waits for its calls. method, chat: None for any. times: how many calls meet it."""

    meets: Trouble | ApiError
    method: str | None = None
    chat: int | None = None
    times: float = 1
    met: int = 0

    def fits(self, method: str, params: Json) -> bool:
        """Whether a call meets it."""
        return (
            self.met < self.times
            and (self.method is None or self.method.lower() == method.lower())
            and (self.chat is None or params.get("chat_id") == self.chat)
        )


@dataclass(kw_only=True)
class Limits:
    """So many messages in so many seconds: of a bot, to one person, to one group. Edits are not counted."""

    bot: tuple[int, float] = (30, 1.0)
    person: tuple[int, float] = (1, 1.0)
    group: tuple[int, float] = (20, 60.0)
    clock: Callable[[], float] = field(default=lambda: asyncio.get_running_loop().time())
    past: dict[tuple[int, int | None], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    refusals: int = 0

    def count(self, bot_id: int, chat_id: int) -> None:
        """Count a message. Raises ApiError if it is one too many."""
        now = self.clock()
        rules = (((bot_id, None), self.bot), ((bot_id, chat_id), self.group if chat_id < 0 else self.person))
        for key, (most, seconds) in rules:
            times = self.past[key]
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) >= most:
                self.refusals += 1
                raise too_many(max(1, math.ceil(times[0] + seconds - now)))
        for key, _ in rules:
            self.past[key].append(now)
