"""Asks open questions again after we could not be reached: what was pressed meanwhile a messenger does not keep.

Telegram keeps messages a day, but presses only 150 seconds. Invariant: nobody hears of the same gap twice, and nobody
hears of it who was not in the middle of a talk. A gap is over only once everybody was asked: who begins anew in between
names it by the same moment, and finds those who were asked already claimed.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.ports import Clock
from bot.services.turn import Turns
from bot.services.updates import Missed, Taken, Update
from flows.ids import ConversationId
from flows.vocabulary import Channel
from storage.database import Database
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

BEAT_EVERY = timedelta(seconds=30)
PRESSES_KEPT = timedelta(seconds=150)
IN_THE_MIDDLE = timedelta(hours=1)
"""Who spoke so shortly before the gap was in the middle of a talk; an invitation nobody answered is no talk."""

MOST_TALKS = 1000


class Waking:
    """Notices gaps."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, turns: Turns) -> None:
        """Take the turns by which talks hear of a gap."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._turns = turns
        self._noted: dict[Channel, datetime] = {}

    async def beat(self, channel: Channel) -> int:
        """Say that a channel's messages reach us now; tells how many talks were asked again after a gap.

        Cheap enough to be called after each look at the messenger: it is written down every 30 seconds.
        Raises StorageError.
        """
        now = self._clock.now()
        noted = self._noted.get(channel)
        if noted is not None and timedelta() <= now - noted < BEAT_EVERY:
            return 0

        def work(uow: UnitOfWork) -> tuple[datetime, list[ConversationId]] | None:
            before = uow.pulses.last(channel.value)
            if before is not None and now - before > PRESSES_KEPT:
                missed = uow.pulses.in_talk(channel, since=before - IN_THE_MIDDLE, limit=MOST_TALKS)
                if missed:
                    return before, missed
            uow.pulses.beat(channel.value, now=now)
            uow.commit()
            return None

        gap = await self._database.write(self._clinic.id, work)
        self._noted[channel] = now
        return 0 if gap is None else await self._after(channel, *gap, now=now)

    async def _after(self, channel: Channel, gap: datetime, missed: Sequence[ConversationId], *, now: datetime) -> int:
        """Ask again after the gap that began then, and only then write down that messages reach us."""
        log.info("out of reach for a while", extra={"channel": channel.value, "talks": len(missed)})
        asked = sum([await self._ask_again(channel, talk, gap) for talk in missed])

        def beat(uow: UnitOfWork) -> None:
            uow.pulses.beat(channel.value, now=now)
            uow.commit()

        await self._database.write(self._clinic.id, beat)
        return asked

    async def _ask_again(self, channel: Channel, talk: ConversationId, gap: datetime) -> bool:
        update = Update(
            channel=channel,
            external_id=f"gap:{gap.timestamp():.0f}:{talk}",
            conversation_id=talk,
            content=Missed(),
        )
        try:
            return await self._turns.take(update) is Taken.DONE
        except StorageError as failure:
            # They will write again; the others must not go without for it.
            log.warning("a talk was not asked again", extra={"kind": type(failure).__name__})
            return False
