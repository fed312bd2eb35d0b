"""The patients' phones: the channel at the edge of the simulated house, on which messages arrive."""

from collections import deque
from dataclasses import dataclass

from bot.services.ports import Capabilities, OutgoingMessage
from flows.vocabulary import Channel

CAPABILITIES = Capabilities(may_start=True, repeatable=True, buttons=12, text_length=4096, can_edit=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """A message on the phone that an address belongs to."""

    channel: Channel
    address: str
    message: OutgoingMessage


class Phones:
    """A channel that hands over whatever it is given; nothing travels, and nothing is lost."""

    def __init__(self, name: Channel) -> None:
        """Stand in for a channel."""
        self._name = name
        self._arrived: deque[Arrived] = deque()

    @property
    def name(self) -> Channel:
        """Tell which channel this is."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """Tell what the phones can do: what the page can."""
        return CAPABILITIES

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Let a message arrive."""
        self._arrived.append(Arrived(channel=self._name, address=address, message=message))
        return message.key

    def take(self) -> tuple[Arrived, ...]:
        """Take what has arrived since the last look, the oldest first."""
        arrived = tuple(self._arrived)
        self._arrived.clear()
        return arrived
