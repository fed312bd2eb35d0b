"""What a booking means for reminders: those of an old time are taken back, a new one is promised only if it comes."""

from datetime import datetime

from bot.services.situation import Situation
from flows.outreach.cadence import remind_at
from flows.outreach.rights import Standing, rights
from flows.slots import BookedVisit
from flows.vocabulary import Purpose

INVITING = frozenset({Purpose.RECALL, Purpose.OFFER})
REFUSED = frozenset({Standing.DENIED, Standing.WITHDRAWN, Standing.OBJECTED})


def withdraw_outdated(visit: BookedVisit, here: Situation) -> None:
    """Take back what was queued before a visit got this time: invitations, and the reminders of its old time."""
    here.uow.outbox.withdraw_outdated(here.patient_id, INVITING, visit.appointment_id, reason="booked")


def reminder_at(visit: BookedVisit, here: Situation) -> datetime | None:
    """When the reminder of a visit agreed on now is due (UTC); None if it is too near, or none will be let go.

    None leaves where its patient wants none, or where the books do not tell that they are no child.

    Under the hours and holidays of the patient's own policy, by which the gate judges it too.
    """
    patient = here.seen or here.uow.patients.get(here.patient_id)
    if patient.profile.birth_date is None:
        return None
    policy = here.clinic.policy_for(patient.residence, here.channel)
    calendar = here.clinic.calendar_for(patient.residence)
    due = remind_at(visit.slot.starts_at, here.now, policy, calendar, here.now)
    if due is None:
        return None
    allowed = rights(here.uow.ledger.events(here.patient_id), here.now)
    return None if allowed.standing(Purpose.APPOINTMENT, here.now) in REFUSED else due
