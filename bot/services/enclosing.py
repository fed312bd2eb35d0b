"""What a member of staff sends beside words: a file, or the wish that an earlier message reads otherwise.

Invariant: a file is sealed with the patient's key in the transaction of the message it leaves with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.services.ports import OutgoingFile
from bot.services.situation import Situation
from flows.ids import AttachmentId, OutboxId, StaffId
from storage.errors import KeyErasedError, NotFoundError
from storage.records.attachments import NewAttachment
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosed:
    """Beside words. edits: the channel's id of the earlier message. left: told the message's id, before the commit."""

    file: NewAttachment | None = None
    edits: str | None = None
    left: Callable[[UnitOfWork, OutboxId], None] | None = None

    def keep(self, here: Situation, staff_id: StaffId, can_edit: bool) -> Mapping[str, Json]:  # noqa: FBT001 - as the channel declares it
        """Keep the file; what the message's body says of it. A channel that cannot edit shows a message of its own."""
        body: dict[str, Json] = {}
        if self.file is not None:
            kept = here.uow.attachments.add(here.conversation_id, self.file, now=here.now, staff_id=staff_id)
            body |= {"attachment": str(kept), "kind": self.file.kind.value, "file_name": self.file.name}
        if self.edits is not None and can_edit:
            body["edits"] = self.edits
        return body


NOTHING_ENCLOSED = Enclosed()


def enclosed_file(uow: UnitOfWork, body: Mapping[str, Json]) -> OutgoingFile | None:
    """Load the file a message leaves with; None if it has none. Raises NotFoundError: it is no more."""
    if "attachment" not in body:
        return None
    try:
        kept = uow.attachments.get(AttachmentId(int(str(body["attachment"]))))
    except KeyErasedError as erased:
        raise NotFoundError("the person was erased") from erased
    return OutgoingFile(name=kept.name or kept.kind.value, media_type=kept.media_type, content=kept.content)
