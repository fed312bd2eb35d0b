"""Hands worded messages to their channels, in order, and writes down at once what became of each.

Invariants: nothing is handed over once its lease is over, and nothing proactive once a stop took it back or the
patient's ledger says more than the gate was told; what may have arrived is marked unknown, staff are asked, and it is
never repeated by itself; what surely did not leave is tried again, and nothing behind it overtakes it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.closing import close_address
from bot.services.leaving import Leaving
from bot.services.ports import (
    AddressClosedError,
    ChannelError,
    Channels,
    Clock,
    NotSentError,
    OutcomeUnknownError,
    RefusedError,
)
from bot.services.situation import Occasion
from bot.services.tickets import ask_staff
from flows.vocabulary import TicketReason
from storage.database import Database
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

SEND_SECONDS = 20.0
MOST_ATTEMPTS = 8

Mark = Callable[[UnitOfWork], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What became of a row of messages. handed: how many a channel was given. again_at: when it gets the rest."""

    handed: int = 0
    again_at: datetime | None = None


class Sending:
    """Sends what is leased to this process."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, channels: Channels) -> None:
        """Take the channels."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._channels = channels

    async def send(self, messages: Sequence[Leaving]) -> Sent:
        """Send messages of one conversation; raises nothing of what can happen to them."""
        marks: list[Mark] = []
        sent = Sent()
        try:
            for message in messages:
                sent = await self._send_one(message, sent, marks)
        finally:
            # Also when this is cut short: what is known of the messages before must not become unknown.
            if marks:
                await self._write_down(marks)
        return sent

    async def _send_one(self, message: Leaving, before: Sent, marks: list[Mark]) -> Sent:
        now = self._clock.now()
        again_at = now if before.again_at is None and message.until <= now else before.again_at
        if again_at is None and message.heard is not None:
            again_at = await self._begin(message, message.heard)
            if again_at is not None:
                # Held no more if it was taken back: then this changes nothing.
                marks.append(_put_back(message, again_at, "not_begun"))
                return Sent(handed=before.handed, again_at=again_at)
        if again_at is None:
            try:
                marks.append(await self._hand_over(message))
            except NotSentError as failure:
                if message.attempts >= MOST_ATTEMPTS:
                    marks.append(_failed(message, "too_many_attempts"))
                    return before
                again_at = self._clock.now() + failure.wait
            else:
                return Sent(handed=before.handed + 1)
        marks.append(_put_back(message, again_at, "not_sent"))
        return Sent(handed=before.handed, again_at=again_at)

    async def _begin(self, message: Leaving, heard: int) -> datetime | None:
        """Begin to send a proactive message; when to ask the gate again (UTC) if it must not be sent as it is.

        Whoever says no from this commit on says it about the next message.
        """

        def work(uow: UnitOfWork) -> bool:
            begun = uow.ledger.hold(message.patient_id) == heard and uow.outbox.hand_over(message.id, message.token)
            uow.commit()
            return begun

        try:
            begun = await self._database.write(self._clinic.id, work)
        except StorageError as failure:
            log.error("a message could not begin to leave", extra={"kind": type(failure).__name__})  # noqa: TRY400 - told
            begun = False
        return None if begun else self._clock.now()

    async def _hand_over(self, message: Leaving) -> Mark:
        channel = self._channels.get(message.channel)
        if channel is None or message.address is None:
            return _failed(message, "no_channel")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                external_id = await channel.send(message.address, message.outgoing())
        except NotSentError:
            raise
        except AddressClosedError:
            return self._closed(message)
        except RefusedError:
            return _failed(message, "refused_by_channel")
        except (OutcomeUnknownError, TimeoutError):
            return self._unknown(message, "no_answer")
        except ChannelError:
            return self._unknown(message, "channel_error")
        except Exception as unforeseen:
            # The boundary of delivery: whatever an adapter did not foresee may have happened after the sending.
            log.exception("a channel failed", extra={"channel": message.channel.value})
            return self._unknown(message, type(unforeseen).__name__)
        now = self._clock.now()
        return lambda uow: uow.outbox.mark_sent({message.id: external_id}, message.token, now)

    def _closed(self, message: Leaving) -> Mark:
        now = self._clock.now()

        def mark(uow: UnitOfWork) -> None:
            held = uow.outbox.mark_failed([message.id], message.token, reason="address_closed")
            if held and message.address_id is not None:
                close_address(self._occasion(uow, message, now), message.address_id)

        return mark

    def _occasion(self, uow: UnitOfWork, message: Leaving, now: datetime) -> Occasion:
        return Occasion(
            uow=uow,
            clinic=self._clinic,
            patient_id=message.patient_id,
            channel=message.channel,
            now=now,
            source=f"outbox:{message.id}",
        )

    def _unknown(self, message: Leaving, reason: str) -> Mark:
        now = self._clock.now()

        def mark(uow: UnitOfWork) -> None:
            if uow.outbox.mark_unknown([message.id], message.token, now, reason=reason):
                ask_staff(uow, message.conversation_id, TicketReason.UNKNOWN_DELIVERY, self._clinic, now)

        return mark

    async def _write_down(self, marks: Sequence[Mark]) -> None:
        def work(uow: UnitOfWork) -> None:
            for mark in marks:
                mark(uow)
            uow.commit()

        try:
            await self._database.write(self._clinic.id, work)
        except StorageError as failure:
            # They have left. What nobody could write down is found when its lease is over, as after a crash.
            log.error("outcomes were not written down", extra={"kind": type(failure).__name__})  # noqa: TRY400 - told


def _put_back(message: Leaving, again_at: datetime, reason: str) -> Mark:
    return lambda uow: uow.outbox.retry([message.id], message.token, not_before=again_at, reason=reason)


def _failed(message: Leaving, reason: str) -> Mark:
    return lambda uow: uow.outbox.mark_failed([message.id], message.token, reason=reason)
