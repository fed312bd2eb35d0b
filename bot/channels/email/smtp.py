"""Hands e-mails to the clinic's mail server, one connection each, and says for sure what is known of each.

Until its content is handed over an e-mail surely did not leave; from then on, without an answer, nobody knows.
"""

import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from bot.services.ports import AddressClosedError, NotSentError, OutcomeUnknownError, RefusedError

STEP_SECONDS = 8.0
LEAVE_SECONDS = 1.0
SERVER_AWAY = timedelta(minutes=5)
LATER = timedelta(minutes=20)
FINAL = 500
MAILBOX_GONE = frozenset({550, 551, 553})
GONE_STATUS = ("5.1.", "5.2.1")
"""Enhanced codes (RFC 3463) that speak of the address itself; 550 without one does too, with another it does not."""


class Security(StrEnum):
    """How the way to the server is kept from others' eyes."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Postbox:
    """Where e-mails are handed in. user and password: None where nobody signs in."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    async def hand_in(self, content: bytes, *, sender: str, to: str, mark: str) -> None:
        """Hand in an e-mail. mark: comes back with a report (RFC 3461). Raises ChannelError."""
        server = self._server(sender)
        try:
            await _open(server)
            await _address(server, sender=sender, to=to, mark=mark)
            await _give(server, content)
            with contextlib.suppress(SMTPException, OSError):
                await server.quit(timeout=LEAVE_SECONDS)
        finally:
            server.close()

    async def knock(self, *, sender: str) -> None:
        """Connect and sign in as if to send from a mailbox, and leave. Raises ChannelError."""
        server = self._server(sender)
        try:
            await _open(server)
            with contextlib.suppress(SMTPException, OSError):
                await server.quit(timeout=LEAVE_SECONDS)
        finally:
            server.close()

    def _server(self, sender: str) -> SMTP:
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            local_hostname=sender.rpartition("@")[2],
            use_tls=self.security is Security.TLS,
            start_tls=self.security is Security.STARTTLS,
            timeout=STEP_SECONDS,
        )


async def _open(server: SMTP) -> None:
    try:
        await server.connect()
    except (SMTPException, OSError) as away:
        raise NotSentError(type(away).__name__, wait=SERVER_AWAY) from away


async def _address(server: SMTP, *, sender: str, to: str, mark: str) -> None:
    reports = server.supports_extension("dsn")
    try:
        await server.mail(sender, options=["RET=HDRS", f"ENVID={mark}"] if reports else [])
        await server.rcpt(to, options=["NOTIFY=FAILURE,DELAY"] if reports else [])
    except SMTPRecipientRefused as refused:
        if refused.code in MAILBOX_GONE and _speaks_of_the_address(refused.message):
            raise AddressClosedError("mailbox_gone") from refused
        raise _refused(refused) from refused
    except SMTPResponseException as refused:
        raise _refused(refused) from refused
    except (SMTPException, OSError) as lost:
        raise NotSentError(type(lost).__name__, wait=SERVER_AWAY) from lost


async def _give(server: SMTP, content: bytes) -> None:
    try:
        await server.data(content)
    except SMTPResponseException as refused:
        raise _refused(refused) from refused
    except (SMTPException, OSError) as lost:
        raise OutcomeUnknownError(type(lost).__name__) from lost


def _refused(refused: SMTPResponseException) -> NotSentError | RefusedError:
    if refused.code >= FINAL:
        return RefusedError(f"smtp_{refused.code}")
    return NotSentError(f"smtp_{refused.code}", wait=LATER)


def _speaks_of_the_address(answer: str) -> bool:
    first = answer.split(maxsplit=1)[0] if answer.split() else ""
    return first.startswith(GONE_STATUS) or not first.startswith("5.")
