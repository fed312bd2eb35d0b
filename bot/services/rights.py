"""Words the ledger's entries: what a patient's or staff's act means for their rights.

Entries are only made here and by imports; what follows from them is folded in `flows.outreach.rights`.
"""

from datetime import datetime

from bot.services.situation import Situation
from flows.ids import AddressId, LedgerEventId
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.vocabulary import Purpose, TicketReason

ENDED_BY_STOP = (Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT)
PAUSED = (Purpose.RECALL, Purpose.OFFER)


def consent_events(
    here: Situation, *, permitted: frozenset[Purpose], refused: frozenset[Purpose]
) -> tuple[LedgerEvent, ...]:
    """The patient's own yes and no, purpose by purpose."""
    yes = (
        _entry(here, act=Act.PERMIT, purpose=purpose, basis=Basis.EXPRESS_CONSENT, collected="chat")
        for purpose in sorted(permitted)
    )
    no = (_entry(here, act=Act.WITHDRAW, purpose=purpose, collected="chat") for purpose in sorted(refused))
    return (*yes, *no)


def stop_events(here: Situation) -> tuple[LedgerEvent, ...]:
    """A stop: recall, offers and check-ins end on every channel."""
    return tuple(_entry(here, act=Act.WITHDRAW, purpose=purpose, collected="stop") for purpose in ENDED_BY_STOP)


def pause_event(here: Situation, *, until: datetime) -> tuple[LedgerEvent, ...]:
    """A pause of recall and offers until an instant (UTC)."""
    return tuple(
        _entry(here, act=Act.PAUSE, purpose=purpose, collected="chat", valid_until=until) for purpose in PAUSED
    )


def freeze_event(here: Situation, *, why: TicketReason) -> tuple[LedgerEvent, ...]:
    """Nothing proactive until a person clears it."""
    return (_entry(here, act=Act.FREEZE, collected=why.value, acted_by=ActedBy.SYSTEM),)


def clear_event(here: Situation) -> tuple[LedgerEvent, ...]:
    """A person looked, and lets the programme go on."""
    return (_entry(here, act=Act.CLEAR, collected="desk", acted_by=ActedBy.STAFF),)


def blocked_event(here: Situation, address_id: AddressId) -> tuple[LedgerEvent, ...]:
    """The channel says that the address is closed. Whether the patient blocked us or left the channel, it cannot say."""
    return (
        _entry(here, act=Act.BLOCKED, collected="channel", acted_by=ActedBy.SYSTEM, address_id=address_id),
    )


def unblocked_event(here: Situation, address_id: AddressId) -> tuple[LedgerEvent, ...]:
    """The patient writes again from an address that was closed, and so has opened it themselves."""
    return (_entry(here, act=Act.UNBLOCKED, collected="chat", address_id=address_id),)


def _entry(
    here: Situation,
    *,
    act: Act,
    collected: str,
    purpose: Purpose | None = None,
    basis: Basis | None = None,
    acted_by: ActedBy = ActedBy.SELF,
    valid_until: datetime | None = None,
    address_id: AddressId | None = None,
) -> LedgerEvent:
    return LedgerEvent(
        id=LedgerEventId(here.uow.new_id()),
        patient_id=here.patient_id,
        at=here.now,
        acted_by=acted_by,
        act=act,
        purpose=purpose,
        basis=basis,
        address_id=address_id,
        channel=None if address_id is None else here.channel,
        policy=here.clinic.policy.id,
        policy_version=here.clinic.policy.version,
        collected=collected,
        evidence=here.source,
        valid_from=here.now,
        valid_until=valid_until,
    )
