"""Owns sending to the patient's page: what was sent already stands in the conversation, which the page shows.

Sending twice shows a line once; delivery tells open pages to look.
"""

from bot.services.ports import Capabilities, OutgoingMessage
from flows.vocabulary import Channel

CAPABILITIES = Capabilities(may_start=True, repeatable=True, buttons=12, text_length=4096, can_edit=False)


class WebChat:
    """The channel `webchat`; what is sent waits on the page until its patient comes."""

    @property
    def name(self) -> Channel:
        """Tell which channel this is."""
        return Channel.WEBCHAT

    @property
    def capabilities(self) -> Capabilities:
        """Tell what the page can do."""
        return CAPABILITIES

    async def send(self, address: str, message: OutgoingMessage) -> str:  # noqa: ARG002  # the page has no other end
        """Leave the message on the page; its key is its id. Never fails: nothing travels."""
        return message.key
