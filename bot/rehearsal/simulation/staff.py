"""The synthetic staff at the desk: they acknowledge, answer, book, clear freezes, mark visits, work on the list."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from bot.app import House
from bot.rehearsal.simulation.callers import Callers
from bot.rehearsal.simulation.replies import phrase
from bot.rehearsal.simulation.temperaments import Said
from bot.services.desk_ports import ConflictError
from bot.services.tickets import UNTIL_CLEARED
from bot.services.views import ConversationRow, ConversationView, StaffMember, TicketView
from flows.ids import PatientId
from flows.vocabulary import Language, Role, TicketReason
from storage.repositories.appointments import StoredAppointment
from storage.unit_of_work import UnitOfWork

CLEARED_AFTER = timedelta(hours=20)
"""A freeze is looked at for so long before a dentist lets the programme go on."""

BOOKED_FOR = frozenset({TicketReason.NO_SLOTS, TicketReason.PERSON_ASKED, TicketReason.FEAR, TicketReason.COMPLAINT})
BOOKS = 0.5
KEEPS_CHAT = 0.3
"""How often a member of staff goes on with a chat until their next round instead of giving it back at once."""


class Staff:
    """Reception and a dentist, who come to the desk some times a day."""

    def __init__(self, house: House, chance: Random) -> None:
        """Take on the staff of a house."""
        self._house = house
        self._chance = chance
        self._kept: list[int] = []
        self._answers = 0
        with house.database.unit_of_work(house.clinic.id) as uow:
            self._reception = _member(uow, "Robin Example", Role.RECEPTION, house.clock.now())
            self._dentist = _member(uow, "Alex Example", Role.DENTIST, house.clock.now())
            uow.commit()
        self._callers = Callers(house, chance, reception=self._reception, dentist=self._dentist)

    async def do_a_round(self, comes: Callable[[PatientId], bool]) -> None:
        """See to what waits at the desk. comes: tells whether a patient came to a visit that is over."""
        desk = self._house.desk
        for conversation_id in self._kept:
            await desk.hand_back(self._reception, conversation_id)
        self._kept.clear()
        for appointment in await self._over():
            await self._mark(appointment, came=comes(appointment.patient_id))
        for row in await desk.conversations(self._reception):
            if row.urgency is None:
                break
            await self._see_to(row)
        await self._callers.work(self._book)

    async def _over(self) -> tuple[StoredAppointment, ...]:
        now = self._house.clock.now()
        return await self._house.database.read(self._house.clinic.id, lambda uow: uow.calendar.over(now))

    async def _mark(self, appointment: StoredAppointment, *, came: bool) -> None:
        house, desk = self._house, self._house.desk
        talks = await house.database.read(
            house.clinic.id, lambda uow: uow.conversations.of_patient(appointment.patient_id)
        )
        mark = desk.mark_visited if came else desk.mark_missed
        await mark(self._reception, talks[0], appointment.visit.appointment_id)

    async def _see_to(self, row: ConversationRow) -> None:
        desk, talk = self._house.desk, row.conversation_id
        view = await desk.conversation(self._reception, talk)
        if view is None:
            return
        if row.alarm:
            await desk.acknowledge(self._dentist, talk)
        frozen = [ticket for ticket in view.tickets if ticket.reason in UNTIL_CLEARED]
        if frozen and not self._is_old(frozen[0]):
            return
        if frozen:
            await desk.clear_freeze(self._dentist, talk)
        await self._answer(view)

    def _is_old(self, ticket: TicketView) -> bool:
        return self._house.clock.now() - ticket.opened_at >= CLEARED_AFTER

    async def _answer(self, view: ConversationView) -> None:
        desk, talk = self._house.desk, view.conversation_id
        self._answers += 1
        words = phrase(Said.STAFF_ANSWER, view.card.language, self._chance)
        await desk.answer(self._reception, talk, f"answer-{self._answers}", words)
        wanted = any(ticket.reason in BOOKED_FOR for ticket in view.tickets)
        if wanted and view.card.visit is None and self._chance.random() < BOOKS:
            await self._book(talk)
        if self._chance.random() < KEEPS_CHAT:
            self._kept.append(talk)
        else:
            await desk.hand_back(self._reception, talk)

    async def _book(self, talk: int) -> None:
        free = await self._house.desk.free_times(self._reception, talk)
        if not free:
            return
        try:
            await self._house.desk.book(self._reception, talk, self._chance.choice(free))
        except ConflictError:
            # Somebody was faster; the patient hears from us all the same.
            return


def _member(uow: UnitOfWork, name: str, role: Role, now: datetime) -> StaffMember:
    return StaffMember(staff_id=uow.staff.add(name, role, now=now), name=name, role=role, language=Language.EN)
