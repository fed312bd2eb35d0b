"""Words replies in the patient's language and puts them into the outbox, in the transaction of the turn.

What is written here is already leased to this process, so that it can leave right after the commit.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.services.deciding import Decided
from bot.services.people import reader_of
from bot.services.ports import OutgoingButton
from bot.services.situation import Situation
from bot.services.talk import read_buttons
from bot.wording import Reader, Wording
from flows.engine.choices import Payload
from flows.engine.decision import Attachment, Button, Reply
from flows.messages.calendar import CalendarDescription, CalendarTitle
from flows.messages.text import VERIFIED_CHAT
from flows.slots import BookedVisit
from flows.vocabulary import Language
from storage.calendars.ics import MEDIA_TYPE, CalendarEntry, EntryStatus, calendar_file, uid_of
from storage.repositories.conversations import ConversationSnapshot
from storage.repositories.outbox import LeasedMessage, NewMessage
from storage.vocabulary import OutboxKind

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """What was put into the outbox, and the buttons the patient can press from now on."""

    leased: tuple[LeasedMessage, ...]
    buttons: tuple[OutgoingButton, ...] | None


class Speaker:
    """Words replies."""

    def __init__(self, wording: Wording) -> None:
        """Take the words of all languages."""
        self._wording = wording

    def speak(self, decided: Decided, snapshot: ConversationSnapshot, here: Situation) -> Spoken:
        """Word the replies and put them into the outbox, leased. Raises LevelError."""
        reader = reader_of(snapshot)
        rows = tuple(
            NewMessage(
                conversation_id=here.conversation_id,
                patient_id=here.patient_id,
                channel=here.channel,
                kind=OutboxKind.REPLY,
                level=VERIFIED_CHAT,
                message_key=reply.text.key,
                reach=reply.reach,
                body=self.body(reply, decided, snapshot.language, reader, here, level=VERIFIED_CHAT),
                not_before=here.now,
            )
            for reply in decided.replies
        )
        if not rows:
            return Spoken(leased=(), buttons=None)
        leased = here.uow.outbox.put_leased(rows, now=here.now, lease=LEASE)
        return Spoken(leased=leased, buttons=read_buttons(rows[-1].body))

    def body(
        self,
        reply: Reply,
        decided: Decided,
        language: Language,
        reader: Reader,
        here: Situation,
        *,
        level: int,
    ) -> dict[str, object]:
        """Word one reply as the outbox keeps it: text, buttons, file."""
        worded = self._wording.word(reply.text, language=language, level_limit=level, reader=reader, now=here.now)
        body: dict[str, object] = {
            "text": worded.text,
            "buttons": [self._button(button, decided, language, reader) for button in reply.buttons],
        }
        if reply.attachment is Attachment.CALENDAR_FILE and decided.visit is not None:
            body["file"] = self._calendar_file(decided.visit, language, reader, here)
        return body

    def _button(self, button: Button, decided: Decided, language: Language, reader: Reader) -> dict[str, str]:
        label = self._wording.word(button.label, language=language, level_limit=VERIFIED_CHAT, reader=reader, now=here.now).text
        payload = Payload(choice=button.choice, argument=button.argument, asked=decided.chat.asked)
        return {"label": label, "payload": payload.encode()}

    def _calendar_file(
        self, visit: BookedVisit, language: Language, reader: Reader, here: Situation
    ) -> dict[str, str]:
        sequence = here.uow.calendar.sequence_of(visit.appointment_id)
        word = self._wording.word
        entry = CalendarEntry(
            uid=uid_of(here.clinic.slug, visit.appointment_id),
            sequence=sequence,
            status=EntryStatus.CONFIRMED,
            starts_at=visit.slot.starts_at,
            ends_at=visit.slot.ends_at,
            stamped_at=here.now,
            summary=word(CalendarTitle(), language=language, level_limit=VERIFIED_CHAT, reader=reader, now=here.now).text,
            location=here.clinic.settings.clinic.address,
            description=word(CalendarDescription(), language=language, level_limit=VERIFIED_CHAT, reader=reader, now=here.now).text,
        )
        return {"name": "visit.ics", "media_type": MEDIA_TYPE, "content": calendar_file(entry)}

