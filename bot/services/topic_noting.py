"""Whether the next words of a member of staff in a topic are a note, as the button for it asked.

Invariant: what was asked ends with the words it was for, and before them after two minutes, with a word of the
patient's, with a ticket that closes, and with any other button that member presses there.
"""

from datetime import datetime, timedelta

from flows.ids import StaffId
from storage.errors import KeyErasedError
from storage.records.talks import Speaker
from storage.records.topics import Topic
from storage.unit_of_work import UnitOfWork

NOTE_WAITS = timedelta(minutes=2)
LINES_LOOKED_AT = 30


def note_next(uow: UnitOfWork, staff_id: StaffId, topic: Topic, now: datetime) -> None:
    """Let the next words of a member be a note; now: aware UTC."""
    uow.staff_accounts.note_next(staff_id, topic.id, until=now + NOTE_WAITS)


def is_noting(uow: UnitOfWork, staff_id: StaffId, topic: Topic, now: datetime) -> bool:
    """Tell whether the next words of a member are a note; now: aware UTC."""
    until = uow.staff_accounts.noting_until(staff_id, topic.id, now=now)
    return until is not None and not _something_came(uow, topic, until - NOTE_WAITS)


def _something_came(uow: UnitOfWork, topic: Topic, since: datetime) -> bool:
    """Whether the patient said something, or a ticket closed."""
    try:
        said = uow.conversations.transcript(topic.conversation_id, limit=LINES_LOOKED_AT)
        tickets = uow.tickets.of_conversation(topic.conversation_id)
    except KeyErasedError:
        return True
    return any(line.speaker is Speaker.PATIENT and line.at > since for line in said) or any(
        ticket.closed_at is not None and ticket.closed_at > since for ticket in tickets
    )
