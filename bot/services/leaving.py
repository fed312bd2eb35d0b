"""A message under way: leased to this process, worded, addressed, looked at once more before it leaves."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.services.mail_body import read_mail
from bot.services.ports import Keyboard, OutgoingFile, OutgoingMessage, OutgoingVenue
from bot.services.talk import read_buttons
from flows.ids import AddressId, ConversationId, OutboxId, PatientId
from flows.vocabulary import Channel, Owner, Reach
from storage.records.outgoing import DueOutbox, Lease
from storage.repositories.addresses import CUT_OFF
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

LEASE_SECONDS = 60
LEASE = timedelta(seconds=LEASE_SECONDS)
TOKEN_BYTES = 12
ADDRESS_CLOSED = "address_closed"
"""Why a message failed that has nowhere to go any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """A message that may leave now, under the lease whose token it carries; until: its end (UTC).

    heard: how many events the person's ledger had when the gate said yes; None for what is no proactive message.
    """

    id: OutboxId
    patient_id: PatientId
    conversation_id: ConversationId | None
    channel: Channel
    address_id: AddressId | None
    address: str | None
    body: Mapping[str, Any]
    attempts: int
    token: str
    until: datetime
    heard: int | None = None

    def outgoing(self, enclosed: OutgoingFile | None = None) -> OutgoingMessage:
        """The message as a channel takes it; enclosed: the file that was kept for it."""
        raw = self.body.get("file")
        file = (
            OutgoingFile(name=raw["name"], media_type=raw["media_type"], content=raw["content"].encode())
            if raw
            else enclosed
        )
        mail = self.body.get("mail")
        return OutgoingMessage(
            key=str(self.id),
            text=self.body["text"],
            buttons=read_buttons(self.body),
            file=file,
            mail=None if mail is None else read_mail(mail),
            edits=self.body.get("edits"),
            keyboard=Keyboard(self.body["keyboard"]) if "keyboard" in self.body else None,
            keyboard_label=self.body.get("keyboard_label", ""),
            venue=OutgoingVenue(**self.body["venue"]) if "venue" in self.body else None,
        )


def new_lease(now: datetime) -> Lease:
    """Make a lease for what is written now and leaves right after the commit."""
    return Lease(token=secrets.token_urlsafe(TOKEN_BYTES), until=now + LEASE)


def renewed(lease: Lease, now: datetime) -> Lease:
    """Make the same lease last from now on: whoever comes late in a batch has as long as the first."""
    return replace(lease, until=now + LEASE)


def claimed(due: DueOutbox, lease: Lease, body: Mapping[str, Any]) -> Leaving:
    """A message claimed at a tick, with its words."""
    return Leaving(
        id=due.id,
        patient_id=due.patient_id,
        conversation_id=due.conversation_id,
        channel=due.channel,
        address_id=due.address_id,
        address=due.address,
        body=body,
        attempts=due.attempts,
        token=lease.token,
        until=lease.until,
    )


def ready(uow: UnitOfWork, message: DueOutbox, lease: Lease) -> Leaving | None:
    """Look once more at words that wait to leave; None if they may not, which is written down."""
    leaving = None
    if message.body is None:
        uow.outbox.mark_failed([message.id], lease.token, reason="erased")
    elif message.closed_why == CUT_OFF:
        uow.outbox.mark_failed([message.id], lease.token, reason=ADDRESS_CLOSED)
    elif _must_stay(uow, message):
        uow.outbox.refuse([message.id], lease.token, reason="staff_owns")
    elif uow.outbox.renew(message.id, lease):
        leaving = claimed(message, lease, message.body)
    uow.commit()
    return leaving


def _must_stay(uow: UnitOfWork, message: DueOutbox) -> bool:
    """Whether the bot's own words must stay in because staff own the chat by now."""
    if message.kind is OutboxKind.STAFF or message.reach is Reach.ALWAYS or message.conversation_id is None:
        return False
    return uow.conversations.lock(message.conversation_id).owner is Owner.STAFF
