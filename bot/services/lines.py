"""From stored messages to the lines that patients and staff see."""

from bot.services.views import Line, LineState, Voice
from storage.repositories.conversations import TranscriptLine
from storage.vocabulary import OutboxKind, OutboxStatus

STATES = {
    OutboxStatus.SENT: LineState.ARRIVED,
    OutboxStatus.UNKNOWN: LineState.UNKNOWN,
    OutboxStatus.FAILED: LineState.FAILED,
}


def line_of(line: TranscriptLine) -> Line:
    """The line as pages show it."""
    if line.kind is None:
        return Line(id=line.id, at=line.at, voice=Voice.PATIENT, text=line.text, understood=line.understood)
    return Line(
        id=line.id,
        at=line.at,
        voice=Voice.STAFF if line.kind is OutboxKind.STAFF else Voice.BOT,
        text=line.text,
        state=STATES.get(line.status, LineState.ON_ITS_WAY) if line.status else LineState.ON_ITS_WAY,
        speaker=line.speaker,
        file_name=line.file_name,
    )
