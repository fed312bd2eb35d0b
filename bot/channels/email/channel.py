"""Owns sending by e-mail: composes what is worded and permitted, and hands it to the clinic's mail server."""

from bot.channels.email.composing import Sender, compose, on_the_wire
from bot.channels.email.marks import message_id
from bot.channels.email.smtp import Postbox
from bot.services.ports import Capabilities, Clock, OutgoingMessage, RefusedError
from flows.vocabulary import Channel

CAPABILITIES = Capabilities(may_start=True, repeatable=False, buttons=1, text_length=10_000, can_edit=False)


class EmailChannel:
    """The channel `email`."""

    def __init__(self, *, postbox: Postbox, sender: Sender, clock: Clock) -> None:
        """Send by a postbox, as somebody."""
        self._postbox = postbox
        self._sender = sender
        self._clock = clock

    @property
    def name(self) -> Channel:
        """Tell which channel this is."""
        return Channel.EMAIL

    @property
    def capabilities(self) -> Capabilities:
        """Tell what e-mail can do."""
        return CAPABILITIES

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Send an e-mail; returns its Message-ID. Raises ChannelError."""
        if message.mail is None:
            raise RefusedError("not_a_mail")
        to = _in_ascii(address)
        mail = compose(message.mail, message.text, to=to, sender=self._sender, now=self._clock.now())
        await self._postbox.hand_in(on_the_wire(mail), sender=self._sender.mailbox, to=to, mark=message.mail.mark)
        return message_id(message.mail.mark, self._sender.domain)


def _in_ascii(address: str) -> str:
    """Write a mailbox as every server takes it; a local part beyond ASCII has no such form. Raises RefusedError."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as beyond:
        raise RefusedError("address_beyond_ascii") from beyond
