"""What waits to leave in each chat, as far as this process knows, so that no answer overtakes it.

Invariants: what was put off here, or claimed here and has not begun, is known until it left or never will; turns
of a chat in which nothing waits pay nothing for it. It says where to look, no more: what really waits the database
says, for another process may have sent it meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.leaving import LEASE, Leaving
from flows.ids import ConversationId, OutboxId
from storage.records.outgoing import DueOutbox, Lease
from storage.vocabulary import OutboxKind

LOOKED_AHEAD = timedelta(hours=1)
"""What waits for longer is looked for once it does not: until then who asked us to wait refuses what comes after."""

FORGOTTEN_AFTER = 2 * LEASE
"""What nobody has heard of for so long has left by another process, if the database does not say that it waits."""


@dataclass(kw_only=True, slots=True)
class _Waits:
    """A message. heard_of: when last (UTC). token: of the claim under which it waits for its turn here, if any."""

    heard_of: datetime
    token: str | None = None


class Waiting:
    """Knows of messages that are not proactive."""

    def __init__(self) -> None:
        """Know of nothing."""
        self._talks: dict[ConversationId, dict[OutboxId, _Waits]] = {}

    def is_in(self, talk: ConversationId | None) -> bool:
        """Whether something may wait in a chat."""
        return talk in self._talks

    def known(self, talk: ConversationId) -> frozenset[OutboxId]:
        """Tell what may wait in a chat."""
        return frozenset(self._talks.get(talk, ()))

    def claimed(self, talk: ConversationId) -> Mapping[OutboxId, str]:
        """Tell what was claimed here and has not begun, each with the token of its lease."""
        found = self._talks.get(talk, {}).items()
        return {outbox_id: waits.token for outbox_id, waits in found if waits.token is not None}

    def learn(self, waiting: Iterable[tuple[ConversationId, OutboxId]], now: datetime) -> None:
        """Take what the database says at `now` (UTC), and forget what it has not mentioned for long."""
        for talk, outbox_id in waiting:
            self._of(talk, outbox_id, now)
        for talk, messages in list(self._talks.items()):
            for outbox_id in [each for each, waits in messages.items() if now - waits.heard_of > FORGOTTEN_AFTER]:
                self.over(talk, outbox_id)

    def claim(self, due: Iterable[DueOutbox], lease: Lease, now: datetime) -> None:
        """Take what was claimed at `now` (UTC), and leaves when its turn comes."""
        for message in due:
            if message.kind is not OutboxKind.PROACTIVE and message.conversation_id is not None:
                self._of(message.conversation_id, message.id, now).token = lease.token

    def begin(self, message: DueOutbox) -> None:
        """Say that the turn of what was claimed has come: from now on nobody else may take it along."""
        messages = self._talks.get(message.conversation_id) if message.conversation_id is not None else None
        if messages is not None and (waits := messages.get(message.id)) is not None:
            waits.token = None

    def put_off(self, message: Leaving, now: datetime) -> None:
        """Say that a message could not leave at `now` (UTC)."""
        if message.heard is None and message.conversation_id is not None:
            self._of(message.conversation_id, message.id, now)

    def over(self, talk: ConversationId | None, outbox_id: OutboxId) -> None:
        """Say that a message has left, or never will."""
        if talk is None or (messages := self._talks.get(talk)) is None:
            return
        messages.pop(outbox_id, None)
        if not messages:
            del self._talks[talk]

    def forget(self, talk: ConversationId, messages: Collection[OutboxId], *, but: Collection[OutboxId]) -> None:
        """Say of messages of a chat that they wait no more; but: those that do."""
        for outbox_id in messages:
            if outbox_id not in but:
                self.over(talk, outbox_id)

    def _of(self, talk: ConversationId, outbox_id: OutboxId, now: datetime) -> _Waits:
        messages = self._talks.setdefault(talk, {})
        if (waits := messages.get(outbox_id)) is None:
            waits = messages[outbox_id] = _Waits(heard_of=now)
        waits.heard_of = now
        return waits
