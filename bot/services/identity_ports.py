"""What the desk calls about people who are not known yet, and about the files patients send, as protocols."""

from typing import Protocol

from bot.services.identity_views import IdentityView
from bot.services.views import StaffMember
from storage.records.attachments import Attachment


class IdentityPage(Protocol):
    """Saying who somebody is. Every decision is written to the audit."""

    async def candidates(self, staff: StaffMember, conversation_id: int) -> IdentityView | None:
        """Whom the person of a talk may be, the likeliest first; None if there is no such talk, or they are known."""
        ...

    async def confirm(self, staff: StaffMember, conversation_id: int, patient_id: int) -> int:
        """Say that it is this patient; returns the patient's own talk. Raises ConflictError."""
        ...

    async def confirm_number(self, staff: StaffMember, conversation_id: int, number: str) -> int:
        """Say that it is the patient with this number; returns the patient's own talk. Raises ConflictError."""
        ...

    async def reject(self, staff: StaffMember, conversation_id: int) -> None:
        """Say that it is no patient that staff can find. Raises ConflictError."""
        ...


class FilePage(Protocol):
    """Showing what was sent beside text."""

    async def file(self, staff: StaffMember, conversation_id: int, attachment_id: int) -> Attachment | None:
        """Load a file of a talk; None if there is none (any more)."""
        ...
