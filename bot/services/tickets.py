"""Tickets the house itself opens, and by when a person must have looked at a ticket."""

from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from flows.ids import ConversationId, PatientId
from flows.vocabulary import TicketReason, Urgency
from storage.unit_of_work import UnitOfWork

NOW_MINUTES = timedelta(minutes=15)
TODAY_OPEN_TIME = timedelta(hours=2)
WHEN_FREE_OPEN_TIME = timedelta(hours=8)

UNTIL_CLEARED = frozenset({TicketReason.EMERGENCY, TicketReason.CRISIS, TicketReason.COMPLAINT, TicketReason.LEGAL})
"""What freezes the programme until a person says that it may go on; its ticket stays in sight for as long."""

ABOUT_A_STRANGER = frozenset({TicketReason.IDENTIFY, TicketReason.GUESSING})
"""What is settled once it is known who somebody is, or that they are nobody of ours."""

WORDS_PUT_ASIDE = frozenset({TicketReason.PUT_ASIDE, TicketReason.UNREADABLE})
"""What is opened where something a patient sent lies in quarantine."""


def due_at(urgency: Urgency, now: datetime, clinic: Clinic) -> datetime:
    """The deadline of a ticket opened now (UTC): minutes at any hour for NOW, else hours the clinic is open."""
    if urgency is Urgency.NOW:
        return now + NOW_MINUTES
    return clinic.opening_hours.after(now, TODAY_OPEN_TIME if urgency is Urgency.TODAY else WHEN_FREE_OPEN_TIME)


def settle(
    uow: UnitOfWork, conversation_id: ConversationId, frozen_patient: PatientId | None, clinic: Clinic, now: datetime
) -> None:
    """Close the tickets of a chat that is handed back.

    Those of a patient who is still frozen (`frozen_patient`) stay open for when somebody is free: nothing else at the
    desk would remind of them. now: aware UTC.
    """
    for ticket in uow.tickets.of_conversation(conversation_id):
        if frozen_patient is not None and ticket.reason in UNTIL_CLEARED:
            due = due_at(Urgency.WHEN_FREE, now, clinic)
            uow.tickets.put_back(ticket.id, urgency=Urgency.WHEN_FREE, due_at=due)
        else:
            uow.tickets.close(ticket.id, now=now)


def ask_staff(
    uow: UnitOfWork,
    conversation_id: ConversationId | None,
    reason: TicketReason,
    clinic: Clinic,
    now: datetime,
    *,
    urgency: Urgency = Urgency.TODAY,
) -> None:
    """Let staff look at what went wrong with a message (now: aware UTC); None: nobody's chat, nothing to open."""
    if conversation_id is not None:
        due = due_at(urgency, now, clinic)
        uow.tickets.open(conversation_id, reason=reason, urgency=urgency, due_at=due, now=now)
