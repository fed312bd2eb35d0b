"""Hands worded messages to their channels, in order and in time, and tells at once what became of each.

Invariants: nothing is handed over once its lease is over, and nothing proactive once a stop took it back or the
patient's ledger says more than the gate was told; what may have arrived is marked unknown, staff are asked, and it is
never repeated by itself; what surely did not leave is tried again, and nothing behind it overtakes it. That a messenger
asks to wait is no failure of a message, however often.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.allowance import Allowance, HeldUpError, Rank
from bot.services.clinic import Clinic
from bot.services.closing import close_address
from bot.services.enclosing import enclosed_file
from bot.services.leaving import ADDRESS_CLOSED, Leaving
from bot.services.outcomes import LeftMark, Mark
from bot.services.ports import (
    AddressClosedError,
    ChannelError,
    Channels,
    Clock,
    NotSentError,
    OutcomeUnknownError,
    OutgoingFile,
    RefusedError,
)
from bot.services.situation import Occasion
from bot.services.tickets import ask_staff
from bot.services.waiting import Waiting
from flows.vocabulary import Channel, TicketReason
from storage.database import Database
from storage.errors import StorageError
from storage.records.outgoing import LeftOutbox
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

SEND_SECONDS = 20.0
MOST_ATTEMPTS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What became of a row of messages. handed: how many a channel was given. again_at: when it gets the rest."""

    handed: int = 0
    again_at: datetime | None = None


class Sending:
    """Sends what is leased to this process. What became of it is added to the caller's marks, to be written down."""

    def __init__(
        self, *, database: Database, clinic: Clinic, clock: Clock, channels: Channels, waiting: Waiting
    ) -> None:
        """Take the channels; waiting: is told what could not leave, and what did."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._channels = channels
        self._waiting = waiting
        self._allowances: dict[Channel, Allowance] = {}

    def allowance(self, name: Channel) -> Allowance:
        """How fast messages may leave by a channel at this time."""
        channel = self._channels.get(name)
        pace = channel.capabilities.pace if channel is not None else None
        allowance = self._allowances.get(name)
        if allowance is None or allowance.pace != pace:
            allowance = self._allowances[name] = Allowance(pace, self._clock)
        return allowance

    async def send(self, messages: Sequence[Leaving], marks: list[Mark], before: Sent) -> Sent:
        """Send answers of one conversation, each when its turn in the channel has come.

        before: what became of those they must not overtake. Raises nothing of what can happen to them; cut short, it
        has marks for those that surely did not leave, too.
        """
        sent = before
        for place, message in enumerate(messages):
            try:
                sent = await self.send_one(message, sent, marks, Rank.ANSWER)
            except asyncio.CancelledError:
                marks += [put_off(each, self._clock.now(), "not_begun") for each in messages[place + 1 :]]
                raise
        return sent

    async def send_one(self, message: Leaving, before: Sent, marks: list[Mark], rank: Rank) -> Sent:
        """Send a message when its turn has come; before: what became of those it must not overtake."""
        again_at = before.again_at if before.again_at is not None else await self._may_leave(message, marks, rank)
        if again_at is not None:
            # Held no more if it was taken back: then putting it off changes nothing.
            marks.append(put_off(message, again_at, "not_begun"))
            self._waiting.put_off(message, self._clock.now())
            return Sent(handed=before.handed, again_at=again_at)
        try:
            marks.append(await self._hand_over(message))
        except NotSentError as failure:
            return self._not_sent(message, failure, before, marks)
        self._waiting.over(message.conversation_id, message.id)
        self.allowance(message.channel).taken()
        return Sent(handed=before.handed + 1)

    async def _may_leave(self, message: Leaving, marks: list[Mark], rank: Rank) -> datetime | None:
        """Wait until a message may be handed over; None then, or when it is due again (UTC)."""
        if message.until <= (now := self._clock.now()):
            return now
        if message.heard is not None and (again_at := await self._begin(message, message.heard)) is not None:
            return again_at
        try:
            await self.allowance(message.channel).leave(message.address or "", rank)
        except HeldUpError as held_up:
            return held_up.until
        except asyncio.CancelledError:
            marks.append(put_off(message, self._clock.now(), "not_begun"))
            raise
        return now if message.until <= (now := self._clock.now()) else None

    def _not_sent(self, message: Leaving, failure: NotSentError, before: Sent, marks: list[Mark]) -> Sent:
        if failure.busy is not None:
            again_at = self.allowance(message.channel).refused(message.address or "", failure.busy, failure.wait)
            marks.append(put_off(message, again_at, "not_sent"))
        elif message.attempts >= MOST_ATTEMPTS:
            marks.append(_failed(message, "too_many_attempts"))
            self._waiting.over(message.conversation_id, message.id)
            return before
        else:
            again_at = self._clock.now() + failure.wait
            marks.append(_put_back(message, again_at))
        self._waiting.put_off(message, self._clock.now())
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
            enclosed = await self._enclosed(message)
        except StorageError as failure:
            if failure.retryable:
                raise NotSentError("file_out_of_reach") from failure
            return _failed(message, "file_gone")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                external_id = await channel.send(message.address, message.outgoing(enclosed))
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
        left = LeftOutbox(id=message.id, lease_token=message.token, external_id=external_id, at=now)
        return LeftMark(message=left)

    async def _enclosed(self, message: Leaving) -> OutgoingFile | None:
        """The file that leaves with a message, opened only now. Raises StorageError."""
        if "attachment" not in message.body:
            return None
        return await self._database.read(self._clinic.id, lambda uow: enclosed_file(uow, message.body))

    def _closed(self, message: Leaving) -> Mark:
        now = self._clock.now()

        def mark(uow: UnitOfWork) -> None:
            held = uow.outbox.mark_failed([message.id], message.token, reason=ADDRESS_CLOSED)
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


def put_off(message: Leaving, again_at: datetime, reason: str) -> Mark:
    """Mark a message that was not tried, or is to wait: it is due again at `again_at` (UTC)."""
    return lambda uow: uow.outbox.put_off([message.id], message.token, not_before=again_at, reason=reason)


def _put_back(message: Leaving, again_at: datetime) -> Mark:
    return lambda uow: uow.outbox.retry([message.id], message.token, not_before=again_at, reason="not_sent")


def _failed(message: Leaving, reason: str) -> Mark:
    return lambda uow: uow.outbox.mark_failed([message.id], message.token, reason=reason)
