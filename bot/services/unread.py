"""Lets staff know that something a patient sent could not be taken in, in the transaction that puts it aside.

Invariants: only a patient's own chat is told of; staff are asked once a chat, for as long as nobody has looked.
"""

from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.intake_ports import Said
from bot.services.tickets import WORDS_PUT_ASIDE, ask_staff
from bot.services.updates import LONGEST_TEXT, mended
from flows.ids import ConversationId
from flows.vocabulary import Channel, TicketReason, Urgency
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import TicketStatus

UNREAD = "unread"
"""The kind of what lies in quarantine as the messenger brought it."""


def talk_of(uow: UnitOfWork, channel: Channel, said: Said) -> ConversationId | None:
    """The talk of a patient that this was said in; None if whoever sits at the account is not known, or was erased."""
    account = uow.accounts.find(channel, said.account)
    if account is None or not account.known:
        return None
    talks = [member.conversation_id for member in uow.accounts.members(account)]
    # Where the one it spoke for last was erased, it goes on with the next of the family.
    return account.conversation_id if account.conversation_id in talks else next(iter(talks), None)


def marked(talk: ConversationId, said: Said) -> dict[str, Json]:
    """By what the desk finds it among what was put aside, with as much of the words as can be told."""
    return {"kind": UNREAD, "conversation": str(talk), "text": mended(said.words)[:LONGEST_TEXT]}


def call_staff(uow: UnitOfWork, talk: ConversationId, own_reason: TicketReason, clinic: Clinic, now: datetime) -> None:
    """Ask staff to look at once (now: aware UTC): nobody knows what it says, and the patient has had no answer.

    own_reason: for a new ticket; one that is under way for something of this kind is for this, too.
    """
    tickets = uow.tickets.of_conversation(talk)
    under_way = (ticket.reason for ticket in tickets if ticket.status is not TicketStatus.CLOSED)
    reason = next((each for each in under_way if each in WORDS_PUT_ASIDE), own_reason)
    ask_staff(uow, talk, reason, clinic, now, urgency=Urgency.NOW)
    uow.conversations.heard(talk, now=now)
