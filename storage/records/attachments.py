"""A file of a talk as code sees it: what is to be kept, and what was kept, opened."""

from dataclasses import dataclass, field
from datetime import datetime

from flows.ids import AttachmentId, ConversationId, StaffId
from flows.vocabulary import AttachmentKind


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAttachment:
    """A file that is to be kept. name: as its sender calls it, "" if they do not; media_type: as the messenger says."""

    kind: AttachmentKind
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that was kept. size: bytes. at: when it came (UTC). staff_id: whose of the staff; None: a patient's."""

    id: AttachmentId
    conversation_id: ConversationId
    staff_id: StaffId | None
    kind: AttachmentKind
    name: str
    media_type: str
    size: int
    at: datetime
    content: bytes = field(repr=False)
