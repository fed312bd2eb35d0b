"""From stored messages to the lines that patients and staff see."""

from collections.abc import Iterable, Mapping

from bot.services.readings import understood_of
from bot.services.updates import PutAside
from bot.services.views import Line, LineState, Voice
from flows.ids import StaffId
from flows.vocabulary import AttachmentKind
from storage.records.talks import Speaker, TranscriptLine
from storage.vocabulary import OutboxStatus

VOICES = {Speaker.PATIENT: Voice.PATIENT, Speaker.BOT: Voice.BOT, Speaker.STAFF: Voice.STAFF}
STATES = {
    OutboxStatus.SENT: LineState.ARRIVED,
    OutboxStatus.UNKNOWN: LineState.UNKNOWN,
    OutboxStatus.FAILED: LineState.FAILED,
}


def with_put_aside(lines: Iterable[Line], put_aside: Iterable[PutAside], state: LineState) -> tuple[Line, ...]:
    """The lines and, where they belong in time, what the patient said that could not be handled, marked `state`."""
    aside = (Line(id=each.id, at=each.at, voice=Voice.PATIENT, text=each.text, state=state) for each in put_aside)
    return tuple(sorted((*lines, *aside), key=lambda line: (line.at, line.id)))


def line_of(line: TranscriptLine, names: Mapping[StaffId, str]) -> Line:
    """The line as pages show it; `names`: of staff."""
    file = line.body.get("file")
    return Line(
        id=line.id,
        at=line.at,
        voice=VOICES[line.speaker],
        text=str(line.body.get("text", "")),
        state=STATES.get(line.status, LineState.ON_ITS_WAY) if line.status else LineState.ARRIVED,
        speaker=names.get(line.staff_id) if line.staff_id else None,
        file_name=str(file["name"]) if isinstance(file, dict) else str(line.body.get("file_name", "")) or None,
        attachment=int(str(line.body["attachment"])) if "attachment" in line.body else None,
        sent=AttachmentKind(str(line.body["kind"])) if "kind" in line.body else None,
        edited=line.body.get("edited") is True,
        understood=understood_of(line) if line.speaker is Speaker.PATIENT else None,
    )
