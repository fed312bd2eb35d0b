"""A small clinic in memory, behind the ports of the web: chats, links, sessions, tickets. No storage, no dialogs.

It keeps what the ports promise (a link opens once, an update has its effect once, a chat has one holder) and no more.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from bot.services.live import DESK, Live, chat_topic
from bot.services.reading_views import Understood
from bot.services.views import (
    ButtonView,
    Line,
    LineState,
    NoteView,
    StaffMember,
    TicketView,
    VisitView,
    Voice,
)
from flows.ids import ProviderId, VisitTypeId
from flows.meaning import Intent
from flows.slots import Slot
from flows.vocabulary import Language, Role, TicketReason, Urgency

ZONE = "Europe/Brussels"
CLINIC = "De Linde dental practice"
PHONE = "+32 2 555 01 23"
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        """Tell the time."""
        return self.at


@dataclass(kw_only=True)
class Chat:
    """A conversation as the small clinic keeps it."""

    id: int
    name: str
    language: Language = Language.EN
    lines: list[Line] = field(default_factory=list)
    buttons: tuple[ButtonView, ...] = ()
    holder: str | None = None
    holder_id: int | None = None
    tickets: list[TicketView] = field(default_factory=list)
    notes: list[NoteView] = field(default_factory=list)
    visit: VisitView | None = None
    concern: str | None = None
    unread: bool = False
    frozen: bool = False
    born_on: date | None = None
    updates: set[str] = field(default_factory=set)
    file: bytes = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    @property
    def alarm(self) -> bool:
        """Tell whether an alert waits that nobody has acknowledged."""
        return any(ticket.urgency is Urgency.NOW and not ticket.acknowledged for ticket in self.tickets)

    @property
    def urgency(self) -> Urgency | None:
        """The most pressing of the tickets."""
        order = list(Urgency)
        return min((ticket.urgency for ticket in self.tickets), key=order.index, default=None)


class World:
    """The small clinic."""

    def __init__(self) -> None:
        """Open it on a Monday morning, with nobody in it."""
        self.clock = SetClock()
        self.live = Live()
        self.chats: dict[int, Chat] = {}
        self.links: dict[str, int] = {}
        self.sessions: dict[str, int] = {}
        self.staff_links: dict[str, StaffMember] = {}
        self.staff_sessions: dict[str, StaffMember] = {}
        self.taken: set[Slot] = set()
        self.answers: list[tuple[str, str]] = []
        self.numbers = count(7_000_000_000_000_001)
        self.due: list[tuple[datetime, Chat, str]] = []

    def patient(self, name: str, language: Language = Language.EN) -> Chat:
        """Add a patient with an empty chat and a personal link `link-<id>`."""
        chat = Chat(id=next(self.numbers), name=name, language=language)
        self.chats[chat.id] = chat
        self.links[f"link-{chat.id}"] = chat.id
        return chat

    def colleague(self, name: str, role: Role = Role.RECEPTION) -> str:
        """Add a member of staff; returns their sign-in token."""
        member = StaffMember(staff_id=next(self.numbers), name=name, role=role, language=Language.EN)
        token = f"sign-in-{member.staff_id}"
        self.staff_links[token] = member
        return token

    def bot_says(self, chat: Chat, text: str, *labels: str, file_name: str | None = None) -> Line:
        """Let the bot say something, with buttons named by their labels."""
        line = self._add(chat, Voice.BOT, text, file_name=file_name)
        payloads = (f"1:{number}:{line.id}" for number in count())
        chat.buttons = tuple(
            ButtonView(label=label, payload=payload) for label, payload in zip(labels, payloads, strict=False)
        )
        self.signal(chat)
        return line

    def patient_says(
        self, chat: Chat, text: str, understood: str | None = None, *others: str, sure: bool = True
    ) -> None:
        """Let the patient say something, understood as one thing or others."""
        likely = tuple(Intent(each) for each in others)
        meaning = Understood(intent=Intent(understood), sure=sure, others=likely) if understood else None
        self._add(chat, Voice.PATIENT, text, understood=meaning)
        chat.buttons = ()
        chat.unread = True
        self.signal(chat)

    def put_aside(self, chat: Chat, text: str) -> None:
        """Let the patient say something that cannot be handled."""
        self._add(chat, Voice.PATIENT, text, state=LineState.PUT_ASIDE)
        self.ticket(chat, TicketReason.PUT_ASIDE, Urgency.TODAY)

    def staff_says(self, chat: Chat, name: str, text: str) -> None:
        """Let a member of staff say something."""
        self._add(chat, Voice.STAFF, text, speaker=name)
        self.signal(chat)

    def ticket(self, chat: Chat, reason: TicketReason, urgency: Urgency) -> None:
        """Open a ticket, due in ten minutes."""
        now = self.clock.now()
        chat.tickets.append(
            TicketView(
                id=next(self.numbers),
                reason=reason,
                urgency=urgency,
                opened_at=now,
                due_at=now + timedelta(minutes=10),
                overdue=False,
                acknowledged=False,
                holder=None,
            )
        )
        chat.frozen = chat.frozen or urgency is Urgency.NOW
        self.signal(chat)

    def slots(self) -> tuple[Slot, ...]:
        """Free times of the next days."""
        days = (MONDAY + timedelta(days=days) for days in (1, 2, 4))
        starts = [day.replace(hour=hour, minute=30) for day in days for hour in (8, 10, 16)]
        half_an_hour = timedelta(minutes=30)
        slots = (
            Slot(starts_at=at, ends_at=at + half_an_hour, provider_id=ProviderId(11), visit_type_id=VisitTypeId(21))
            for at in starts
        )
        return tuple(slot for slot in slots if slot not in self.taken)

    def signal(self, chat: Chat) -> None:
        """Tell open pages to look."""
        self.live.signal(DESK, chat_topic(chat.id))

    def _add(
        self,
        chat: Chat,
        voice: Voice,
        text: str,
        *,
        speaker: str | None = None,
        file_name: str | None = None,
        understood: Understood | None = None,
        state: LineState = LineState.ARRIVED,
    ) -> Line:
        line = Line(
            id=next(self.numbers),
            at=self.clock.now(),
            voice=voice,
            text=text,
            state=state,
            speaker=speaker,
            file_name=file_name,
            understood=understood,
        )
        chat.lines.append(line)
        return line
