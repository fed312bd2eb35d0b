"""Whether what a patient said last, after staff had written, only ends the talk, so that nobody need look at it.

Invariant: whatever may be more than thanks, an "ok" or a goodbye, or may answer what staff asked or proposed, is more.
"""

from collections.abc import Sequence

from bot.services.readings import closes
from flows.ids import ConversationId
from flows.meaning import Intent
from storage.records.talks import Speaker, TranscriptLine
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxStatus, ReceivedKind

LOOKED_BACK = 50
"""Lines of a talk; whoever writes more than that after staff did says more than goodbye."""

ASKS = "?"


def only_closes(uow: UnitOfWork, conversation_id: ConversationId) -> bool:
    """Whether all that the patient said since staff last wrote ends the talk. Raises NotFoundError, KeyErasedError."""
    # Ids are made in the order things happen; what staff wrote may have left later.
    lines = sorted(uow.conversations.transcript(conversation_id, limit=LOOKED_BACK), key=lambda line: line.id)
    said = [line for line in lines if _counts(line)]
    since = _last_run(said, Speaker.PATIENT)
    before = _last_run(said[: len(said) - len(since)], Speaker.STAFF)
    told = "".join(str(line.body.get("text", "")) for line in before)
    if not since or not before or ASKS in told:
        return False
    # Where staff named a day or an hour an "ok" may agree to it.
    may_agree = any(map(str.isdigit, told))
    return all(closes(line) and not (may_agree and line.intent is Intent.YES) for line in since)


def _counts(line: TranscriptLine) -> bool:
    """Whether a line is part of what patient and staff said to each other: that they looked in says nothing."""
    if line.speaker is Speaker.STAFF:
        return line.status is not OutboxStatus.FAILED
    return line.speaker is Speaker.PATIENT and line.kind is not ReceivedKind.OPENED


def _last_run(said: Sequence[TranscriptLine], speaker: Speaker) -> Sequence[TranscriptLine]:
    """The last lines in a row of one of them; none if the other had the last word."""
    first = len(said)
    while first and said[first - 1].speaker is speaker:
        first -= 1
    return said[first:]
