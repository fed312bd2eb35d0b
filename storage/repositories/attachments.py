"""Attachments: files of a talk, sealed with the patient's key.

Without the key nothing of them can be read; when the person is erased their rows go as well.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select

from flows.ids import AttachmentId, ConversationId, PatientId, StaffId
from storage.errors import NotFoundError
from storage.models import Attachment as AttachmentRow
from storage.models import Conversation, table_of
from storage.records.attachments import Attachment, NewAttachment
from storage.scope import Scope
from storage.sealing import Place

_attachments = table_of(AttachmentRow)
_talks = table_of(Conversation)
_KEEP = insert(_attachments)
_BY_ID = select(_attachments).where(
    _attachments.c.clinic_id == bindparam("clinic_id"), _attachments.c.id == bindparam("attachment_id")
)
_SINCE = select(func.count()).where(
    _attachments.c.clinic_id == bindparam("clinic_id"),
    _attachments.c.conversation_id.in_(bindparam("conversations", expanding=True)),
    _attachments.c.at > bindparam("since", type_=_attachments.c.at.type),
    _attachments.c.staff_id.is_(None),
)


class AttachmentRepository:
    """Attachments of one clinic. What opens or seals one raises KeyErasedError for an erased person."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(
        self, conversation_id: ConversationId, new: NewAttachment, *, now: datetime, staff_id: StaffId | None = None
    ) -> AttachmentId:
        """Keep a file of a talk (now: aware UTC). staff_id: who of the staff sent it; None: the patient."""
        attachment_id = AttachmentId(self._scope.ids.next())
        person = self._scope.person(self._scope.whose(conversation_id))
        about = {"name": new.name, "media_type": new.media_type}
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": attachment_id,
            "conversation_id": conversation_id,
            "staff_id": staff_id,
            "kind": new.kind,
            "size": len(new.content),
            "at": now,
            "about": person.seal(_place("about", attachment_id), about),
            "content": person.seal_bytes(_place("content", attachment_id), new.content),
        }
        self._scope.execute(_KEEP, row)
        return attachment_id

    def get(self, attachment_id: AttachmentId) -> Attachment:
        """Return a file, opened. Raises NotFoundError."""
        parameters = {"clinic_id": self._scope.clinic_id, "attachment_id": attachment_id}
        row = self._scope.execute(_BY_ID, parameters).mappings().first()
        if row is None:
            raise NotFoundError(f"no attachment {attachment_id} in this clinic")
        person = self._scope.person(self._scope.whose(row["conversation_id"]))
        about = person.open(_place("about", attachment_id), row["about"])
        known = about if isinstance(about, dict) else {}
        return Attachment(
            id=row["id"],
            conversation_id=row["conversation_id"],
            staff_id=row["staff_id"],
            kind=row["kind"],
            name=str(known.get("name", "")),
            media_type=str(known.get("media_type", "")),
            size=row["size"],
            at=row["at"],
            content=person.open_bytes(_place("content", attachment_id), row["content"]),
        )

    def count_since(self, conversations: Collection[ConversationId], since: datetime) -> int:
        """Count what patients sent in these talks after an instant (UTC)."""
        parameters = {"clinic_id": self._scope.clinic_id, "conversations": list(conversations), "since": since}
        return int(self._scope.execute(_SINCE, parameters).scalar_one())

    def remove_all(self, patient_id: PatientId) -> int:
        """Remove every file of a person who is erased: sealed bytes nobody can open fill the disk for nothing."""
        theirs = select(_talks.c.id).where(
            _talks.c.clinic_id == self._scope.clinic_id, _talks.c.patient_id == patient_id
        )
        gone = (
            delete(_attachments)
            .where(_attachments.c.clinic_id == self._scope.clinic_id, _attachments.c.conversation_id.in_(theirs))
            .returning(_attachments.c.id)
        )
        return len(self._scope.execute(gone).all())


def _place(column: str, attachment_id: AttachmentId) -> Place:
    return Place("attachment", column, attachment_id)
