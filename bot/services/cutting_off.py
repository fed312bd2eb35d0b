"""Cuts accounts of messengers off from a patient: a link went to somebody else, or a phone is gone.

Invariant: the talk, the ledger and all that was said stay with the patient; the account is nobody's from then on, but
where it speaks for others too, and is let in again only as any stranger is: by a link, a number or a member of staff.
"""

from dataclasses import dataclass

from bot.services.rights import cut_off_event
from bot.services.situation import Occasion
from flows.ids import ConversationId
from flows.outreach.rights import rights
from storage.records.people import Address
from storage.repositories.addresses import CLOSED_BY_CHANNEL, CUT_OFF


@dataclass(frozen=True, kw_only=True, slots=True)
class CutOff:
    """What became of the accounts. accounts: how many saw the patient till now; going_on: those that see others."""

    accounts: int
    going_on: int


def cut_off(here: Occasion) -> CutOff:
    """Let no account of the patient at this messenger see them any more; the caller commits."""
    reaching = [
        address
        for address in here.uow.addresses.of_patient(here.patient_id)
        if address.channel is here.channel and (address.closed_at is None or address.closed_why == CLOSED_BY_CHANNEL)
    ]
    return CutOff(accounts=len(reaching), going_on=sum(_part(here, address) for address in reaching))


def _part(here: Occasion, address: Address) -> bool:
    """Part an account from the patient; whether it goes on for others."""
    accounts = here.uow.accounts
    account = accounts.lock(here.channel, address.value)
    members = accounts.members_at(here.channel, address.value)
    here.uow.addresses.close(address.id, why=CUT_OFF, now=here.now)
    if not rights(here.uow.ledger.events(here.patient_id), here.now).is_closed(here.channel, address.id):
        here.uow.ledger.append(cut_off_event(here, address.id))
    talks = [member.conversation_id for member in members if member.address_id == address.id]
    others = [member.conversation_id for member in members if member.address_id != address.id]
    for talk in talks:
        _let_notice(here, talk)
    if account is not None and account.conversation_id not in others:
        if others:
            accounts.move(account, others[0])
        else:
            accounts.forget(account.conversation_id)
    return bool(others)


def _let_notice(here: Occasion, talk: ConversationId) -> None:
    """Let whoever is about to write into a talk notice that it has changed; its owner stays."""
    lock = here.uow.conversations.lock(talk)
    here.uow.conversations.set_owner(
        talk,
        owner=lock.owner,
        staff_id=lock.staff_id,
        lease_until=lock.lease_until,
        lock_version=lock.lock_version,
    )
