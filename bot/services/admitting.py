"""Lets an account in: with a stand-in for somebody unknown, or with the patient it turned out to be.

Invariant: an account is in one talk; once its person is known, their stand-in says and holds nothing any more, and
what it was told to stop, or what staff were asked to look at, goes on in the patient's own name.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.closing import open_address
from bot.services.rights import freeze_event, stop_events
from bot.services.situation import Situation
from bot.services.tickets import ABOUT_A_STRANGER, UNTIL_CLEARED
from flows.ids import ConversationId, PatientId
from flows.outreach.ledger import Act
from flows.vocabulary import Channel, Language, Owner
from storage.records.accounts import Account
from storage.records.talks import ConversationLock
from storage.records.tickets import Ticket
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import TicketStatus

IDENTIFIED = "identified"
"""Why the address of a stand-in is closed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Who writes: the account's id at its messenger, and what the person seems to read."""

    channel: Channel
    account: str
    language: Language | None = None


def admit(uow: UnitOfWork, visitor: Visitor, now: datetime) -> Account:
    """The account, locked; one that writes for the first time begins with a stand-in for whoever it is."""
    known = uow.accounts.lock(visitor.channel, visitor.account)
    if known is not None:
        talks = [member.conversation_id for member in uow.accounts.members(known)]
        if known.conversation_id in talks:
            return known
        if talks:
            # Whoever it spoke for was erased: it goes on with the next of the family.
            uow.accounts.move(known, talks[0])
            return _locked(uow, visitor)
        # Nobody it spoke for is left: whoever writes now is somebody new.
        uow.accounts.forget(known.conversation_id)
    patient_id = uow.placeholders.add(visitor.language, now=now)
    address_id = uow.addresses.add(patient_id, visitor.channel, visitor.account, now=now)
    conversation_id = uow.conversations.create(patient_id, address_id, visitor.channel, now=now)
    if not uow.accounts.begin(visitor.channel, visitor.account, conversation_id, now=now, known=False):
        # Another process let them in a moment before.
        uow.placeholders.erase(patient_id, now=now)
    return _locked(uow, visitor)


def attach(
    uow: UnitOfWork, visitor: Visitor, patient_id: PatientId, *, how: str, clinic: Clinic, now: datetime
) -> ConversationId:
    """Make sure that the account speaks for a patient too, and has a talk for it; how: how that is known."""
    address_id = uow.addresses.add(patient_id, visitor.channel, visitor.account, verified_how=how, now=now)
    conversation_id = uow.conversations.create(patient_id, address_id, visitor.channel, now=now)
    open_address(_here(uow, clinic, conversation_id, patient_id, visitor.channel, now, how), address_id)
    return conversation_id


def settle_in(
    uow: UnitOfWork,
    visitor: Visitor,
    talks: tuple[ConversationId, ...],
    *,
    clinic: Clinic,
    now: datetime,
    source: str,
) -> ConversationId | None:
    """Let the account go on in the first of these patients' talks; the talk it was in, if that was a stand-in's."""
    known = uow.accounts.lock(visitor.channel, visitor.account)
    if known is None:
        uow.accounts.begin(visitor.channel, visitor.account, talks[0], now=now, known=True)
        return None
    uow.accounts.move(known, talks[0])
    if known.known:
        return None
    _retire(uow, known, talks, clinic, now, source)
    return known.conversation_id


def _retire(
    uow: UnitOfWork,
    account: Account,
    talks: tuple[ConversationId, ...],
    clinic: Clinic,
    now: datetime,
    source: str,
) -> None:
    old = account.conversation_id
    before = uow.conversations.lock(old)
    stand_in = before.patient_id
    _hand_over(uow, before, talks[0])
    waiting = [ticket for ticket in uow.tickets.of_conversation(old) if ticket.status is not TicketStatus.CLOSED]
    uow.tickets.close_all(old, now=now)
    carried = [ticket for ticket in waiting if ticket.reason not in ABOUT_A_STRANGER]
    stopped = any(event.act is Act.WITHDRAW for event in uow.ledger.events(stand_in))
    for place, talk in enumerate(talks):
        patient_id = uow.conversations.lock(talk).patient_id
        here = _here(uow, clinic, talk, patient_id, account.channel, now, source)
        if stopped:
            # Whoever said it sits at this account, whichever of its people they are: a stop wins.
            uow.ledger.append(stop_events(here))
        if place == 0:
            _carry(carried, here)
    if carried:
        # What staff have to look at was said there; they can read it until it is swept.
        for address in uow.addresses.of_patient(stand_in):
            uow.addresses.close(address.id, why=IDENTIFIED, now=now)
        # Whoever is about to write into it notices, and goes on in the patient's own talk.
        uow.conversations.set_owner(
            old, owner=Owner.BOT, staff_id=None, lease_until=None, lock_version=before.lock_version
        )
    else:
        uow.placeholders.erase(stand_in, now=now)


def _hand_over(uow: UnitOfWork, before: ConversationLock, to: ConversationId) -> None:
    """Whoever of the staff spoke with the stranger goes on speaking with the patient; the bot stays silent."""
    lock = uow.conversations.lock(to)
    if before.owner is not Owner.STAFF or lock.owner is Owner.STAFF:
        return
    uow.conversations.set_owner(
        to,
        owner=Owner.STAFF,
        staff_id=before.staff_id,
        lease_until=before.lease_until,
        lock_version=lock.lock_version,
    )


def _carry(tickets: list[Ticket], here: Situation) -> None:
    for ticket in tickets:
        here.uow.tickets.open(
            here.conversation_id, reason=ticket.reason, urgency=ticket.urgency, due_at=ticket.due_at, now=here.now
        )
        if ticket.reason in UNTIL_CLEARED:
            here.uow.ledger.append(freeze_event(here, why=ticket.reason))


def _here(
    uow: UnitOfWork,
    clinic: Clinic,
    conversation_id: ConversationId,
    patient_id: PatientId,
    channel: Channel,
    now: datetime,
    source: str,
) -> Situation:
    return Situation(
        uow=uow,
        clinic=clinic,
        conversation_id=conversation_id,
        patient_id=patient_id,
        channel=channel,
        treated_by=None,
        now=now,
        source=source,
    )


def _locked(uow: UnitOfWork, visitor: Visitor) -> Account:
    found = uow.accounts.lock(visitor.channel, visitor.account)
    if found is None:
        raise LookupError("the account was begun in this transaction")
    return found
