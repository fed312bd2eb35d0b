"""Owns sending to the patient's page: what was sent already stands in the conversation, so open pages are told to look.

Sending twice shows a line once, because the page shows what is stored.
"""

from bot.services.live import Live, chat_topic
from bot.services.ports import Capabilities, OutgoingMessage
from flows.vocabulary import Channel

CAPABILITIES = Capabilities(may_start=True, repeatable=True, buttons=12, text_length=4096, can_edit=False)


class WebChat:
    """The channel `webchat`; its address is the conversation's id in digits."""

    def __init__(self, live: Live) -> None:
        """Tell open pages through `live`."""
        self._live = live

    @property
    def name(self) -> Channel:
        """Tell which channel this is."""
        return Channel.WEBCHAT

    @property
    def capabilities(self) -> Capabilities:
        """Tell what the page can do: messages wait on it until the patient comes."""
        return CAPABILITIES

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Tell the open page to look; the message's key is its id. An address of another form has no page to tell."""
        if address.isdecimal():
            self._live.signal(chat_topic(int(address)))
        return message.key
