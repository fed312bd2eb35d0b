"""Which conversations topics must look at next: those told of, and from time to time all of them.

Nothing depends on it but speed: what was not told of is found when all are looked at. That a topic was deleted is told
by nobody, so each is looked for from time to time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flows.ids import ConversationId

LOOK_AT_ALL_EVERY = timedelta(minutes=1)
LOOKED_FOR_EVERY = timedelta(minutes=5)


class TopicAttention:
    """What one process was told."""

    def __init__(self) -> None:
        """Begin with a look at everything."""
        self._told: set[ConversationId] = set()
        self._all_looked_at: datetime | None = None
        self._in_doubt = False
        self._looked_for: dict[ConversationId, datetime] = {}

    def mark(self, *conversations: ConversationId) -> None:
        """Look at these at the next round."""
        self._told.update(conversations)

    def mark_all(self) -> None:
        """Look at everything at the next round."""
        self._all_looked_at = None

    def doubt(self) -> None:
        """Look at the group itself before anything is posted: somebody changed what may be done there."""
        self._in_doubt = True
        self.mark_all()

    def is_in_doubt(self) -> bool:
        """Whether the group itself is to be looked at; it is, then."""
        doubt, self._in_doubt = self._in_doubt, False
        return doubt

    def is_wanted(self, now: datetime) -> bool:
        """Whether there is something to look at (now: aware UTC)."""
        return bool(self._told) or self.is_all_due(now)

    def is_all_due(self, now: datetime) -> bool:
        """Whether it is time to look at everything; a clock that was set back counts as time that passed."""
        last = self._all_looked_at
        return last is None or not timedelta() <= now - last < LOOK_AT_ALL_EVERY

    def take(self, everything: Iterable[ConversationId], now: datetime) -> list[ConversationId]:
        """Take what is to be looked at; everything: all that staff look after, which is more than was told of."""
        told, self._told = self._told, set()
        if not self.is_all_due(now):
            return list(told)
        self._all_looked_at = now
        return list(dict.fromkeys((*told, *everything)))

    def to_look_for(self, everything: Iterable[ConversationId], now: datetime) -> list[ConversationId]:
        """Tell whose topics nobody has looked for in a while, the longest first; whoever is new has just been seen."""
        self._looked_for = {talk: self._looked_for.get(talk, now) for talk in everything}
        due = [talk for talk, at in self._looked_for.items() if not timedelta() <= now - at < LOOKED_FOR_EVERY]
        return sorted(due, key=self._looked_for.__getitem__)

    def looked_for(self, conversation: ConversationId, now: datetime) -> None:
        """Remember that a topic was looked for."""
        self._looked_for[conversation] = now
