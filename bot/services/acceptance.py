"""Takes in raw updates: each has its effect, or lies sealed in quarantine, or is to come again.

Invariants: an update counts as taken in only once its effect, or its raw form, is committed; none blocks those behind
it for ever; what a known patient sent is put aside together with a word to staff. No log holds a word of one.
"""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.services.clinic import Clinic
from bot.services.intake_ports import Bot, RawUpdate, Said, UnreadableUpdateError
from bot.services.ports import Clock
from bot.services.unread import call_staff, marked, talk_of
from flows.ids import ConversationId
from flows.vocabulary import Channel, TicketReason
from storage.database import Database
from storage.errors import StorageError
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

HANDLE_SECONDS = 60.0
"""So long the handling of one update may take; what takes longer may have had its effect, and comes again."""

MOST_TRIES = 6
"""So often an update is handed in while the database refuses it, before it is put aside so that others can go on."""

MOST_REMEMBERED = 10_000
LONGEST_KIND = 200


class Acceptance(StrEnum):
    """What became of a raw update. LATER: nothing was taken; it must come again."""

    HANDLED = "handled"
    PUT_ASIDE = "put_aside"
    LATER = "later"


class TakingIn:
    """Takes in what one messenger's bots are told."""

    def __init__(
        self,
        *,
        database: Database,
        clinic: Clinic,
        clock: Clock,
        channel: Channel,
        changed: Callable[[int], Awaitable[object]],
    ) -> None:
        """Take where what cannot be handled is put aside; channel: that of the updates.

        changed: told of each conversation whose staff were asked to look.
        """
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._channel = channel
        self._changed = changed
        self._tries: OrderedDict[str, int] = OrderedDict()

    async def take(self, bot: Bot, account: int, raw: RawUpdate) -> Acceptance:
        """Let a bot handle an update; account: the bot's id at the messenger. Nothing is raised.

        An update that comes again has no second effect.
        """
        external_id = external_id_of(account, raw)
        try:
            async with asyncio.timeout(HANDLE_SECONDS):
                await bot.handle(raw)
        except (StorageError, TimeoutError) as failure:
            return await self._try_again(bot, external_id, raw, failure)
        except UnreadableUpdateError as unreadable:
            return await self._put_aside(bot, external_id, raw, unreadable)
        except Exception as unforeseen:
            # The boundary of intake: what we did not foresee must not come back for ever, nor be lost.
            log.exception("an update could not be handled", extra={"bot": bot.name, "kind": type(unforeseen).__name__})
            return await self._put_aside(bot, external_id, raw, unforeseen)
        self._tries.pop(external_id, None)
        return Acceptance.HANDLED

    async def put_aside_bytes(self, bot: Bot, account: int, body: bytes) -> Acceptance:
        """Put aside what a bot was told and is no update at all."""
        external_id = f"{account}:{_digest(body)}"
        aside = _Aside(raw={"bot": bot.name, "body": ascii(body)}, error="NotAnUpdate")
        return await self._keep(bot, external_id, aside)

    async def put_aside(self) -> int:
        """Tell how many updates lie in quarantine and had no effect. Raises StorageError."""
        return await self._database.read(self._clinic.id, lambda uow: uow.updates.count_unhandled())

    async def _try_again(self, bot: Bot, external_id: str, raw: RawUpdate, failure: Exception) -> Acceptance:
        tries = self._tries[external_id] = self._tries.pop(external_id, 0) + 1
        while len(self._tries) > MOST_REMEMBERED:
            self._tries.popitem(last=False)
        if tries >= MOST_TRIES:
            return await self._put_aside(bot, external_id, raw, failure)
        log.warning("an update comes again", extra={"bot": bot.name, "kind": type(failure).__name__, "tries": tries})
        return Acceptance.LATER

    async def _put_aside(self, bot: Bot, external_id: str, raw: RawUpdate, failure: Exception) -> Acceptance:
        # As ASCII: what a text breaks with, half a character for instance, must not break its keeping.
        aside = _Aside(
            raw={"bot": bot.name, "update": _written(raw)},
            error=type(failure).__name__[:LONGEST_KIND],
            reason=TicketReason.UNREADABLE if isinstance(failure, UnreadableUpdateError) else TicketReason.PUT_ASIDE,
            said=bot.said(raw),
        )
        return await self._keep(bot, external_id, aside)

    async def _keep(self, bot: Bot, external_id: str, aside: "_Aside") -> Acceptance:
        try:
            kept = await self._database.write(self._clinic.id, lambda uow: self._keep_in(uow, external_id, aside))
        except StorageError as failure:
            log.warning("an update comes again", extra={"bot": bot.name, "kind": type(failure).__name__})
            return Acceptance.LATER
        self._tries.pop(external_id, None)
        if kept.is_new:
            log.error("an update was put aside", extra={"bot": bot.name, "kind": aside.error})
        if kept.told is not None:
            await self._changed(kept.told)
        return Acceptance.PUT_ASIDE

    def _keep_in(self, uow: UnitOfWork, external_id: str, aside: "_Aside") -> "_Kept":
        now = self._clock.now()
        talk = None if aside.said is None else talk_of(uow, self._channel, aside.said)
        raw = aside.raw if aside.said is None or talk is None else {**aside.raw, **marked(talk, aside.said)}
        new = uow.updates.quarantine(self._channel, external_id, raw=raw, error=aside.error, now=now)
        # What broke after its effect was kept is lost to nobody.
        told = talk if new and not uow.updates.is_claimed(self._channel, external_id) else None
        if told is not None:
            call_staff(uow, told, aside.reason, self._clinic, now)
        uow.commit()
        return _Kept(is_new=new, told=told)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Aside:
    """What is put aside. error: the kind of failure. said: by whom; None if by nobody in particular."""

    raw: Mapping[str, Json]
    error: str
    reason: TicketReason = TicketReason.UNREADABLE
    said: Said | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """What putting it aside did. is_new: it did not lie there before. told: the talk whose staff were asked to look."""

    is_new: bool
    told: ConversationId | None


def update_id_of(raw: RawUpdate) -> int | None:
    """The messenger's number of an update; None if it has none."""
    number = raw.get("update_id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def external_id_of(account: int, raw: RawUpdate) -> str:
    """By what an update is known again: its number, or its content where it has none."""
    number = update_id_of(raw)
    return f"{account}:{number if number is not None else _digest(_written(raw).encode())}"


def _written(raw: Mapping[str, Any]) -> str:
    """The update in ASCII; of one that is nested more deeply than can be written, the names of its parts."""
    try:
        return json.dumps(raw, default=str, sort_keys=True)
    except RecursionError:
        return json.dumps(sorted(raw))


def _digest(content: bytes) -> str:
    return "sha256-" + hashlib.sha256(content).hexdigest()
