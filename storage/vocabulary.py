"""The closed sets of words that only stored things have: statuses, kinds, who did it.

Values stand in tables: they never change their meaning, and a removed one needs a migration.
"""

from enum import StrEnum


class PassKind(StrEnum):
    """What a secret opens."""

    PATIENT_LINK = "patient_link"
    UNSUBSCRIBE_LINK = "unsubscribe_link"
    ADDRESS_PROOF = "address_proof"
    CHAT_SESSION = "chat_session"
    STAFF_LINK = "staff_link"
    STAFF_SESSION = "staff_session"
    STAFF_ACCOUNT = "staff_account"


class ReceivedKind(StrEnum):
    """What a patient did."""

    TEXT = "text"
    PRESS = "press"
    ATTACHMENT = "attachment"
    EDITED = "edited"
    OPENED = "opened"


class OutboxKind(StrEnum):
    """Why a message is in the outbox: answers what was said, begins by itself, or was written by staff."""

    REPLY = "reply"
    PROACTIVE = "proactive"
    STAFF = "staff"


class OutboxStatus(StrEnum):
    """Where a message is.

    PLANNED: decided, without words yet. QUEUED: worded, not under way. LEASED: somebody is sending it. UNKNOWN: it may
    have arrived, and is never sent again by itself.
    """

    PLANNED = "planned"
    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class AppointmentStatus(StrEnum):
    """What became of an appointment."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    KEPT = "kept"
    MISSED = "missed"


class BookedBy(StrEnum):
    """Who put an appointment into the calendar."""

    PATIENT = "patient"
    STAFF = "staff"
    IMPORT = "import"


class TicketStatus(StrEnum):
    """Whether somebody looks after a ticket."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What the gate said."""

    PERMIT = "permit"
    DEFER = "defer"
    REFUSE = "refuse"


class Choice(StrEnum):
    """What a member of staff chose for a message of a batch that a person releases."""

    RELEASED = "released"
    LEFT_OUT = "left_out"


class WorkKind(StrEnum):
    """What the programme asks a person of the clinic to do."""

    CALL = "call"
    LETTER = "letter"
    DENTIST = "dentist"


class WorkOutcome(StrEnum):
    """What came of something on the worklist.

    SKIPPED: it could not be done (no number, or the gate refused). MAILED: an e-mail goes in place of a letter.
    KEPT, RESTED, WRITTEN, TAKEN_OFF: what the dentist decided. ENDED: the patient answered, booked or said no first.
    """

    REACHED_BOOKED = "reached_booked"
    REACHED_LATER = "reached_later"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    ASKED_TO_STOP = "asked_to_stop"
    POSTED = "posted"
    MAILED = "mailed"
    SKIPPED = "skipped"
    KEPT = "kept"
    RESTED = "rested"
    WRITTEN = "written"
    TAKEN_OFF = "taken_off"
    ENDED = "ended"


class StaffDid(StrEnum):
    """What a member of staff did, or what became of their way in, as the audit knows it."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    DEACTIVATED = "deactivated"
    READ_CONVERSATION = "read_conversation"
    READ_CARD = "read_card"
    TOOK_OVER = "took_over"
    HANDED_BACK = "handed_back"
    ANSWERED = "answered"
    NOTED = "noted"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    MARKED_VISITED = "marked_visited"
    MARKED_MISSED = "marked_missed"
    ACKNOWLEDGED = "acknowledged"
    CLOSED_TICKET = "closed_ticket"
    CLEARED_FREEZE = "cleared_freeze"
    CALLED = "called"
    POSTED_LETTER = "posted_letter"
    DECIDED_PROGRAMME = "decided_programme"
    RECORDED_CONSENT = "recorded_consent"
    ERASED_PERSON = "erased_person"
    RELEASED_BATCH = "released_batch"
    IDENTIFIED_PERSON = "identified_person"
    REJECTED_IDENTITY = "rejected_identity"
    CORRECTED_READING = "corrected_reading"


class GroupProblem(StrEnum):
    """Why nothing can be posted in the forum group.

    NO_FORUM: topics are switched off. NOT_ADMIN: the bot may not manage topics, or is no member any more.
    """

    NO_FORUM = "no_forum"
    NOT_ADMIN = "not_admin"


class PostKind(StrEnum):
    """What a call makes appear in the group. FACE: a topic's title and icon. NOTICE: a text of the desk."""

    TOPIC = "topic"
    FACE = "face"
    CARD = "card"
    LINES = "lines"
    FILE = "file"
    NOTICE = "notice"


class PostState(StrEnum):
    """Where a post is; UNKNOWN: it may have arrived, and is never posted again by itself."""

    QUEUED = "queued"
    POSTING = "posting"
    POSTED = "posted"
    UNKNOWN = "unknown"


class LineSide(StrEnum):
    """Which table a line of a talk stands in."""

    RECEIVED = "received"
    OUTBOX = "outbox"


class TopicMenu(StrEnum):
    """What the card of a topic offers beside its usual buttons."""

    TIMES = "times"


class JobOutcome(StrEnum):
    """How a run of a job ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
