"""Files of talks, for whoever shows them to staff.

Invariant: a file is found only by the talk it was sent in.
"""

from bot.services.views import StaffMember
from flows.ids import AttachmentId, ClinicId
from storage.database import Database
from storage.errors import KeyErasedError, NotFoundError
from storage.records.attachments import Attachment
from storage.unit_of_work import UnitOfWork


class Attachments:
    """What desks call about files."""

    def __init__(self, *, database: Database, clinic_id: ClinicId) -> None:
        """Take where they are kept."""
        self._database = database
        self._clinic_id = clinic_id

    async def file(self, staff: StaffMember, conversation_id: int, attachment_id: int) -> Attachment | None:
        """Load a file of a talk; None if there is none (any more)."""
        del staff

        def work(uow: UnitOfWork) -> Attachment | None:
            try:
                found = uow.attachments.get(AttachmentId(attachment_id))
            except (NotFoundError, KeyErasedError):
                return None
            return found if found.conversation_id == conversation_id else None

        return await self._database.read(self._clinic_id, work)
