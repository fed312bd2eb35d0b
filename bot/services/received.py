"""What a patient did in a talk, kept as a line that staff read: the words, the button's label, the file.

Invariant: a line is kept in the transaction of its effect; a file is sealed there too, or is not kept at all.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.services.hearing import ALARMS, BREAK_IN
from bot.services.readings import plain
from bot.services.situation import Situation
from bot.services.talk import Talk
from bot.services.updates import (
    LONGEST_TEXT,
    NOT_THEIRS,
    Content,
    Corrected,
    Missed,
    Opened,
    Pressed,
    SentFile,
    Started,
    Update,
    Wrote,
)
from flows.engine.events import AttachmentReceived, Event, TextUnderstood
from flows.ids import AttachmentId, ConversationId
from flows.meaning import Meaning
from flows.vocabulary import AttachmentKind
from storage.records.accounts import Account
from storage.records.attachments import NewAttachment
from storage.records.talks import Speaker
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import ReceivedKind

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes; what is larger no bot can load from the messenger (Bot API, getFile)."""

FILES_A_DAY = 20
"""So many files of an account are kept in a day: a person sends a few, and a disk is filled by somebody else."""

LONGEST_NAME = 255
LOOKED_BACK = 50
"""Lines of a talk in which their last word is looked for."""

WITHOUT_BYTES = frozenset({AttachmentKind.STICKER, AttachmentKind.PLACE})
"""Kinds that have nothing to keep but that they were sent."""

RECEIVED_AS = {
    Wrote: ReceivedKind.TEXT,
    Pressed: ReceivedKind.PRESS,
    SentFile: ReceivedKind.ATTACHMENT,
    Corrected: ReceivedKind.EDITED,
}


def has_room(uow: UnitOfWork, account: Account | None, talk: ConversationId, now: datetime) -> bool:
    """Whether one more file of an account that is in this talk would be kept (now: aware UTC)."""
    members = () if account is None else uow.accounts.members(account)
    talks = {talk, *(member.conversation_id for member in members)}
    return uow.attachments.count_since(talks, now - timedelta(days=1)) < FILES_A_DAY


def keep_file(content: Content, here: Situation) -> AttachmentId | None:
    """Keep the file that was sent, if one was and there is room for it; its id."""
    if not isinstance(content, SentFile) or content.content is None or len(content.content) > LARGEST_FILE:
        return None
    account = here.uow.accounts.of_conversation(here.conversation_id)
    if not has_room(here.uow, account, here.conversation_id, here.now):
        return None
    new = NewAttachment(
        kind=content.kind,
        name=content.name[:LONGEST_NAME],
        media_type=content.media_type[:LONGEST_NAME],
        content=content.content,
    )
    return here.uow.attachments.add(here.conversation_id, new, now=here.now)


def with_file(event: Event | None, kept: AttachmentId | None) -> Event | None:
    """The event, which says of a file whether it was kept."""
    if isinstance(event, AttachmentReceived):
        return replace(event, kept=kept is not None or event.kind in WITHOUT_BYTES)
    return event


def heard_before(update: Update, event: Event | None, here: Situation) -> bool:
    """Whether their last word was changed and is read as it was: a typo mended after "stop" says nothing new.

    What was changed after they said something else is said anew, and so is what may be an alarm beside a stop.
    """
    if not isinstance(update.content, Corrected) or not isinstance(event, TextUnderstood):
        return False
    meaning = event.meaning
    if not update.message_id or meaning.intent not in BREAK_IN or meaning.flags & ALARMS:
        return False
    said = here.uow.conversations.transcript(here.conversation_id, limit=LOOKED_BACK)
    last = next((line for line in reversed(said) if line.speaker is Speaker.PATIENT), None)
    return last is not None and last.body.get("message_id") == update.message_id and last.intent is meaning.intent


def heard_as(uow: UnitOfWork, update: Update) -> str | None:
    """What a text that was changed was heard as till then; None if they did something since, or it was no text."""
    if not isinstance(update.content, Corrected) or not update.message_id:
        return None
    lines = uow.conversations.transcript(update.conversation_id, limit=LOOKED_BACK)
    theirs = [line for line in lines if line.speaker is Speaker.PATIENT]
    of_it = [line for line in theirs if line.body.get("message_id") == update.message_id]
    if not of_it or of_it[-1] is not theirs[-1] or of_it[0].kind is not ReceivedKind.TEXT:
        return None
    heard = next((line for line in reversed(of_it) if "understood" in line.body), of_it[0])
    return str(heard.body.get("text", ""))


def keep_line(update: Update, event: Event | None, talk: Talk, kept: AttachmentId | None, here: Situation) -> None:
    """Keep what the patient did as a line of the talk."""
    content = update.content
    if isinstance(content, NOT_THEIRS):
        return
    meaning = event.meaning if isinstance(event, TextUnderstood) else None
    here.uow.updates.received(
        here.conversation_id,
        kind=RECEIVED_AS[type(content)],
        body=_body(content, talk, kept) | _beside(update, meaning),
        now=here.now,
        intent=meaning.intent if meaning and meaning.sure else None,
        confidence=meaning.confidence if meaning else None,
    )


def _beside(update: Update, meaning: Meaning | None) -> dict[str, Json]:
    named: dict[str, Json] = {"message_id": update.message_id} if update.message_id else {}
    return named | ({"understood": plain(meaning)} if meaning else {})


def _body(content: Content, talk: Talk, kept: AttachmentId | None) -> dict[str, Json]:
    match content:
        case Wrote(text=text):
            return {"text": text[:LONGEST_TEXT]}
        case Corrected(text=text):
            return {"text": text[:LONGEST_TEXT], "edited": True}
        case Pressed(payload=payload, words=words):
            raw = payload.encode()
            label = next((button.label for button in talk.buttons if button.payload == raw), "")
            return {"text": words[:LONGEST_TEXT] or label}
        case SentFile(kind=kind, name=name, caption=caption):
            sent: dict[str, Json] = {
                "text": caption[:LONGEST_TEXT],
                "kind": kind.value,
                "file_name": name[:LONGEST_NAME],
            }
            return sent if kept is None else sent | {"attachment": str(kept)}
        case Opened() | Started() | Missed():
            return {}
