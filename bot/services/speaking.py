"""Words replies in the patient's language and puts them into the outbox, in the transaction of the turn.

What is written here is already leased to this process, so that it can leave right after the commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.services.deciding import Decided
from bot.services.leaving import ADDRESS_CLOSED, Leaving, new_lease
from bot.services.people import reader_of
from bot.services.ports import OutgoingButton
from bot.services.receipts import MEDIA_TYPE as RECEIPT_TYPE
from bot.services.receipts import agreed, lines_of
from bot.services.situation import Situation
from bot.services.talk import read_buttons
from bot.settings.clinic import ClinicPart
from bot.wording import Reader, Worded, Wording
from flows.engine.choices import Payload
from flows.engine.decision import Attachment, Button, Reply
from flows.ids import StaffId
from flows.messages.calendar import CalendarDescription, CalendarFileName, CalendarTitle
from flows.messages.receipt import ReceiptFileName
from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text
from flows.slots import BookedVisit
from flows.vocabulary import Language, Reach
from storage.calendars.ics import MEDIA_TYPE, CalendarEntry, EntryStatus, calendar_file, uid_of
from storage.records.outgoing import Lease, NewOutbox
from storage.records.talks import ConversationSnapshot
from storage.repositories.addresses import CUT_OFF
from storage.sealing import Json
from storage.vocabulary import OutboxKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """What was put into the outbox, and the buttons the patient can press from now on."""

    leased: tuple[Leaving, ...]
    buttons: tuple[OutgoingButton, ...] | None


def staff_words(
    words: str,
    snapshot: ConversationSnapshot,
    here: Situation,
    staff_id: StaffId,
    lease: Lease,
    beside: Mapping[str, Json] | None = None,
) -> tuple[Leaving, ...]:
    """Put what a member of staff wrote into the outbox, leased; beside: what else its body holds."""
    body: dict[str, Json] = {"text": words, "buttons": [], **(beside or {})}
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
    if snapshot.address_closed_why == CUT_OFF:
        # Staff see that it reached nobody.
        here.uow.outbox.mark_failed(ids, lease.token, reason=ADDRESS_CLOSED)
        return ()
    return tuple(
        Leaving(
            id=outbox_id,
            patient_id=here.patient_id,
            conversation_id=here.conversation_id,
            channel=here.channel,
            address_id=snapshot.address_id,
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A reply as the outbox keeps it. level: the highest content level that its text and buttons say."""

    body: Mapping[str, Json]
    level: int


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
        listener = listener if decided.language is None else replace(listener, language=decided.language)
        rows = tuple(
            NewOutbox(
                conversation_id=here.conversation_id,
                patient_id=here.patient_id,
                channel=here.channel,
                kind=OutboxKind.REPLY if as_staff is None else OutboxKind.STAFF,
                level=words.level,
                message_key=reply.text.key,
                reach=reply.reach,
                body=words.body,
                not_before=here.now,
                staff_id=as_staff,
                lease=lease,
            )
            for reply in decided.replies
            for words in (self.words(reply, decided, listener, here),)
        )
        return Spoken(leased=_leave(rows, snapshot, here, lease), buttons=read_buttons(rows[-1].body or {}))

    def words(self, reply: Reply, decided: Decided, listener: Listener, here: Situation) -> Words:
        """Word one reply: text, buttons, what is attached, the keyboard. Raises LevelError."""
        texts = [self._word(text, listener, here) for text in (reply.text, *reply.foot)]
        labels = [self._word(button.label, listener, here) for button in reply.buttons]
        if reply.offer is not None:
            other = replace(listener, language=reply.offer.language)
            texts.append(self._word(reply.offer.text, other, here))
            labels += [self._word(button.label, other, here) for button in reply.offer.buttons]
        body: dict[str, Json] = {
            "text": "\n".join(text.text for text in texts),
            "buttons": [
                {"label": label.text, "payload": _payload(button, decided)}
                for label, button in zip(labels, reply.shown, strict=True)
            ],
        }
        if reply.attachment is Attachment.CALENDAR_FILE and decided.visit is not None:
            changed = 0 if decided.is_new else here.uow.calendar.sequence_of(decided.visit.appointment_id)
            body["file"] = self._calendar_file(decided.visit, changed, listener, here)
        if reply.attachment is Attachment.RECEIPT:
            body["file"] = self._receipt(listener, here)
        if reply.attachment is Attachment.VENUE:
            body |= _venue(here.clinic.settings.clinic)
        shares = () if reply.keyboard_label is None else (self._word(reply.keyboard_label, listener, here),)
        if reply.keyboard is not None:
            body |= {"keyboard": reply.keyboard.value, "keyboard_label": shares[0].text if shares else ""}
        return Words(body=body, level=max(said.level for said in (*texts, *labels, *shares)))

    def _word(self, text: Text, listener: Listener, here: Situation) -> Worded:
        return self._wording.word(
            text, language=listener.language, level_limit=listener.level, reader=listener.reader, now=here.now
        )

    def _calendar_file(self, visit: BookedVisit, changed: int, listener: Listener, here: Situation) -> dict[str, Json]:
        entry = CalendarEntry(
            uid=uid_of(here.clinic.slug, visit.appointment_id),
            sequence=changed,
            status=EntryStatus.CONFIRMED,
            starts_at=visit.slot.starts_at,
            ends_at=visit.slot.ends_at,
            stamped_at=here.now,
            summary=self._word(CalendarTitle(), listener, here).text,
            location=here.clinic.settings.clinic.address,
            description=self._word(CalendarDescription(), listener, here).text,
        )
        name = self._word(CalendarFileName(), listener, here).text
        return {"name": f"{name}.ics", "media_type": MEDIA_TYPE, "content": calendar_file(entry)}

    def _receipt(self, listener: Listener, here: Situation) -> dict[str, Json]:
        patient = here.uow.patients.get(here.patient_id)
        purposes = frozenset(rule.purpose for rule in here.clinic.policy_for(patient.residence, here.channel).rules)
        holds = agreed(here.uow, patient, purposes, here.now)
        lines = [self._word(line, listener, here).text for line in lines_of(holds, patient, here.clinic, here.now)]
        name = self._word(ReceiptFileName(), listener, here).text
        return {"name": f"{name}.txt", "media_type": RECEIPT_TYPE, "content": "\r\n".join((*lines, ""))}


def _venue(clinic: ClinicPart) -> dict[str, Json]:
    """Where the clinic is; nothing where only its address is known, which the text says anyway."""
    if clinic.place is None:
        return {}
    place = {"latitude": clinic.place.latitude, "longitude": clinic.place.longitude}
    return {"venue": {"name": clinic.name, "address": clinic.address, **place}}


def _payload(button: Button, decided: Decided) -> str:
    return Payload(choice=button.choice, argument=button.argument, asked=decided.chat.asked).encode()
