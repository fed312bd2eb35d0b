"""Messages for the tests of the outbox: put into it, claimed, and looked at."""

from dataclasses import replace
from datetime import datetime, timedelta

from flows.ids import OutboxId, PatientId
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.records.outgoing import DueOutbox, NewOutbox
from storage.vocabulary import OutboxKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.sql import run_sql

MINE, THEIRS = "token-one", "token-two"
LATER = NOW + timedelta(minutes=5)


def reply(talk: Talk, **changes: object) -> NewOutbox:
    """A reply in a talk, due now."""
    row = NewOutbox(
        patient_id=talk.patient_id,
        conversation_id=talk.conversation_id,
        channel=Channel.WEBCHAT,
        kind=OutboxKind.REPLY,
        message_key="hello",
        level=1,
        not_before=NOW,
        body={"text": "words"},
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # each test's own


def invitation(talk: Talk, **changes: object) -> NewOutbox:
    """The first step of a campaign, not worded yet."""
    step = reply(talk, kind=OutboxKind.PROACTIVE, body=None, purpose=Purpose.RECALL, campaign="recall", step=1)
    return replace(step, **changes)  # type: ignore[arg-type]  # each test's own


def put(clinic: Clinic, *rows: NewOutbox) -> list[OutboxId]:
    """Put messages into the outbox."""
    return clinic.do(lambda uow: uow.outbox.put(rows, now=NOW))


def claim(clinic: Clinic, token: str = MINE, now: datetime = NOW, limit: int = 10) -> list[DueOutbox]:
    """Claim what is due, for a minute."""
    return clinic.do(lambda uow: uow.outbox.claim_due(now, limit, token, 60))


def word(clinic: Clinic, outbox_id: OutboxId, patient_id: PatientId, token: str = MINE) -> bool:
    """Give a claimed message its words."""
    return clinic.do(
        lambda uow: uow.outbox.word(
            outbox_id, token, {"text": "worded"}, patient_id=patient_id, message_key="invitation.second", level=0
        )
    )


def statuses(database: Database) -> list[str]:
    """Where each message stands, the oldest first."""
    return [row[0] for row in run_sql(database, "SELECT status FROM outbox ORDER BY id")]
