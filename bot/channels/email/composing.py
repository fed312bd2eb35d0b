"""Composes an e-mail: headers a machine may act on, plain lines, and HTML beside them.

Ending such messages takes one request (RFC 8058) where the pages are served over HTTPS; else the link alone is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from bot.channels.email.html import html_of
from bot.channels.email.marks import message_id
from bot.services.ports import OutgoingMail
from flows.vocabulary import Language

POLICY = policy.SMTP.clone(max_line_length=76)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """As whom e-mails leave. names: what the clinic is called in a language, where that differs from `name`."""

    name: str
    names: Mapping[Language, str]
    mailbox: str
    reply_to: str

    @property
    def domain(self) -> str:
        """Where the sender's mailbox is."""
        return self.mailbox.rpartition("@")[2]


def compose(mail: OutgoingMail, text: str, *, to: str, sender: Sender, now: datetime) -> EmailMessage:
    """Compose an e-mail to a mailbox in ASCII (now: aware UTC); text: all of it as plain lines."""
    message = EmailMessage(policy=POLICY)
    message["Subject"] = mail.subject
    message["From"] = Address(sender.names.get(mail.language, sender.name), addr_spec=sender.mailbox)
    message["To"] = Address(addr_spec=to)
    message["Reply-To"] = Address(addr_spec=sender.reply_to)
    message["Date"] = now
    message["Message-ID"] = message_id(mail.mark, sender.domain)
    # RFC 3834: so that no out-of-office note comes back.
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_link:
        message["List-Unsubscribe"] = f"<{mail.stop_link}>"
    if mail.stop_link.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html_of(mail), subtype="html", cte="quoted-printable")
    # Set last: what a header says of the content goes to the part the content stands in.
    message["Content-Language"] = mail.language.value
    return message


def on_the_wire(message: EmailMessage) -> bytes:
    """Write an e-mail as it travels."""
    # Folding puts a long address into a line of its own, and some programs then find no link in the header.
    return message.as_bytes().replace(b"List-Unsubscribe:\r\n <", b"List-Unsubscribe: <", 1)
