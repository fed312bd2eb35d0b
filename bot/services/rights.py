"""Words the ledger's entries: what a patient's or staff's act means for their rights.

Entries are only made here and by imports; what follows from them is folded in `flows.outreach.rights`.
"""

from datetime import datetime

from bot.services.situation import Occasion, Situation
from flows.ids import AddressId, LedgerEventId
from flows.outreach.ledger import OURSELVES, Act, ActedBy, Basis, LedgerEvent
from flows.outreach.rights import rights
from flows.vocabulary import Purpose, TicketReason
from storage.imports.consents import WITHDRAW_BY
from storage.ledger_keys import FIRST_VERSION
from storage.records.people import Address

ENDED_BY_STOP = (Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT)
PAUSED = (Purpose.RECALL, Purpose.OFFER)


def consent_events(
    here: Occasion,
    *,
    permitted: frozenset[Purpose],
    refused: frozenset[Purpose],
    notice: str = "",
    acted_by: ActedBy = ActedBy.SELF,
) -> tuple[LedgerEvent, ...]:
    """The patient's (or a guardian's) own yes and no, purpose by purpose; notice: what they had read when asked."""
    yes = tuple(
        _entry(
            here,
            act=Act.PERMIT,
            purpose=purpose,
            collected="chat",
            acted_by=acted_by,
            notice=notice,
        )
        for purpose in sorted(permitted)
    )
    no = (
        _entry(here, act=Act.WITHDRAW, purpose=purpose, collected="chat", acted_by=acted_by, notice=notice)
        for purpose in sorted(refused)
    )
    return (*yes, *no)


def stop_events(here: Occasion) -> tuple[LedgerEvent, ...]:
    """A stop: recall, offers and check-ins end on every channel."""
    return tuple(_entry(here, act=Act.WITHDRAW, purpose=purpose, collected="stop") for purpose in ENDED_BY_STOP)


def pause_event(here: Occasion, *, until: datetime, acted_by: ActedBy = ActedBy.SELF) -> tuple[LedgerEvent, ...]:
    """A pause of recall and offers until an instant (UTC): the patient's wish, or staff's decision."""
    collected = "desk" if acted_by is ActedBy.STAFF else "chat"
    return tuple(
        _entry(here, act=Act.PAUSE, purpose=purpose, collected=collected, acted_by=acted_by, valid_until=until)
        for purpose in PAUSED
    )


def freeze_event(here: Situation, *, why: TicketReason) -> tuple[LedgerEvent, ...]:
    """Nothing proactive until a person clears it; word of a death or of a wrong person says so beside."""
    freeze = _entry(here, act=Act.FREEZE, collected=why.value, acted_by=ActedBy.SYSTEM)
    if why is TicketReason.DECEASED:
        return (freeze, _entry(here, act=Act.DECEASED, collected="chat"))
    if why is TicketReason.WRONG_PERSON:
        address_id = here.uow.addresses.of_conversation(here.conversation_id).id
        return (freeze, _entry(here, act=Act.WRONG_PERSON, collected="chat", address_id=address_id))
    return (freeze,)


def clear_event(here: Occasion) -> tuple[LedgerEvent, ...]:
    """A person looked, and lets the programme go on; who was said to have died has not.

    The address of a wrong person stays closed: that takes a correction of its own.
    """
    clear = _entry(here, act=Act.CLEAR, collected="desk", acted_by=ActedBy.STAFF)
    known = rights(here.uow.ledger.events(here.patient_id), here.now)
    return (clear, *corrected_event(here)) if known.deceased else (clear,)


def corrected_event(here: Occasion, address_id: AddressId | None = None) -> tuple[LedgerEvent, ...]:
    """Staff take back, on what `here` names as evidence, a wrong person or bounce at an address; None: a death."""
    return (_entry(here, act=Act.CORRECTED, collected="desk", acted_by=ActedBy.STAFF, address_id=address_id),)


def deceased_event(here: Occasion) -> tuple[LedgerEvent, ...]:
    """Staff know that the person has died: nothing is sent any more, not even about a visit."""
    return (_entry(here, act=Act.DECEASED, collected="desk", acted_by=ActedBy.STAFF),)


def bounced_event(here: Occasion, address_id: AddressId) -> tuple[LedgerEvent, ...]:
    """What was sent to the address came back: it reaches nobody."""
    return (_entry(here, act=Act.BOUNCED, collected="channel", acted_by=ActedBy.SYSTEM, address_id=address_id),)


def wrong_person_event(here: Occasion, address_id: AddressId) -> tuple[LedgerEvent, ...]:
    """Staff heard that somebody else is reached by the address: it is used no more."""
    return (_entry(here, act=Act.WRONG_PERSON, collected="desk", acted_by=ActedBy.STAFF, address_id=address_id),)


def blocked_event(here: Occasion, address_id: AddressId) -> tuple[LedgerEvent, ...]:
    """The channel says that the address is closed. Whether the patient blocked us or left, it cannot say."""
    return (_entry(here, act=Act.BLOCKED, collected="channel", acted_by=ActedBy.SYSTEM, address_id=address_id),)


def cut_off_event(here: Occasion, address_id: AddressId) -> tuple[LedgerEvent, ...]:
    """The clinic lets an account in no more; whoever comes to the patient's talk from it anew opens it."""
    return (_entry(here, act=Act.BLOCKED, collected="desk", acted_by=ActedBy.STAFF, address_id=address_id),)


def unblocked_event(here: Occasion, address_id: AddressId) -> tuple[LedgerEvent, ...]:
    """The patient writes again from an address that was closed, and so has opened it themselves."""
    return (_entry(here, act=Act.UNBLOCKED, collected="chat", address_id=address_id),)


def _entry(
    here: Occasion,
    *,
    act: Act,
    collected: str,
    purpose: Purpose | None = None,
    acted_by: ActedBy = ActedBy.SELF,
    valid_until: datetime | None = None,
    address_id: AddressId | None = None,
    notice: str = "",
) -> LedgerEvent:
    address = _address(here, address_id, acted_by)
    hashed = None if address is None else here.uow.ledger.address_hash(address.channel, address.value)
    return LedgerEvent(
        id=LedgerEventId(here.uow.new_id()),
        patient_id=here.patient_id,
        at=here.now,
        acted_by=acted_by,
        act=act,
        purpose=purpose,
        basis=Basis.EXPRESS_CONSENT if act is Act.PERMIT else None,
        address_id=address_id,
        channel=None if address_id is None or address is None else address.channel,
        policy=here.clinic.policy.id,
        policy_version=here.clinic.policy.version,
        collected=collected,
        evidence=here.source,
        valid_from=here.now,
        valid_until=valid_until,
        address_hash=None if hashed is None else hashed.value,
        key_version=FIRST_VERSION if hashed is None else hashed.key_version,
        notice=notice,
        withdraw_by=WITHDRAW_BY if act is Act.PERMIT else "",
        source_system=OURSELVES,
    )


def _address(here: Occasion, address_id: AddressId | None, acted_by: ActedBy) -> Address | None:
    """The address an entry concerns; else, for what patients say in a talk, the one they said it from."""
    if address_id is not None:
        return here.uow.addresses.get(address_id)
    if acted_by in {ActedBy.SELF, ActedBy.GUARDIAN} and isinstance(here, Situation):
        return here.uow.addresses.of_conversation(here.conversation_id)
    return None
