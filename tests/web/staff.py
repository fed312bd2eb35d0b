"""The staff's side of the small clinic in memory."""

import secrets
from dataclasses import replace
from datetime import date, datetime

from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.views import (
    ConversationRow,
    ConversationView,
    NoteView,
    PatientCard,
    RightView,
    StaffMember,
    VisitView,
)
from flows.meaning import Intent
from flows.slots import Slot
from flows.vocabulary import Channel, Purpose, Role, StayingAway, TicketReason, Urgency
from tests.web.world import ZONE, Chat, World


class MemoryDesk:
    """Behaves as `DeskPage` promises."""

    def __init__(self, world: World) -> None:
        """Serve a world."""
        self._world = world

    async def redeem_staff_link(self, token: str) -> str | None:
        """Use a sign-in link once."""
        member = self._world.staff_links.pop(token, None)
        if member is None:
            return None
        secret = secrets.token_urlsafe(16)
        self._world.staff_sessions[secret] = member
        return secret

    async def staff(self, secret: str) -> StaffMember | None:
        """Find who is signed in."""
        return self._world.staff_sessions.get(secret)

    async def sign_out(self, secret: str) -> None:
        """End a session."""
        self._world.staff_sessions.pop(secret, None)

    async def conversations(self, staff: StaffMember) -> tuple[ConversationRow, ...]:
        """List conversations, the most urgent first."""
        order: list[Urgency | None] = [*Urgency, None]
        rows = [_row(chat, staff) for chat in self._world.chats.values()]
        return tuple(sorted(rows, key=lambda row: order.index(row.urgency)))

    async def to_release(self, staff: StaffMember) -> int | None:
        """Nothing waits to be released here."""
        return None if staff.role is Role.RECEPTION else 0

    async def conversation(self, staff: StaffMember, conversation_id: int) -> ConversationView | None:
        """Open a conversation."""
        chat = self._world.chats.get(conversation_id)
        if chat is None:
            return None
        chat.unread = False
        return ConversationView(
            conversation_id=chat.id,
            card=_card(chat, self._world.clock.now()),
            lines=tuple(chat.lines),
            tickets=tuple(chat.tickets),
            notes=tuple(chat.notes),
            staff_speaks=chat.holder is not None,
            held_by_me=chat.holder_id == staff.staff_id,
            holder=chat.holder,
            zone=ZONE,
        )

    async def correct(self, staff: StaffMember, conversation_id: int, line_id: int, meant: Intent) -> None:
        """Say what a line meant."""
        del staff
        chat = self._world.chats[conversation_id]
        place = next((place for place, line in enumerate(chat.lines) if line.id == line_id), None)
        if place is None or chat.lines[place].understood is None:
            raise ConflictError("desk.conflict.changed")
        was = chat.lines[place].understood
        assert was is not None
        chat.lines[place] = replace(chat.lines[place], understood=replace(was, meant=meant))
        self._world.signal(chat)

    async def take(self, staff: StaffMember, conversation_id: int) -> None:
        """Take the chat over."""
        chat = self._mine_or_free(staff, conversation_id)
        chat.holder, chat.holder_id = staff.name, staff.staff_id
        self._world.signal(chat)

    async def answer(self, staff: StaffMember, conversation_id: int, update_id: str, text: str) -> None:
        """Write to the patient once."""
        chat = self._mine_or_free(staff, conversation_id)
        self._world.answers.append((update_id, text))
        if update_id in chat.updates:
            return
        chat.updates.add(update_id)
        chat.holder, chat.holder_id = staff.name, staff.staff_id
        self._world.staff_says(chat, staff.name, text)

    async def note(self, staff: StaffMember, conversation_id: int, text: str) -> None:
        """Keep a note."""
        chat = self._world.chats[conversation_id]
        chat.notes.append(NoteView(at=self._world.clock.now(), author=staff.name, text=text))
        self._world.signal(chat)

    async def free_times(self, staff: StaffMember, conversation_id: int) -> tuple[Slot, ...]:
        """List free times."""
        del staff, conversation_id
        return self._world.slots()

    async def book(self, staff: StaffMember, conversation_id: int, slot: Slot) -> None:
        """Book a time that is free."""
        chat = self._world.chats[conversation_id]
        if slot not in self._world.slots():
            raise ConflictError("desk.conflict.time_taken")
        self._world.taken.add(slot)
        number = next(self._world.numbers)
        chat.visit = VisitView(appointment_id=number, slot=slot, provider_name="Dr Vos", confirmed=False)
        self._world.staff_says(chat, staff.name, "Your visit is booked.")

    async def mark_visited(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient came."""
        del staff
        chat = self._world.chats[conversation_id]
        if chat.visit is None or chat.visit.appointment_id != appointment_id:
            raise ConflictError("desk.conflict.visit_gone")
        chat.visit = None
        self._world.signal(chat)

    async def mark_missed(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient did not come."""
        chat = self._world.chats[conversation_id]
        if chat.visit is not None and chat.visit.slot.starts_at > self._world.clock.now():
            raise ConflictError("desk.conflict.not_yet")
        await self.mark_visited(staff, conversation_id, appointment_id)

    async def acknowledge(self, staff: StaffMember, conversation_id: int) -> None:
        """Say that the alert was seen."""
        del staff
        chat = self._world.chats[conversation_id]
        chat.tickets = [replace(ticket, acknowledged=True) for ticket in chat.tickets]
        self._world.signal(chat)

    async def clear_freeze(self, staff: StaffMember, conversation_id: int) -> None:
        """Clear a freeze; not for reception."""
        if staff.role is Role.RECEPTION:
            raise NotAllowedError
        chat = self._world.chats[conversation_id]
        chat.frozen = False
        chat.tickets = [ticket for ticket in chat.tickets if ticket.reason is not TicketReason.EMERGENCY]
        self._world.signal(chat)

    async def hand_back(self, staff: StaffMember, conversation_id: int) -> None:
        """Give the chat back to the bot."""
        chat = self._mine_or_free(staff, conversation_id)
        chat.holder = chat.holder_id = None
        chat.tickets = [
            replace(ticket, urgency=Urgency.WHEN_FREE, holder=None)
            for ticket in chat.tickets
            if chat.frozen and ticket.reason is TicketReason.EMERGENCY
        ]
        self._world.signal(chat)

    def _mine_or_free(self, staff: StaffMember, conversation_id: int) -> Chat:
        chat = self._world.chats[conversation_id]
        if chat.holder is not None and chat.holder_id != staff.staff_id:
            raise ConflictError("desk.conflict.held")
        return chat


def _row(chat: Chat, reader: StaffMember) -> ConversationRow:
    last = chat.lines[-1] if chat.lines else None
    return ConversationRow(
        conversation_id=chat.id,
        patient_name=chat.name,
        last_line=last.text if last else "",
        last_at=last.at if last else None,
        urgency=chat.urgency,
        overdue=any(ticket.overdue for ticket in chat.tickets),
        alarm=chat.alarm,
        held_by_me=chat.holder_id == reader.staff_id,
        holder=chat.holder,
        staff_speaks=chat.holder is not None,
        unread=chat.unread,
        channel=Channel.WEBCHAT,
    )


def _card(chat: Chat, now: datetime) -> PatientCard:
    since = chat.lines[0].at if chat.lines else None
    return PatientCard(
        patient_id=chat.id,
        number="P-1007",
        name=chat.name,
        born_on=chat.born_on,
        language=chat.language,
        mobile="+32 470 55 50 17",
        email="patient@example.org",
        last_visit_on=date(2025, 3, 18),
        recall_months=6,
        concern=chat.concern,
        staying_away=StayingAway.MONEY,
        status="active",
        dentist="Dr Vos",
        rights=tuple(
            RightView(
                purpose=purpose,
                permitted=purpose is not Purpose.OFFER,
                since=since,
                notice="en/recall@1#0123456789ab" if purpose is Purpose.RECALL else "",
            )
            for purpose in Purpose
        ),
        paused_until=None,
        frozen=chat.frozen,
        visit=chat.visit and replace(chat.visit, begun=chat.visit.slot.starts_at <= now),
        preferred_channel=Channel.LETTER,
        rhythm_months=12,
    )
