"""What became of messages under way: said by the holder of the lease alone, and by nobody once it is lost.

A message that may have left is never put back: it becomes unknown, unless its channel shows a repeat to nobody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, case, literal, null, or_, update

from flows.ids import ConversationId, OutboxId, PatientId
from flows.vocabulary import Channel, Purpose
from storage.hot import Hot, Named
from storage.models import Conversation, Outgoing, Patient, table_of
from storage.models.outbox import DUE, UNDER_WAY
from storage.records.outgoing import Lease, LeftOutbox, LostOutbox, Recovered
from storage.repositories.due import body_place
from storage.scope import Scope
from storage.sealing import Json
from storage.vocabulary import OutboxKind, OutboxStatus

LEASE_LOST = "lease_lost"
HANDED_OVER = "handed_over"
"""Why nobody takes a proactive message back any more though it is under way: its channel has it, or is about to."""

BY_PEOPLE = (Channel.LETTER, Channel.PHONE)
"""Ways on which a message has begun as soon as somebody holds it: it is on paper, or on the telephone."""

PROGRAMME = (Purpose.RECALL, Purpose.OFFER)
"""Purposes whose messages count as contact by the programme."""

_outbox = table_of(Outgoing)
_talks = table_of(Conversation)
_patients = table_of(Patient)
_UNLEASED = {"lease_token": None, "lease_until": None}
_proactive = _outbox.c.kind == OutboxKind.PROACTIVE


def _status(status: OutboxStatus) -> ColumnElement[OutboxStatus]:
    return literal(status, _outbox.c.status.type)


_PUT_BACK = {
    # A proactive message passes the gate and is worded again each time it tries to leave.
    "status": case((_proactive, _status(OutboxStatus.PLANNED)), else_=_status(OutboxStatus.QUEUED)),
    "body": case((_proactive, null()), else_=_outbox.c.body),
    "status_reason": None,
    **_UNLEASED,
}
_TOLD = tuple(_outbox.c[name] for name in ("id", "patient_id", "conversation_id", "kind", "purpose", "sent_at"))

# What each single message needs is made once: making a statement costs more than running it.
_LEASED_BY_ME = (
    (_outbox.c.clinic_id == bindparam("of_clinic"))
    & (_outbox.c.status == OutboxStatus.LEASED)
    & (_outbox.c.lease_token == bindparam("of_lease"))
)
_MINE = update(_outbox).where(_LEASED_BY_ME & (_outbox.c.id == bindparam("of_message")))
_RENEW = Hot(_MINE.values(lease_until=bindparam("until", type_=_outbox.c.lease_until.type)))
_WORD = Hot(
    _MINE.values(body=bindparam("sealed"), message_key=bindparam("key"), level=bindparam("level"), status_reason=None)
)
_HAND_OVER = Hot(_MINE.values(status_reason=HANDED_OVER))
_SENT = Hot(
    _MINE.values(
        status=OutboxStatus.SENT,
        status_reason=None,
        sent_at=bindparam("now", type_=_outbox.c.sent_at.type),
        external_id=bindparam("external"),
        **_UNLEASED,
    ).returning(*_TOLD)
)

_HEARD_FROM_US = Hot(
    update(_talks)
    .where(_talks.c.clinic_id == bindparam("of_clinic"), _talks.c.id == bindparam("of_id"))
    .values(last_bot_at=bindparam("at", type_=_talks.c.last_bot_at.type))
)
_CONTACTED = Hot(
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_id"))
    .values(last_contacted_at=bindparam("at", type_=_patients.c.last_contacted_at.type))
)


class Deliveries:
    """Marks messages of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def renew(self, outbox_id: OutboxId, lease: Lease) -> bool:
        """Hold a claimed message for longer, with the token it was claimed with; False if it is held no more."""
        return self._one(_RENEW, outbox_id, lease.token, until=lease.until)

    def word(
        self,
        outbox_id: OutboxId,
        lease_token: str,
        body: Mapping[str, Json],
        *,
        patient_id: PatientId,
        message_key: str,
        level: int,
    ) -> bool:
        """Give a claimed message its words; it leaves once it is handed over.

        Args:
            outbox_id: which.
            lease_token: as given to `claim_due`.
            body: JSON data.
            patient_id: whom it goes to.
            message_key: of the text that was chosen.
            level: content level of the text, 0 to 2.

        Returns:
            False if the lease was lost or the message withdrawn: it must not be sent.
        """
        sealed = self._scope.person(patient_id).seal(body_place(outbox_id), body)
        return self._one(_WORD, outbox_id, lease_token, sealed=sealed, key=message_key, level=level)

    def hand_over(self, outbox_id: OutboxId, lease_token: str) -> bool:
        """Begin to send a worded proactive message: from this commit on nobody takes it back.

        Returns:
            False if it was withdrawn, or the lease lost, since it was worded: it must not be sent.
        """
        return self._one(_HAND_OVER, outbox_id, lease_token)

    def mark_sent(self, sent: Mapping[OutboxId, str | None], lease_token: str, now: datetime) -> int:
        """Say that messages left, each with the messenger's id for it, if any; returns how many were still held."""
        if not any(sent.values()):
            return self._left(sent, lease_token, {"status": OutboxStatus.SENT, "status_reason": None, "sent_at": now})
        return self.mark_left(
            [LeftOutbox(id=each, lease_token=lease_token, external_id=name, at=now) for each, name in sent.items()]
        )

    def mark_left(self, left: Collection[LeftOutbox]) -> int:
        """Say that messages left, each under its lease; returns how many were still held."""
        told: list[Named] = []
        for each in left:
            mine = {"of_clinic": self._scope.clinic_id, "of_message": each.id, "of_lease": each.lease_token}
            told += self._scope.rows(_SENT, mine | {"now": each.at, "external": each.external_id})
        self._follow(told)
        return len(told)

    def mark_unknown(self, outbox_ids: Collection[OutboxId], lease_token: str, now: datetime, *, reason: str) -> int:
        """Say that nobody knows whether messages left; they count as sent and are not repeated."""
        values = {"status": OutboxStatus.UNKNOWN, "status_reason": reason, "sent_at": now}
        return self._left(outbox_ids, lease_token, values)

    def mark_failed(self, outbox_ids: Collection[OutboxId], lease_token: str, *, reason: str) -> int:
        """Say that messages surely did not leave and will not be tried again."""
        return self._settle(outbox_ids, lease_token, {"status": OutboxStatus.FAILED, "status_reason": reason})

    def refuse(self, outbox_ids: Collection[OutboxId], lease_token: str, *, reason: str) -> int:
        """Say that messages may not leave: the gate, or the owner of the conversation, says no."""
        return self._settle(outbox_ids, lease_token, {"status": OutboxStatus.REFUSED, "status_reason": reason})

    def retry(
        self, outbox_ids: Collection[OutboxId], lease_token: str, *, not_before: datetime, reason: str | None = None
    ) -> int:
        """Put back messages that surely did not leave, to be claimed again from `not_before` (UTC) on."""
        values = _PUT_BACK | {"not_before": not_before, "status_reason": reason}
        return self._settle(outbox_ids, lease_token, values)

    def put_off(
        self, outbox_ids: Collection[OutboxId], lease_token: str, *, not_before: datetime, reason: str | None = None
    ) -> int:
        """Put back messages that were not tried, or that the messenger asked to hold back: as `retry`, uncounted."""
        values = _PUT_BACK | {"not_before": not_before, "status_reason": reason, "attempts": _outbox.c.attempts - 1}
        return self._settle(outbox_ids, lease_token, values)

    def hold_back(self, conversation_id: ConversationId, until: datetime) -> None:
        """Let nothing that waits in a conversation be due before `until` (UTC), so that nothing overtakes what is."""
        behind = (
            (_outbox.c.clinic_id == self._scope.clinic_id)
            & (_outbox.c.conversation_id == conversation_id)
            & DUE
            & (_outbox.c.not_before < until)
        )
        self._scope.execute(update(_outbox).where(behind).values(not_before=until))

    def recover_expired_leases(self, now: datetime, *, repeatable: Collection[Channel] = ()) -> Recovered:
        """Find messages whose sender vanished.

        Args:
            now: aware UTC.
            repeatable: channels on which sending the same message again shows it once.

        Returns:
            how many are claimable again, since they surely did not leave or may be repeated; and those that may have
            left, now unknown.
        """
        lost = (_outbox.c.clinic_id == self._scope.clinic_id) & UNDER_WAY & (_outbox.c.lease_until <= now)
        by_the_house = _proactive & _outbox.c.channel.not_in(BY_PEOPLE)
        not_begun = by_the_house & _outbox.c.status_reason.is_distinct_from(HANDED_OVER)
        harmless = or_(_outbox.c.body.is_(None), not_begun, _outbox.c.channel.in_(repeatable))
        put_back = self._scope.execute(
            update(_outbox).where(lost, harmless).values(_PUT_BACK).returning(_outbox.c.id)
        ).all()
        values = {"status": OutboxStatus.UNKNOWN, "status_reason": LEASE_LOST, "sent_at": now}
        rows = self._change(lost, values | _UNLEASED)
        self._follow(rows)
        unknown = tuple(
            LostOutbox(id=row["id"], patient_id=row["patient_id"], conversation_id=row["conversation_id"])
            for row in rows
        )
        return Recovered(put_back=len(put_back), unknown=unknown)

    def _one(self, change: Hot, outbox_id: OutboxId, lease_token: str, **values: object) -> bool:
        """Change a message that is held with this token; False if it is held no more."""
        mine = {"of_clinic": self._scope.clinic_id, "of_message": outbox_id, "of_lease": lease_token}
        return self._scope.change(change, {**mine, **values}) > 0

    def _held(self, outbox_ids: Collection[OutboxId], lease_token: str) -> ColumnElement[bool]:
        return (
            (_outbox.c.clinic_id == self._scope.clinic_id)
            & _outbox.c.id.in_(outbox_ids)
            & (_outbox.c.status == OutboxStatus.LEASED)
            & (_outbox.c.lease_token == lease_token)
        )

    def _settle(self, outbox_ids: Collection[OutboxId], lease_token: str, values: Mapping[str, object]) -> int:
        return len(self._change(self._held(outbox_ids, lease_token), {**_UNLEASED, **values}))

    def _left(self, outbox_ids: Collection[OutboxId], lease_token: str, values: Mapping[str, object]) -> int:
        rows = self._change(self._held(outbox_ids, lease_token), {**_UNLEASED, **values})
        self._follow(rows)
        return len(rows)

    def _change(self, which: ColumnElement[bool], values: Mapping[str, object]) -> Sequence[Named]:
        return self._scope.execute(update(_outbox).where(which).values(values).returning(*_TOLD)).mappings().all()

    def _follow(self, rows: Iterable[Named]) -> None:
        """Keep conversations and patients in step with what left."""
        talks: dict[int, datetime] = {}
        people: dict[int, datetime] = {}
        for row in rows:
            talk, patient, at = row["conversation_id"], row["patient_id"], row["sent_at"]
            if talk and row["kind"] is not OutboxKind.STAFF:
                talks[talk] = max(at, talks.get(talk, at))
            if row["kind"] is OutboxKind.PROACTIVE and row["purpose"] in PROGRAMME:
                people[patient] = max(at, people.get(patient, at))
        mine = {"of_clinic": self._scope.clinic_id}
        for change, moments in ((_HEARD_FROM_US, talks), (_CONTACTED, people)):
            if moments:
                self._scope.execute(change, [mine | {"of_id": one, "at": at} for one, at in sorted(moments.items())])
