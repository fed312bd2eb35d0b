"""What the patient's page and the desk call: the services' side of the web, as protocols."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.services.release_views import BatchRow, BatchView, Released
from bot.services.views import ChatView, ConversationRow, ConversationView, PhoneView, StaffMember
from flows.meaning import Intent
from flows.slots import Slot
from flows.vocabulary import Language


class NotAllowedError(Exception):
    """The caller may not do this: no session, wrong role, or somebody else holds the chat."""


class ConflictError(Exception):
    """Somebody was faster; look again. `args[0]` is a key of the desk's texts: `desk.conflict.*`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatSession:
    """A patient's open page."""

    conversation_id: int
    language: Language


class PatientPage(Protocol):
    """The patient's side."""

    async def peek_link(self, token: str) -> Language | None:
        """Tell the language of a valid, unused personal link without using it; None if there is none."""
        ...

    async def redeem_link(self, token: str) -> tuple[str, ChatSession] | None:
        """Use a personal link once; returns the secret of the new session (for a cookie), or None."""
        ...

    async def session(self, secret: str) -> ChatSession | None:
        """Find the open page a cookie belongs to."""
        ...

    async def chat(self, session: ChatSession) -> ChatView:
        """Show the conversation."""
        ...

    async def write(self, session: ChatSession, update_id: str, text: str) -> None:
        """Take what the patient wrote (at most 4,096 characters count). The same update_id has its effect once."""
        ...

    async def press(self, session: ChatSession, update_id: str, payload: str) -> None:
        """Take a press; raises ValueError for a payload recare did not make."""
        ...

    async def file(self, session: ChatSession, line_id: int) -> tuple[str, bytes] | None:
        """Load the file of a line: name and content."""
        ...


class DeskPage(Protocol):
    """The staff's side. Every action is written to the audit."""

    async def redeem_staff_link(self, token: str) -> str | None:
        """Use a one-time sign-in link; returns the session's secret."""
        ...

    async def staff(self, secret: str) -> StaffMember | None:
        """Find who is signed in."""
        ...

    async def sign_out(self, secret: str) -> None:
        """End the session."""
        ...

    async def conversations(self, staff: StaffMember) -> tuple[ConversationRow, ...]:
        """List conversations, most urgent first."""
        ...

    async def to_release(self, staff: StaffMember) -> int | None:
        """Count the messages that wait to be released; None: this member of staff may not release any."""
        ...

    async def conversation(self, staff: StaffMember, conversation_id: int) -> ConversationView | None:
        """Open a conversation (and mark it read)."""
        ...

    async def take(self, staff: StaffMember, conversation_id: int) -> None:
        """Take the chat over: from here on the bot is silent. Raises ConflictError if a colleague holds it."""
        ...

    async def answer(self, staff: StaffMember, conversation_id: int, update_id: str, text: str) -> None:
        """Write to the patient; takes the chat if nobody holds it. Raises ConflictError."""
        ...

    async def note(self, staff: StaffMember, conversation_id: int, text: str) -> None:
        """Keep a note that the patient never sees."""
        ...

    async def free_times(self, staff: StaffMember, conversation_id: int) -> tuple[Slot, ...]:
        """Find some free times for this patient."""
        ...

    async def book(self, staff: StaffMember, conversation_id: int, slot: Slot) -> None:
        """Book (or move) the visit and tell the patient. Raises ConflictError if the time is taken."""
        ...

    async def mark_visited(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient came."""
        ...

    async def mark_missed(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient did not come. Raises ConflictError."""
        ...

    async def acknowledge(self, staff: StaffMember, conversation_id: int) -> None:
        """Say that the alert was seen."""
        ...

    async def clear_freeze(self, staff: StaffMember, conversation_id: int) -> None:
        """Let the programme go on after an emergency or complaint. Dentist or manager only: raises NotAllowedError."""
        ...

    async def hand_back(self, staff: StaffMember, conversation_id: int) -> None:
        """Give the chat back to the bot and close its tickets. Raises ConflictError if a colleague holds it.

        What froze the programme stays open until the freeze is cleared.
        """
        ...

    async def correct(self, staff: StaffMember, conversation_id: int, line_id: int, meant: Intent) -> None:
        """Say what a patient's line meant, for review; nothing changes in the talk. Raises ConflictError."""
        ...


class ReleasePage(Protocol):
    """Batches that a person releases. Dentist or manager only: each raises NotAllowedError for others."""

    async def batches(self, staff: StaffMember) -> tuple[BatchRow, ...]:
        """List what waits, the soonest first."""
        ...

    async def batch(self, staff: StaffMember, name: str) -> BatchView | None:
        """Open a batch; None if nothing of it waits any more."""
        ...

    async def release(
        self, staff: StaffMember, name: str, *, shown: Collection[int], ticked: Collection[int]
    ) -> Released:
        """Release what was ticked, take back what was shown and not ticked. Written to the audit."""
        ...


class RehearsalPage(Protocol):
    """The controls of the rehearsal; only there in `recare demo`."""

    async def phones(self) -> tuple[PhoneView, ...]:
        """List the synthetic patients; `page` is a fresh personal link, to be opened in a frame."""
        ...

    def now(self) -> datetime:
        """Tell the rehearsal's time (UTC)."""
        ...

    async def move(self, by: str) -> datetime:
        """Move the clock by "hour", "day" or to the "next" thing due, let what is due happen, and tell the new time."""
        ...

    async def desk_session(self) -> str:
        """Sign in to the desk by itself (loopback only); returns the session's secret."""
        ...


class Health(Protocol):
    """What `/health` answers."""

    async def health(self) -> Mapping[str, object]:
        """Tell whether recare is ready, as JSON data; the key `status` is "ok" or "failing"."""
        ...
