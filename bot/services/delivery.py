"""Brings the outbox to the patients: replies right after their commit, everything else at the next tick.

Invariants: a row is sent only under a lease; a proactive one only after the gate said yes in the transaction that
worded it; what may have arrived is marked unknown and never repeated by itself; while staff own a chat the bot's own
words stay in.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.live import DESK, Live, chat_topic
from bot.services.ports import (
    AddressClosedError,
    Channels,
    ChannelError,
    Clock,
    NotSentError,
    OutcomeUnknownError,
    OutgoingFile,
    OutgoingMessage,
    RefusedError,
)
from bot.services.proactive import Departures
from bot.services.talk import read_buttons
from storage.database import Database
from storage.repositories.outbox import LeasedMessage, Outcome
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

SEND_SECONDS = 20.0
LEASE = timedelta(seconds=60)
BATCH = 200
MOST_ATTEMPTS = 8


class Delivery:
    """Sends what the outbox holds."""

    def __init__(
        self, *, database: Database, clinic: Clinic, clock: Clock, channels: Channels, departures: Departures, live: Live
    ) -> None:
        """Take the channels and what prepares proactive messages."""
        self.database = database
        self._clinic = clinic
        self._clock = clock
        self._channels = channels
        self._departures = departures
        self._live = live

    async def send(self, messages: Sequence[LeasedMessage]) -> None:
        """Send messages leased to this process, in order, and write down what became of each, at once for all."""
        if not messages:
            return
        outcomes = [await self._send_one(message) for message in messages]
        await self.database.write(self._clinic.id, self._settle(outcomes))

    async def send_due(self) -> int:
        """Send what is due: what a crash left behind, what waits for its time, what is proactive. Tells how many."""
        await self._recover()
        now = self._clock.now()
        due = await self.database.write(self._clinic.id, self._claim(now))
        for message in due:
            ready = message if message.body is not None else await self._departures.prepare(message)
            if ready is not None:
                await self.send([ready])
                if ready.conversation_id is not None:
                    self._live.signal(DESK, chat_topic(ready.conversation_id))
        return len(due)

    async def _recover(self) -> None:
        repeatable = frozenset(name for name, channel in self._channels.items() if channel.capabilities.repeatable)

        def work(uow: UnitOfWork) -> None:
            if uow.outbox.recover_expired_leases(self._clock.now(), repeatable=repeatable):
                uow.commit()

        await self.database.write(self._clinic.id, work)

    def _claim(self, now: datetime):  # noqa: ANN202
        def work(uow: UnitOfWork) -> tuple[LeasedMessage, ...]:
            due = uow.outbox.claim_due(now, limit=BATCH, lease=LEASE)
            uow.commit()
            return due

        return work

    async def _send_one(self, message: LeasedMessage) -> Outcome:
        channel = self._channels.get(message.channel)
        if channel is None or message.address is None or message.body is None:
            return Outcome.failed(message, "no_channel")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                external_id = await channel.send(message.address, outgoing(message))
        except NotSentError as failure:
            return self._again(message, failure)
        except AddressClosedError:
            return Outcome.failed(message, "address_closed")
        except RefusedError:
            return Outcome.failed(message, "refused_by_channel")
        except (OutcomeUnknownError, TimeoutError):
            return Outcome.unknown(message, "no_answer")
        except ChannelError:
            return Outcome.unknown(message, "channel_error")
        except Exception:
            # The boundary of delivery: whatever an adapter did not foresee may have happened after the sending.
            log.exception("a channel failed in an unforeseen way", extra={"channel": message.channel.value})
            return Outcome.unknown(message, "unforeseen")
        return Outcome.sent(message, external_id, self._clock.now())

    def _again(self, message: LeasedMessage, failure: NotSentError) -> Outcome:
        if message.attempts >= MOST_ATTEMPTS:
            return Outcome.failed(message, "too_many_attempts")
        return Outcome.again(message, self._clock.now() + failure.wait)

    def _settle(self, outcomes: list[Outcome]):  # noqa: ANN202
        def work(uow: UnitOfWork) -> None:
            uow.outbox.settle(outcomes)
            uow.commit()

        return work


def outgoing(message: LeasedMessage) -> OutgoingMessage:
    """The message as a channel takes it."""
    body = message.body or {}
    raw = body.get("file")
    file = (
        OutgoingFile(name=raw["name"], media_type=raw["media_type"], content=raw["content"].encode()) if raw else None
    )
    return OutgoingMessage(key=str(message.id), text=body["text"], buttons=read_buttons(body), file=file)
