"""In which talk each account was lately: a guess, which the transaction that uses it checks."""

from collections import OrderedDict

from bot.services.arriving import Arrival
from flows.ids import ConversationId
from flows.vocabulary import Channel

MOST_REMEMBERED = 10_000


class LastTalks:
    """What one process remembers of the accounts it heard from last."""

    def __init__(self) -> None:
        """Know nobody."""
        self._talks: OrderedDict[tuple[Channel, str], ConversationId] = OrderedDict()

    def of(self, arrival: Arrival) -> ConversationId | None:
        """Where the account of an arrival was."""
        return self._talks.get((arrival.channel, arrival.account))

    def remember(self, arrival: Arrival, conversation_id: ConversationId) -> None:
        """Remember where it is."""
        self._talks[arrival.channel, arrival.account] = conversation_id
        self._talks.move_to_end((arrival.channel, arrival.account))
        if len(self._talks) > MOST_REMEMBERED:
            self._talks.popitem(last=False)
