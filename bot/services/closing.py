"""An address that its channel closed, and opened again by whoever writes from it.

Invariant: the address and the ledger change in one transaction, and each closing is told once; what was closed for
another reason keeps it, and writing does not open it.
"""

from bot.services.rights import blocked_event, unblocked_event
from bot.services.situation import Occasion
from flows.ids import AddressId
from flows.outreach.rights import rights


def close_address(here: Occasion, address_id: AddressId) -> None:
    """Use an address no more that its channel says is closed: else the programme would knock there every day."""
    if here.uow.addresses.close_refused(address_id, now=here.now) and not _is_closed(here, address_id):
        here.uow.ledger.append(blocked_event(here, address_id))


def open_address(here: Occasion, address_id: AddressId) -> None:
    """Use an address again from which the patient writes."""
    here.uow.addresses.reopen(address_id)
    if _is_closed(here, address_id):
        here.uow.ledger.append(unblocked_event(here, address_id))


def _is_closed(here: Occasion, address_id: AddressId) -> bool:
    return rights(here.uow.ledger.events(here.patient_id), here.now).is_closed(here.channel, address_id)
