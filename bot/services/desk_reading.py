"""What staff see at the desk: the list, one conversation, free times; and who is signed in."""

from contextlib import suppress
from datetime import datetime

from bot.services.cards import card_of, conversation_row, ticket_view
from bot.services.clinic import Clinic
from bot.services.correcting import with_corrections
from bot.services.lines import line_of, with_put_aside
from bot.services.ports import Clock
from bot.services.releasing import MAY_RELEASE, count_waiting
from bot.services.situation import Situation
from bot.services.staff import StaffService
from bot.services.tickets import WORDS_PUT_ASIDE
from bot.services.updates import put_aside_in
from bot.services.views import ConversationRow, ConversationView, LineState, NoteView, StaffMember
from bot.services.why_card import why_card
from flows.ids import ConversationId, ProviderId, StaffId
from flows.meaning import ANY_TIME, TimeWish
from flows.slots import Slot
from flows.vocabulary import Owner
from storage.database import Database
from storage.errors import KeyErasedError, NotFoundError
from storage.records.talks import ConversationSnapshot
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import StaffDid

FREE_TIMES = 6
MOST_ROWS = 200


class DeskReading:
    """The desk, looked at."""

    def __init__(self, *, clinic: Clinic, clock: Clock, database: Database, staff: StaffService) -> None:
        """Take what is looked at."""
        self._clinic = clinic
        self._clock = clock
        self._database = database
        self._staff = staff

    async def redeem_staff_link(self, token: str) -> str | None:
        """Use a one-time sign-in link; returns the session's secret."""
        return await self._staff.redeem_staff_link(token)

    async def staff(self, secret: str) -> StaffMember | None:
        """Find who is signed in."""
        return await self._staff.staff(secret)

    async def sign_out(self, secret: str) -> None:
        """End the session."""
        await self._staff.sign_out(secret)

    async def conversations(self, staff: StaffMember) -> tuple[ConversationRow, ...]:
        """List conversations, most urgent first."""
        now = self._clock.now()
        reader = StaffId(staff.staff_id)

        def work(uow: UnitOfWork) -> tuple[ConversationRow, ...]:
            names = uow.staff.names()
            lines = uow.conversations.list_for_desk(MOST_ROWS)
            return tuple(conversation_row(line, names, reader, now) for line in lines)

        return await self._database.read(self._clinic.id, work)

    async def to_release(self, staff: StaffMember) -> int | None:
        """Count the messages that wait to be released; None: this member of staff may not release any."""
        if staff.role not in MAY_RELEASE:
            return None
        return await self._database.read(self._clinic.id, lambda uow: count_waiting(uow, self._clinic))

    async def conversation(self, staff: StaffMember, conversation_id: int) -> ConversationView | None:
        """Open a conversation and mark it read; None if there is none."""
        found = ConversationId(conversation_id)

        def mark(uow: UnitOfWork) -> None:
            now = self._clock.now()
            # Looking again at what was read is no new reading, and must not make two open desks wake each other.
            if uow.conversations.mark_read(found, now=now):
                with suppress(KeyErasedError):
                    staff_id, patient_id = StaffId(staff.staff_id), uow.conversations.lock(found).patient_id
                    uow.staff.did(staff_id, StaffDid.READ_CONVERSATION, patient_id=patient_id, now=now)
                    uow.commit()

        def look(uow: UnitOfWork) -> ConversationView | None:
            now = self._clock.now()
            try:
                snapshot = uow.conversations.snapshot(found, now=now)
            except (NotFoundError, KeyErasedError):
                return None
            names = uow.staff.names()
            tickets = uow.tickets.of_conversation(found)
            lines = with_corrections(uow, (line_of(line, names) for line in uow.conversations.transcript(found)))
            broke = any(ticket.reason in WORDS_PUT_ASIDE for ticket in tickets)
            put_aside = put_aside_in(uow, found) if broke else ()
            staffed = snapshot.owner is Owner.STAFF
            return ConversationView(
                conversation_id=conversation_id,
                card=card_of(uow, snapshot, self._clinic, now),
                lines=with_put_aside(lines, put_aside, LineState.PUT_ASIDE),
                tickets=tuple(ticket_view(ticket, names, now) for ticket in tickets if ticket.closed_at is None),
                notes=tuple(
                    NoteView(at=note.at, author=names.get(note.staff_id, ""), text=note.text)
                    for ticket in tickets
                    for note in ticket.notes
                ),
                staff_speaks=staffed,
                held_by_me=staffed and snapshot.staff_id == staff.staff_id,
                holder=names.get(snapshot.staff_id) if snapshot.staff_id else None,
                zone=self._clinic.settings.clinic.zone,
                why=why_card(uow, self._clinic, snapshot.patient, snapshot.channel, now),
            )

        # Marked in a moment; what takes longer keeps nobody from writing.
        await self._database.write(self._clinic.id, mark)
        return await self._database.read(self._clinic.id, look)

    async def free_times(self, staff: StaffMember, conversation_id: int) -> tuple[Slot, ...]:
        """Find some free times for this patient."""
        del staff
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> tuple[Slot, ...]:
            now = self._clock.now()
            snapshot = uow.conversations.snapshot(found, now=now)
            providers = self._clinic.providers_for(snapshot.patient.provider_id)
            return free_for(uow, self._clinic, ANY_TIME, snapshot, providers, now)

        return await self._database.read(self._clinic.id, work)

    def _is_offered(self, slot: Slot, here: Situation, snapshot: ConversationSnapshot) -> bool:
        """Whether a time that came back from a page is one the calendar would offer: nobody books an invented one."""
        if slot.provider_id not in self._clinic.providers:
            return False
        local = slot.starts_at.astimezone(self._clinic.zone)
        then = TimeWish(dates=(local.date(),), earliest=local.time(), latest=local.time())
        return slot in free_for(here.uow, self._clinic, then, snapshot, (slot.provider_id,), here.now)


def free_for(
    uow: UnitOfWork,
    clinic: Clinic,
    wish: TimeWish,
    snapshot: ConversationSnapshot,
    providers: tuple[ProviderId, ...],
    now: datetime,
) -> tuple[Slot, ...]:
    """Free times that staff may give the patient of a conversation, by these providers (now: aware UTC)."""
    return uow.calendar.free_slots(
        wish,
        count=FREE_TIMES,
        visit_type_id=snapshot.visit.slot.visit_type_id if snapshot.visit else clinic.recall_type,
        provider_ids=providers,
        now=now,
        not_held_by=snapshot.id,
        rules=clinic.offer_rules,
    ).slots
