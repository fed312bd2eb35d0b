"""Asking patients: what they were never asked about, by which ways they are reached, which notice they were shown."""

from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.people import permitted_of
from bot.services.situation import Situation
from bot.wording.notices import reference_for
from flows.dialogs.consent import WORTH_ASKING
from flows.outreach.rights import Standing, rights
from flows.vocabulary import Channel, Purpose
from storage.records.people import Address
from storage.records.talks import ConversationSnapshot
from storage.unit_of_work import UnitOfWork

CHATS = (Channel.WEBCHAT, Channel.TELEGRAM)
OTHER_WAYS = (Channel.EMAIL, Channel.LETTER, Channel.PHONE)
"""The ways beside a chat, in the order in which they are offered."""

SAID_NOTHING = (Standing.NEVER_GIVEN, Standing.EXPIRED)


def unasked(uow: UnitOfWork, snapshot: ConversationSnapshot, clinic: Clinic, now: datetime) -> frozenset[Purpose]:
    """The purposes a patient said neither yes nor no to; none of whoever was asked before.

    The ledger is read only of those who were not, and of whom there is something worth asking.
    """
    patient = snapshot.patient
    if patient.consent_asked_at is not None or patient.frozen:
        return frozenset()
    facts = clinic.facts_for(patient.residence, snapshot.channel, clinic.language_of(patient.language))
    open_ones = facts.asks_for - permitted_of(patient)
    if not open_ones & WORTH_ASKING:
        return frozenset()
    known = rights(uow.ledger.events(patient.id), now)
    return frozenset(purpose for purpose in open_ones if known.standing(purpose, now) in SAID_NOTHING)


def ways_of(here: Situation, purposes: frozenset[Purpose]) -> tuple[Channel, ...]:
    """By which ways a patient may be written to about any of the purposes: the chat they are in, then the others."""
    policy = here.clinic.policy_for(here.uow.patients.get(here.patient_id).residence, here.channel)
    accepted = frozenset[Channel]().union(*(rule.channels for rule in policy.rules if rule.purpose in purposes))
    sure = {address.channel for address in here.uow.addresses.of_patient(here.patient_id) if _is_sure(address)}
    return (here.channel, *(way for way in OTHER_WAYS if way in accepted & sure))


def _is_sure(address: Address) -> bool:
    """Whether it may be used: a mailbox once it is proven; a letter box or a number as the clinic's own list has it."""
    if address.closed_at is not None:
        return False
    return address.verified_at is not None or address.channel in {Channel.LETTER, Channel.PHONE}


def notice_shown(here: Situation, purpose: Purpose) -> str:
    """The notice that lay beside the question about a purpose, as the ledger names it; "" where there is none."""
    patient = here.uow.patients.get(here.patient_id)
    return reference_for(here.clinic.language_of(patient.language), purpose)
