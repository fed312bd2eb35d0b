"""Words replies in the patient's language and puts them into the outbox, in the transaction of the turn.

What is written here is already leased to this process, so that it can leave right after the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.deciding import Decided
from bot.services.leaving import Leaving, new_lease
from bot.services.people import reader_of
from bot.services.ports import OutgoingButton
from bot.services.situation import Situation
from bot.services.talk import read_buttons
from bot.wording import Reader, Wording
from flows.engine.choices import Payload
from flows.engine.decision import Attachment, Button, Reply
from flows.ids import StaffId
from flows.messages.calendar import CalendarDescription, CalendarTitle
from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text
from flows.slots import BookedVisit
from flows.vocabulary import Language, Reach
from storage.calendars.ics import MEDIA_TYPE, CalendarEntry, EntryStatus, calendar_file, uid_of
from storage.records.outgoing import Lease, NewOutbox
from storage.records.talks import ConversationSnapshot
from storage.sealing import Json
from storage.vocabulary import OutboxKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """What was put into the outbox, and the buttons the patient can press from now on."""

    leased: tuple[Leaving, ...]
    buttons: tuple[OutgoingButton, ...] | None


def staff_words(
    words: str, snapshot: ConversationSnapshot, here: Situation, staff_id: StaffId, lease: Lease
) -> tuple[Leaving, ...]:
    """Put what a member of staff wrote into the outbox, leased."""
    body: dict[str, Json] = {"text": words, "buttons": []}
    row = NewOutbox(
        conversation_id=here.conversation_id,
        patient_id=here.patient_id,
        channel=here.channel,
        kind=OutboxKind.STAFF,
        level=VERIFIED_CHAT,
        message_key="staff",
        reach=Reach.ALWAYS,
        body=body,
        not_before=here.now,
        staff_id=staff_id,
        lease=lease,
    )
    return _leave((row,), snapshot, here, lease)


def _leave(
    rows: Sequence[NewOutbox], snapshot: ConversationSnapshot, here: Situation, lease: Lease
) -> tuple[Leaving, ...]:
    ids = here.uow.outbox.put(rows, now=here.now)
    return tuple(
        Leaving(
            id=outbox_id,
            conversation_id=here.conversation_id,
            channel=here.channel,
            address=snapshot.address,
            body=row.body or {},
            attempts=1,
            token=lease.token,
            until=lease.until,
        )
        for outbox_id, row in zip(ids, rows, strict=True)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Listener:
    """Whom a reply is worded for: language, form of address, and the highest content level allowed."""

    language: Language
    reader: Reader
    level: int


def listener_of(snapshot: ConversationSnapshot, here: Situation, level: int) -> Listener:
    """The person of a snapshot, as a listener."""
    return Listener(
        language=here.clinic.language_of(snapshot.patient.language),
        reader=reader_of(snapshot.patient, here.clinic),
        level=level,
    )


class Speaker:
    """Words replies."""

    def __init__(self, wording: Wording) -> None:
        """Take the words of all languages."""
        self._wording = wording

    def speak(
        self, decided: Decided, snapshot: ConversationSnapshot, here: Situation, *, as_staff: StaffId | None = None
    ) -> Spoken:
        """Word the replies and put them into the outbox, leased; `as_staff`: who says them. Raises LevelError."""
        if not decided.replies:
            return Spoken(leased=(), buttons=None)
        lease = new_lease(here.now)
        proven = snapshot.address_verified_at is not None
        listener = listener_of(snapshot, here, VERIFIED_CHAT if proven else LOCK_SCREEN)
        rows = tuple(
            NewOutbox(
                conversation_id=here.conversation_id,
                patient_id=here.patient_id,
                channel=here.channel,
                kind=OutboxKind.REPLY if as_staff is None else OutboxKind.STAFF,
                level=listener.level,
                message_key=reply.text.key,
                reach=reply.reach,
                body=self.body(reply, decided, listener, here),
                not_before=here.now,
                staff_id=as_staff,
                lease=lease,
            )
            for reply in decided.replies
        )
        return Spoken(leased=_leave(rows, snapshot, here, lease), buttons=read_buttons(rows[-1].body or {}))

    def body(self, reply: Reply, decided: Decided, listener: Listener, here: Situation) -> dict[str, Json]:
        """Word one reply as the outbox keeps it: text, buttons, file. Raises LevelError."""
        body: dict[str, Json] = {
            "text": self._word(reply.text, listener, here),
            "buttons": [
                {"label": self._word(button.label, listener, here), "payload": _payload(button, decided)}
                for button in reply.buttons
            ],
        }
        if reply.attachment is Attachment.CALENDAR_FILE and decided.visit is not None:
            body["file"] = self._calendar_file(decided.visit, listener, here)
        return body

    def _word(self, text: Text, listener: Listener, here: Situation) -> str:
        return self._wording.word(
            text, language=listener.language, level_limit=listener.level, reader=listener.reader, now=here.now
        ).text

    def _calendar_file(self, visit: BookedVisit, listener: Listener, here: Situation) -> dict[str, Json]:
        entry = CalendarEntry(
            uid=uid_of(here.clinic.slug, visit.appointment_id),
            sequence=here.uow.calendar.sequence_of(visit.appointment_id),
            status=EntryStatus.CONFIRMED,
            starts_at=visit.slot.starts_at,
            ends_at=visit.slot.ends_at,
            stamped_at=here.now,
            summary=self._word(CalendarTitle(), listener, here),
            location=here.clinic.settings.clinic.address,
            description=self._word(CalendarDescription(), listener, here),
        )
        return {"name": "visit.ics", "media_type": MEDIA_TYPE, "content": calendar_file(entry)}


def _payload(button: Button, decided: Decided) -> str:
    return Payload(choice=button.choice, argument=button.argument, asked=decided.chat.asked).encode()
