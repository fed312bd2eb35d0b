"""What a delivery report means: the mailbox is gone, the e-mail was not taken, or it is only late.

A report that is read twice changes nothing, and one that answers no e-mail of ours never does.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.services.clinic import Clinic
from bot.services.rights import bounced_event
from bot.services.situation import Occasion
from flows.ids import AddressId
from flows.outreach.rights import rights
from flows.vocabulary import Channel
from storage.unit_of_work import UnitOfWork

BOUNCED = "bounced"
NOT_TAKEN = "not_taken"


class Reported(StrEnum):
    """What a report says of one e-mail. GONE: the address reaches nobody; NOT_TAKEN: it may do another time."""

    GONE = "gone"
    NOT_TAKEN = "not_taken"
    LATE = "late"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """One recipient of a delivery report. mark: of the e-mail, as it came back; status: as in RFC 3463."""

    mark: str
    reported: Reported
    status: str


class Outcome(StrEnum):
    """What became of a report."""

    CLOSED = "closed"
    NOT_DELIVERED = "not_delivered"
    LATE = "late"
    KNOWN = "known"
    NOT_OURS = "not_ours"


def take_bounce(uow: UnitOfWork, clinic: Clinic, bounce: Bounce, now: datetime) -> Outcome:
    """Take in a report (now: aware UTC); the caller commits."""
    mailed = uow.invites.marked(bounce.mark)
    if mailed is None:
        return Outcome.NOT_OURS
    if bounce.reported is Reported.LATE:
        return Outcome.LATE
    gone = bounce.reported is Reported.GONE
    if not uow.invites.came_back(mailed, reason=BOUNCED if gone else NOT_TAKEN):
        return Outcome.KNOWN
    if not gone:
        return Outcome.NOT_DELIVERED
    if mailed.address_id is not None:
        here = Occasion(
            uow=uow,
            clinic=clinic,
            patient_id=mailed.patient_id,
            channel=Channel.EMAIL,
            now=now,
            source=f"outbox:{mailed.id}:{bounce.status}",
        )
        _close(here, mailed.address_id)
    return Outcome.CLOSED


def _close(here: Occasion, address_id: AddressId) -> None:
    here.uow.addresses.close(address_id, why=BOUNCED, now=here.now)
    if not rights(here.uow.ledger.events(here.patient_id), here.now).is_closed(here.channel, address_id):
        here.uow.ledger.append(bounced_event(here, address_id))
