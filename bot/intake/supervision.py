"""Keeps one bot listening, whatever the messenger says, and tells how it stands.

Invariant: the trouble of one bot is its own. A revoked token ends it, for nothing but another token helps; anything
else is tried again, after pauses that grow.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.intake.pauses import Pauses
from bot.services.bot_names import BotName
from bot.services.intake_ports import (
    Bot,
    BusyError,
    IntakeError,
    OutOfReachError,
    PolledElsewhereError,
    TokenRevokedError,
)

log = logging.getLogger(__name__)

REMEDIES = {
    TokenRevokedError: (
        "{messenger} does not know the token in {token}: this bot stops; "
        "ask @BotFather for it (/mybots, API Token), set {token} anew and restart"
    ),
    PolledElsewhereError: "somebody else fetches these updates, or a webhook is set (see `recare webhook info`)",
    BusyError: "{messenger} asks to wait",
    OutOfReachError: (
        "{messenger} gives no answer that makes sense; it is asked again and again: "
        "check this machine's way to the Internet, and [telegram] api_base"
    ),
}


class Standing(StrEnum):
    """How a bot stands, as `/health` tells it."""

    STARTING = "starting"
    LISTENING = "listening"
    ELSEWHERE = "updates fetched elsewhere"
    WAITING = "asked to wait"
    OUT_OF_REACH = "messenger out of reach"
    REVOKED = "token revoked"
    FAILING = "failing"
    STOPPED = "stopped"


STANDINGS: dict[type[IntakeError], Standing] = {
    TokenRevokedError: Standing.REVOKED,
    PolledElsewhereError: Standing.ELSEWHERE,
    BusyError: Standing.WAITING,
    OutOfReachError: Standing.OUT_OF_REACH,
}

Listen = Callable[[asyncio.TaskGroup], Awaitable[None]]


class Supervised:
    """One bot under supervision."""

    def __init__(
        self,
        bot: Bot,
        listen: Listen,
        *,
        messenger: str,
        name: BotName | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        """Take the bot; listen: what it does again and again, with a group for its tasks.

        messenger: its address. name: how the bot is named here.
        """
        self._bot = bot
        self._messenger = messenger
        self._name = name
        self._listen = listen
        self._pauses = pauses or Pauses()
        self._is_started = False
        self.standing = Standing.STARTING

    @property
    def name(self) -> str:
        """Tell which bot it is."""
        return self._bot.name

    def is_open(self) -> bool:
        """Whether the bot is started, and its token good, so that what comes can be handled and is the messenger's.

        Whoever knows a token knows its webhook's secret. A webhook that is not open answers "later" (503): what truly
        comes is kept by the messenger until the bot has its new token.
        """
        return self._is_started and self.standing is not Standing.REVOKED

    async def run(self) -> None:
        """Listen until the token is revoked, or until this is cancelled."""
        try:
            async with asyncio.TaskGroup() as chats:
                while self.standing is not Standing.REVOKED:
                    await self._once(chats)
        finally:
            if self.standing is not Standing.REVOKED:
                self.standing = Standing.STOPPED
            await self._close()

    async def _once(self, chats: asyncio.TaskGroup) -> None:
        try:
            if not self._is_started:
                await self._bot.start()
                await self._compare_names()
                self._is_started = True
            await self._listen(chats)
        except IntakeError as trouble:
            self._stands(STANDINGS.get(type(trouble), Standing.FAILING), trouble)
            if not isinstance(trouble, TokenRevokedError):
                asked = trouble.wait.total_seconds() if isinstance(trouble, BusyError) else 0.0
                await asyncio.sleep(max(asked, self._pauses.next()))
        except Exception as unforeseen:
            # The boundary of intake: what nobody foresaw of one bot must not end the others.
            log.exception("a bot failed", extra={"bot": self.name, "kind": type(unforeseen).__name__})
            self.standing = Standing.FAILING
            await asyncio.sleep(self._pauses.next())
        else:
            self._pauses.over()
            self._stands(Standing.LISTENING, None)

    async def _compare_names(self) -> None:
        """Say if the token is another bot's than the one that links lead to. Raises IntakeError."""
        if self._name is None or self._name.username is None:
            return
        mistake = self._name.mistake(await self._bot.identify())
        if mistake is not None:
            log.error("%s; %s", mistake, self._name.remedy, extra={"bot": self.name})

    def _stands(self, standing: Standing, trouble: IntakeError | None) -> None:
        """Say how it stands, where that is news."""
        if standing is self.standing:
            return
        self.standing = standing
        if trouble is None:
            log.info("a bot listens", extra={"bot": self.name})
        else:
            say = log.error if isinstance(trouble, TokenRevokedError) else log.warning
            token = "this bot" if self._name is None else self._name.token
            remedy = REMEDIES.get(type(trouble), "a bot is in trouble")
            say(remedy.format(messenger=self._messenger, token=token), extra={"bot": self.name})

    async def _close(self) -> None:
        try:
            await self._bot.stop()
        except Exception as failure:
            # The boundary of intake: the end of a house does not wait for a messenger.
            log.exception("a bot did not close well", extra={"bot": self.name, "kind": type(failure).__name__})
