"""The receipt: a small text file with what a patient allowed and refused, on which notice, and how to take it back.

It is made from the ledger at the moment it is given, so it says what holds, not what was pressed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.clinic import Clinic
from flows.dialogs.settings import HOW, how_often
from flows.ids import LedgerEventId
from flows.messages import receipt as say
from flows.messages.text import Text
from flows.outreach.ledger import LedgerEvent
from flows.outreach.rights import rights
from flows.vocabulary import Purpose
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork

MEDIA_TYPE = "text/plain"

ALLOWED: Mapping[Purpose, type[say.ReceiptRecallAllowed | say.ReceiptPostvisitAllowed | say.ReceiptOfferAllowed]] = {
    Purpose.RECALL: say.ReceiptRecallAllowed,
    Purpose.POSTVISIT: say.ReceiptPostvisitAllowed,
    Purpose.OFFER: say.ReceiptOfferAllowed,
}
REFUSED: Mapping[Purpose, Text] = {
    Purpose.RECALL: say.ReceiptRecallRefused(),
    Purpose.POSTVISIT: say.ReceiptPostvisitRefused(),
    Purpose.OFFER: say.ReceiptOfferRefused(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreed:
    """What a patient said last about a purpose. notice: the one it was said on, "" if none. at: aware UTC, if yes."""

    purpose: Purpose
    at: datetime | None
    notice: str


def agreed(uow: UnitOfWork, patient: Patient, purposes: frozenset[Purpose], now: datetime) -> tuple[Agreed, ...]:
    """What holds for each of the purposes now (UTC), as the ledger tells it."""
    events = uow.ledger.events(patient.id)
    known = rights(events, now)
    return tuple(_agreed(purpose, events, known.permitted(purpose, now)) for purpose in ALLOWED if purpose in purposes)


def _agreed(purpose: Purpose, events: tuple[LedgerEvent, ...], right_id: LedgerEventId | None) -> Agreed:
    right = next((event for event in events if event.id == right_id), None)
    if right is None:
        return Agreed(purpose=purpose, at=None, notice="")
    return Agreed(purpose=purpose, at=right.at, notice=right.notice)


def lines_of(holds: tuple[Agreed, ...], patient: Patient, clinic: Clinic, now: datetime) -> Iterator[Text]:
    """The lines of the file, as typed texts; days in the clinic's calendar."""
    profile = patient.profile
    name = " ".join(part for part in (profile.given_name, profile.family_name) if part) or profile.number
    yield say.ReceiptTitle(name=name, on=now.astimezone(clinic.zone).date())
    for each in holds:
        if each.at is None:
            yield REFUSED[each.purpose]
            continue
        yield ALLOWED[each.purpose](since=each.at.astimezone(clinic.zone).date())
        if each.notice:
            yield say.ReceiptNotice(reference=each.notice)
    yield HOW[patient.preferred_channel]
    yield how_often(patient.rhythm_months)
    yield say.ReceiptTakeBack()
