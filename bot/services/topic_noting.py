"""What becomes of the next words of a member of staff in a topic, where the button for a note was pressed.

Invariants: what was asked ends with the words it was for, with any other button that member presses there, and with a
ticket that closes. Where it ran out before them, after two minutes or by a word of the patient's, the words are neither
a note nor sent: nobody but their writer knows what they are.
"""

from datetime import datetime, timedelta
from enum import Enum

from flows.ids import StaffId
from storage.errors import KeyErasedError
from storage.records.talks import Speaker
from storage.records.topics import Topic
from storage.unit_of_work import UnitOfWork

NOTE_WAITS = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(minutes=30)
"""From then on nobody thinks of the button any more."""

LINES_LOOKED_AT = 30


class Noting(Enum):
    """Whether the next words are a note. NOT: they are for the patient. RAN_OUT: they may be either."""

    NOT = "not"
    ASKED = "asked"
    RAN_OUT = "ran_out"


def note_next(uow: UnitOfWork, staff_id: StaffId, topic: Topic, now: datetime) -> None:
    """Let the next words of a member be a note; now: aware UTC."""
    uow.staff_accounts.note_next(staff_id, topic.id, until=now + NOTE_WAITS)


def noting(uow: UnitOfWork, staff_id: StaffId, topic: Topic, now: datetime) -> Noting:
    """Tell what the next words of a member are; now: aware UTC."""
    until = uow.staff_accounts.noting_until(staff_id, topic.id)
    if until is None or now >= until + FORGOTTEN_AFTER:
        return Noting.NOT
    since = until - NOTE_WAITS
    try:
        said = uow.conversations.transcript(topic.conversation_id, limit=LINES_LOOKED_AT)
        tickets = uow.tickets.of_conversation(topic.conversation_id)
    except KeyErasedError:
        return Noting.NOT
    if any(ticket.closed_at is not None and ticket.closed_at > since for ticket in tickets):
        return Noting.NOT
    ran_out = now >= until or any(line.speaker is Speaker.PATIENT and line.at > since for line in said)
    return Noting.RAN_OUT if ran_out else Noting.ASKED
