"""The short form of `why` for the desk's card: the last message and what it rested on, and why none comes now."""

from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.why import MessageWhy, last_message
from bot.services.why_now import why_now
from bot.services.why_views import AgainstView, LastMessage, WhyView
from flows.outreach.ledger import Basis
from flows.vocabulary import Channel
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork

LOOKED_BACK = 20


def why_card(uow: UnitOfWork, clinic: Clinic, patient: Patient, channel: Channel, now: datetime) -> WhyView:
    """Tell of a patient in short (now: aware UTC). channel: by which the next message would come."""
    log = uow.messages.of_patient(patient.id, limit=LOOKED_BACK)
    (outlook,) = why_now(uow, clinic, patient.id, log, now, channels=(channel,))
    last = last_message(uow, clinic, patient, log)
    return WhyView(
        last=None if last is None else _last(last),
        planned_at=None if outlook.waiting is None else outlook.waiting.not_before,
        held=None if outlook.rest is None else outlook.rest.reason,
        held_until=None if outlook.rest is None else outlook.rest.until,
        against=tuple(AgainstView(reason=each.reason, until=each.ends_by) for each in outlook.against),
        wait=outlook.wait,
        not_before=outlook.until,
    )


def _last(why: MessageWhy) -> LastMessage | None:
    message = why.message
    if message.sent_at is None or why.campaign is None:
        return None
    visit = Basis.BOOKED_VISIT if why.rests_on_a_visit else None
    return LastMessage(
        what=why.campaign,
        at=message.sent_at,
        basis=visit if why.right is None else why.right.basis,
        since=None if why.right is None else why.right.valid_from,
    )
