"""The patient's side and the rehearsal's controls of the small clinic in memory."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.services.desk_ports import ChatSession
from bot.services.views import ChatView, PhoneView
from flows.vocabulary import Language, Role, TicketReason, Urgency
from tests.web.world import CLINIC, PHONE, ZONE, Chat, World

DANGER = "swollen"
LONGEST_TEXT = 4096


class MemoryPatients:
    """Behaves as `PatientPage` promises."""

    def __init__(self, world: World) -> None:
        """Serve a world."""
        self._world = world

    async def peek_link(self, token: str) -> Language | None:
        """Tell the language of an unused link."""
        chat = self._world.chats.get(self._world.links.get(token, 0))
        return chat.language if chat else None

    async def redeem_link(self, token: str) -> tuple[str, ChatSession] | None:
        """Use a link once."""
        chat = self._world.chats.get(self._world.links.pop(token, 0))
        if chat is None:
            return None
        secret = secrets.token_urlsafe(16)
        self._world.sessions[secret] = chat.id
        return secret, ChatSession(conversation_id=chat.id, language=chat.language)

    async def session(self, secret: str) -> ChatSession | None:
        """Find an open page."""
        chat = self._world.chats.get(self._world.sessions.get(secret, 0))
        return ChatSession(conversation_id=chat.id, language=chat.language) if chat else None

    async def chat(self, session: ChatSession) -> ChatView:
        """Show the conversation."""
        chat = self._world.chats[session.conversation_id]
        return ChatView(
            conversation_id=chat.id,
            clinic_name=CLINIC,
            clinic_phone=PHONE,
            language=chat.language,
            zone=ZONE,
            lines=tuple(chat.lines),
            buttons=() if chat.holder else chat.buttons,
            staff_speaks=chat.holder is not None,
        )

    async def write(self, session: ChatSession, update_id: str, text: str) -> None:
        """Take a text once and answer it."""
        chat = self._world.chats[session.conversation_id]
        if not self._is_new(chat, update_id):
            return
        self._world.patient_says(chat, text[:LONGEST_TEXT])
        if DANGER in text:
            self._world.ticket(chat, TicketReason.EMERGENCY, Urgency.NOW)
        elif chat.holder is None:
            written = f"You wrote {min(len(text), LONGEST_TEXT)} characters."
            self._world.bot_says(chat, written, "Look for a time", "A person, please")

    async def press(self, session: ChatSession, update_id: str, payload: str) -> None:
        """Take a press once and answer it."""
        chat = self._world.chats[session.conversation_id]
        labels = {button.payload: button.label for button in chat.buttons}
        if not payload.startswith("1:"):
            raise ValueError(payload)
        if self._is_new(chat, update_id) and payload in labels:
            self._world.patient_says(chat, labels[payload])
            self._world.bot_says(chat, f"You chose: {labels[payload]}.", "Other times", "Not now", "A person, please")

    async def file(self, session: ChatSession, line_id: int) -> tuple[str, bytes] | None:
        """Load a file."""
        chat = self._world.chats[session.conversation_id]
        name = next((line.file_name for line in chat.lines if line.id == line_id), None)
        return (name, chat.file) if name else None

    @staticmethod
    def _is_new(chat: Chat, update_id: str) -> bool:
        new = update_id not in chat.updates
        chat.updates.add(update_id)
        return new


class MemoryStage:
    """Behaves as `RehearsalPage` promises."""

    def __init__(self, world: World) -> None:
        """Serve a world; everybody in it has a phone."""
        self._world = world

    async def phones(self) -> tuple[PhoneView, ...]:
        """List the phones, each with a fresh link."""
        views = []
        for chat in self._world.chats.values():
            token = secrets.token_urlsafe(12)
            self._world.links[token] = chat.id
            hint = "Last seen two years ago"
            views.append(PhoneView(name=chat.name, language=chat.language, page=f"/p/{token}", hint=hint))
        return tuple(views)

    def now(self) -> datetime:
        """Tell the time."""
        return self._world.clock.now()

    async def move(self, by: str) -> datetime:
        """Move the clock and let what is due happen."""
        clock, due = self._world.clock, sorted(self._world.due, key=lambda item: item[0])
        steps = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
        clock.at = clock.at + steps[by] if by in steps else max([clock.at, *(at for at, _, _ in due[:1])])
        for at, chat, text in due:
            if at <= clock.at:
                self._world.bot_says(chat, text, "Yes", "No, thank you")
        self._world.due = [item for item in due if item[0] > clock.at]
        return clock.at

    async def desk_session(self) -> str:
        """Sign in to the desk."""
        member = self._world.staff_links[self._world.colleague("Robin Example", Role.MANAGER)]
        secret = secrets.token_urlsafe(16)
        self._world.staff_sessions[secret] = member
        return secret


class MemoryHealth:
    """Behaves as `Health` promises."""

    def __init__(self) -> None:
        """Be well."""
        self.status = "ok"

    async def health(self) -> Mapping[str, object]:
        """Tell the state that was set."""
        return {"status": self.status}
