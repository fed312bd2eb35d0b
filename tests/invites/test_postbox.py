"""Handing e-mails in: never in the clear unless that was asked for, to whole addresses only, nothing as markup."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.channels.email import EmailChannel, Postbox, Security, Sender
from bot.channels.email.html import html_of
from bot.channels.email.marks import mark_of_envelope_id, mark_of_message_id, message_id
from bot.clocks import RehearsalClock
from bot.services.ports import ChannelError, NotSentError, OutgoingMail, OutgoingMessage, RefusedError
from flows.vocabulary import Language
from tests.invites.post import MONDAY_NOON, Server

MARK = "1a2b.abcdefghijklmnopqrstuv-_"
MAIL = OutgoingMail(
    language=Language.EN,
    subject="Your next visit to us",
    before=('<b>Anna</b> & "Co"',),
    button="Open my page",
    link="https://recall.example.com/p/x?a=1&b=2",
    after=("After",),
    small=("Small",),
    stop="No more",
    stop_link="https://recall.example.com/u/y",
    mark=MARK,
)
MESSAGE = OutgoingMessage(key="1", text="Hello", mail=MAIL)
NAME, PASSWORD = b"desk", b"only for tests"
WRONG = "not this one"


def channel_to(port: int, security: Security, *, user: str | None = None, password: str | None = None) -> EmailChannel:
    """A channel to a server on this machine."""
    return EmailChannel(
        postbox=Postbox(host="127.0.0.1", port=port, security=security, user=user, password=password),
        sender=Sender(name="De Linde", names={}, mailbox="practice@example.com", reply_to="desk@example.com"),
        clock=RehearsalClock(MONDAY_NOON),
    )


@contextlib.asynccontextmanager
async def asking_who_comes(does: Server) -> AsyncIterator[int]:
    """A server that wants a name and a password."""

    def check(_server: object, _session: object, _envelope: object, _mechanism: str, said: object) -> AuthResult:
        known = isinstance(said, LoginPassword) and (said.login, said.password) == (NAME, PASSWORD)
        return AuthResult(success=known)

    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(does, hostname="localhost", authenticator=check, auth_required=True, auth_require_tls=False),
        "127.0.0.1",
        0,
    )
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await listening.wait_closed()


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_what_is_to_be_kept_from_others_never_leaves_in_the_clear(server: Server, security: Security) -> None:
    with pytest.raises(NotSentError):
        await channel_to(server.port, security).send("anna@example.com", MESSAGE)
    assert server.envelopes == []


# The server warns of what this test is about; on loopback nobody listens.
@pytest.mark.long
@pytest.mark.filterwarnings(
    "ignore:Requiring AUTH while not requiring TLS can lead to security vulnerabilities!:UserWarning"
)
async def test_whoever_signs_in_is_known_by_name_and_password(server: Server) -> None:
    async with asking_who_comes(server) as port:
        with pytest.raises(NotSentError):
            await channel_to(port, Security.NONE, user="desk", password=WRONG).send("anna@example.com", MESSAGE)
        with pytest.raises(ChannelError):
            await channel_to(port, Security.NONE).send("anna@example.com", MESSAGE)
        assert server.envelopes == []
        named = channel_to(port, Security.NONE, user="desk", password=PASSWORD.decode())
        assert await named.send("anna@example.com", MESSAGE) == f"<{MARK}@example.com>"
    assert len(server.mails) == 1


def test_a_password_is_shown_to_nobody() -> None:
    assert WRONG not in repr(Postbox(host="x", port=1, security=Security.TLS, user="desk", password=WRONG))


async def test_a_foreign_domain_is_written_as_every_server_takes_it(server: Server) -> None:
    await channel_to(server.port, Security.NONE).send("anna@пример.example", MESSAGE)
    assert server.envelopes[0].rcpt_tos == ["anna@xn--e1afmkfd.example"]


@pytest.mark.parametrize("address", ["анна@example.com", "anna@exa mple..com"])
async def test_an_address_no_server_takes_is_refused_here(server: Server, address: str) -> None:
    with pytest.raises(RefusedError):
        await channel_to(server.port, Security.NONE).send(address, MESSAGE)
    assert server.envelopes == []


async def test_what_is_no_mail_is_not_sent_as_one(server: Server) -> None:
    with pytest.raises(RefusedError):
        await channel_to(server.port, Security.NONE).send("anna@example.com", OutgoingMessage(key="1", text="Hello"))


def test_nothing_a_mail_says_is_read_as_markup() -> None:
    html = html_of(MAIL)
    assert "<b>" not in html
    assert "&lt;b&gt;Anna&lt;/b&gt; &amp;" in html
    assert "?a=1&amp;b=2" in html


def test_a_mark_survives_its_way_there_and_back() -> None:
    assert mark_of_message_id(message_id(MARK, "example.com")) == MARK
    assert mark_of_message_id(f" {message_id(MARK, 'example.com')}\r\n") == MARK
    assert mark_of_envelope_id(f" {MARK} ") == MARK


@pytest.mark.parametrize("other", ["", "<>", "<x@y>", "<1@y>", "1.x@y", "<1.x>", "<1.x@y> <2.x@y>"])
def test_other_ids_hold_no_mark(other: str) -> None:
    assert mark_of_message_id(other) is None
