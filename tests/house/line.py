"""A messenger that does as it is told: lets messages arrive, refuses them, loses its answers.

It shows a repeated message twice, so that a blind repeat would be seen.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.services.ports import AddressClosedError, Capabilities, NotSentError, OutgoingMessage, RefusedError
from flows.vocabulary import Channel

CAPABILITIES = Capabilities(may_start=True, repeatable=False, buttons=12, text_length=4096, can_edit=False)

SURELY_NOT_SENT = (NotSentError, AddressClosedError, RefusedError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """A message on the patient's phone. key: by which the outbox knows it."""

    address: str
    key: str
    text: str


@dataclass(kw_only=True)
class Line:
    """The channel. troubles: what happens at the next sendings, None for nothing; then all is well again.

    meanwhile: what else happens while a message is on its way, once.
    """

    name: Channel = Channel.WEBCHAT
    capabilities: Capabilities = CAPABILITIES
    arrived: list[Arrived] = field(default_factory=list)
    troubles: deque[Exception | None] = field(default_factory=deque)
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Let the message arrive, or raise the next trouble."""
        if self.meanwhile is not None:
            happening, self.meanwhile = self.meanwhile, None
            await happening()
        trouble = self.troubles.popleft() if self.troubles else None
        if not isinstance(trouble, SURELY_NOT_SENT):
            # The worst case of an answer that was lost: the message is there all the same.
            self.arrived.append(Arrived(address=address, key=message.key, text=message.text))
        if trouble is not None:
            raise trouble
        return f"line-{len(self.arrived)}"
