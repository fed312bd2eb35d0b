"""Lets staff say who somebody unknown is: whom they may be, by what they wrote; yes, this patient; or nobody of ours.

Invariant: only a member of staff joins an account to a patient by a name; it is written to the audit.
"""

from collections.abc import Callable

from bot.services.admitting import Visitor
from bot.services.birth_days import days_in
from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.desk_ports import ConflictError
from bot.services.identity_views import CandidateView, IdentityView
from bot.services.likeness import Claim, likeness
from bot.services.ports import Clock
from bot.services.recognising import BY_STAFF, Recognising
from bot.services.telling import Teller, Told
from bot.services.tickets import ABOUT_A_STRANGER
from bot.services.turn import Turns
from bot.services.views import StaffMember
from flows.dialogs.person_in_text import tells_name
from flows.engine.events import PersonNotFound
from flows.ids import ConversationId, PatientId, StaffId
from flows.vocabulary import PatientStatus
from storage.database import Database
from storage.errors import KeyErasedError, NotFoundError
from storage.records.people import Patient
from storage.records.talks import ConversationSnapshot, Speaker
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import StaffDid, TicketStatus

LOOKED_BACK = 50
MOST_CANDIDATES = 8
MOST_BORN = 5000
"""So many people born in one month are compared by name; a clinic of a million patients has a third of it."""

ALIKE = 0.55
"""Names less alike than this are not shown: staff would have to read a page of strangers."""

_Who = Callable[[UnitOfWork], Patient | None]


class Identifying:
    """What desks call about people who are not known yet."""

    def __init__(
        self,
        *,
        database: Database,
        clinic: Clinic,
        clock: Clock,
        recognising: Recognising,
        teller: Teller,
        turns: Turns,
    ) -> None:
        """Take who leads accounts to patients."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._recognising = recognising
        self._teller = teller
        self._turns = turns

    async def candidates(self, staff: StaffMember, conversation_id: int) -> IdentityView | None:
        """Whom the person of a talk may be, the likeliest first; None if there is no such talk, or they are known."""
        del staff
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> IdentityView | None:
            try:
                snapshot = uow.conversations.snapshot(found, now=self._clock.now())
            except (NotFoundError, KeyErasedError):
                return None
            if snapshot.patient.status is not PatientStatus.UNKNOWN:
                return None
            claim = _claim(uow, found)
            return IdentityView(
                conversation_id=conversation_id,
                name=snapshot.patient.profile.number,
                words="" if claim is None else claim.words,
                candidates=() if claim is None else _alike(uow, claim),
            )

        return await self._database.read(self._clinic.id, work)

    async def confirm(self, staff: StaffMember, conversation_id: int, patient_id: int) -> int:
        """Say that the person of a talk is this patient; returns the patient's own talk, where the account goes on.

        Raises ConflictError: they are known by now, or there is no such patient.
        """
        return await self._decide(staff, conversation_id, lambda uow: _patient(uow, PatientId(patient_id)))

    async def confirm_number(self, staff: StaffMember, conversation_id: int, number: str) -> int:
        """Do what `confirm` does, with the clinic's own number of the patient. Raises ConflictError."""
        return await self._decide(staff, conversation_id, lambda uow: uow.patients.by_number(number.strip()))

    async def reject(self, staff: StaffMember, conversation_id: int) -> None:
        """Say that the person of a talk is no patient that staff can find. Raises ConflictError: they are known."""
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> Told:
            now = self._clock.now()
            self._unknown(uow, found)
            for ticket in uow.tickets.of_conversation(found):
                if ticket.reason in ABOUT_A_STRANGER and ticket.status is not TicketStatus.CLOSED:
                    uow.tickets.close(ticket.id, now=now)
            told = self._teller.tell(uow, found, PersonNotFound(), now=now, source=f"desk:{staff.staff_id}")
            whose = uow.conversations.lock(found).patient_id
            uow.staff.did(StaffId(staff.staff_id), StaffDid.REJECTED_IDENTITY, patient_id=whose, now=now)
            uow.commit()
            return told

        await self._turns.deliver(await self._database.write(self._clinic.id, work))

    async def _decide(self, staff: StaffMember, conversation_id: int, who: _Who) -> int:
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> tuple[Told, ...]:
            snapshot = self._unknown(uow, found)
            patient = who(uow)
            if patient is None or patient.status is PatientStatus.UNKNOWN:
                raise ConflictError("desk.conflict.no_such_patient")
            told = self._recognising.lead(
                uow,
                Visitor(channel=snapshot.channel, account=snapshot.address),
                (patient.id,),
                how=BY_STAFF,
                source=f"desk:{staff.staff_id}",
            )
            staff_id, now = StaffId(staff.staff_id), self._clock.now()
            uow.staff.did(staff_id, StaffDid.IDENTIFIED_PERSON, patient_id=patient.id, now=now)
            uow.commit()
            return told

        told = await self._database.write(self._clinic.id, work)
        for each in told:
            await self._turns.deliver(each)
        return told[0].conversation_id

    def _unknown(self, uow: UnitOfWork, conversation_id: ConversationId) -> ConversationSnapshot:
        """The talk, locked, of somebody who is still unknown. Raises ConflictError."""
        try:
            uow.conversations.lock(conversation_id)
            snapshot = uow.conversations.snapshot(conversation_id, now=self._clock.now())
        except (NotFoundError, KeyErasedError):
            raise ConflictError("desk.conflict.changed") from None
        account = uow.accounts.of_conversation(conversation_id)
        if snapshot.patient.status is not PatientStatus.UNKNOWN or account is None or account.known:
            raise ConflictError("desk.conflict.changed")
        return snapshot


def _patient(uow: UnitOfWork, patient_id: PatientId) -> Patient | None:
    return uow.patients.get_many([patient_id]).get(patient_id)


def _claim(uow: UnitOfWork, conversation_id: ConversationId) -> Claim | None:
    """The latest words with a date of birth in them; where they hold no name, with what was said right around them."""
    lines = uow.conversations.transcript(conversation_id, limit=LOOKED_BACK)
    said = [str(line.body.get("text", "")) for line in lines if line.speaker is Speaker.PATIENT]
    for place, words in reversed(list(enumerate(said))):
        if born := days_in(words):
            told = words if tells_name(words) else ", ".join(said[max(0, place - 1) : place + 2])
            return Claim(words=told, born=born)
    return None


def _alike(uow: UnitOfWork, claim: Claim) -> tuple[CandidateView, ...]:
    months = {day.replace(day=1) for day in claim.born}
    born = [patient for month in sorted(months) for patient in uow.patients.born_in(month, limit=MOST_BORN)]
    ranked = sorted(((likeness(patient, claim), patient) for patient in born), key=lambda pair: -pair[0])
    return tuple(
        CandidateView(
            patient_id=patient.id,
            number=patient.profile.number,
            name=name_of(patient) or patient.profile.number,
            born_on=patient.profile.birth_date,
            same_day=patient.profile.birth_date in claim.born,
        )
        for alike, patient in ranked[:MOST_CANDIDATES]
        if alike >= ALIKE
    )
