"""From stored records to what the desk shows: the list's rows, tickets, the patient's card."""

from collections.abc import Mapping
from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.people import permitted_of
from bot.services.views import ConversationRow, PatientCard, RightView, TicketView, VisitView
from flows.ids import StaffId
from flows.outreach.rights import rights
from flows.vocabulary import Language, Owner, Purpose
from storage.records.people import Patient
from storage.records.talks import ConversationSnapshot, DeskLine
from storage.records.tickets import Ticket
from storage.unit_of_work import UnitOfWork

Names = Mapping[StaffId, str]


def name_of(patient: Patient) -> str:
    """The patient's name as staff know it."""
    profile = patient.profile
    return " ".join(part for part in (profile.given_name, profile.patronymic, profile.family_name) if part)


def conversation_row(line: DeskLine, names: Names, reader: StaffId, now: datetime) -> ConversationRow:
    """A line of the list, as `reader` sees it."""
    spoken = [at for at in (line.last_patient_at, line.last_bot_at) if at is not None]
    return ConversationRow(
        conversation_id=line.id,
        patient_name=name_of(line.patient) or line.patient.profile.number,
        last_line=line.last_text or "",
        last_at=max(spoken, default=None),
        urgency=line.urgency,
        overdue=line.due_at is not None and line.due_at <= now,
        alarm=line.alarm,
        held_by_me=line.owner is Owner.STAFF and line.staff_id == reader,
        holder=names.get(line.staff_id) if line.staff_id else None,
        staff_speaks=line.owner is Owner.STAFF,
        unread=line.unread,
        channel=line.channel,
    )


def ticket_view(ticket: Ticket, names: Names, now: datetime) -> TicketView:
    """A ticket under way."""
    return TicketView(
        id=ticket.id,
        reason=ticket.reason,
        urgency=ticket.urgency,
        opened_at=ticket.opened_at,
        due_at=ticket.due_at,
        overdue=ticket.due_at <= now,
        acknowledged=ticket.acknowledged_at is not None,
        holder=names.get(ticket.holder_id) if ticket.holder_id else None,
    )


def card_of(uow: UnitOfWork, snapshot: ConversationSnapshot, clinic: Clinic, now: datetime) -> PatientCard:
    """The patient's card: who it is, what was said, what may be written about."""
    patient, profile = snapshot.patient, snapshot.patient.profile
    language: Language = clinic.language_of(patient.language)
    return PatientCard(
        patient_id=patient.id,
        number=profile.number,
        name=name_of(patient) or profile.number,
        born_on=profile.birth_date,
        language=language,
        mobile=profile.mobile,
        email=profile.email,
        last_visit_on=patient.last_visit_on,
        recall_months=patient.recall_months,
        concern=profile.concern,
        staying_away=patient.staying_away,
        status=patient.status,
        dentist=clinic.provider_names.get(patient.provider_id) if patient.provider_id else None,
        rights=_rights(uow, patient, now),
        paused_until=patient.paused_until if patient.paused_until and patient.paused_until > now else None,
        frozen=patient.frozen,
        visit=_visit(uow, snapshot, now),
        preferred_channel=patient.preferred_channel,
        rhythm_months=patient.rhythm_months,
    )


def _rights(uow: UnitOfWork, patient: Patient, now: datetime) -> tuple[RightView, ...]:
    events = uow.ledger.events(patient.id)
    allowed = rights(events, now)
    notices = {event.id: event.notice for event in events}
    permitted = permitted_of(patient)
    views = []
    for purpose in (Purpose.RECALL, Purpose.POSTVISIT, Purpose.OFFER):
        said = [
            *(right.at for right in allowed.given if right.purpose is purpose),
            *(end.at for end in allowed.ended if end.purpose is purpose),
        ]
        since = max(said, default=None)
        right_id = allowed.permitted(purpose, now)
        notice = "" if right_id is None else notices[right_id]
        views.append(RightView(purpose=purpose.value, permitted=purpose in permitted, since=since, notice=notice))
    return tuple(views)


def _visit(uow: UnitOfWork, snapshot: ConversationSnapshot, now: datetime) -> VisitView | None:
    open_visits = uow.calendar.open_of(snapshot.patient.id)
    if not open_visits:
        return None
    stored = open_visits[0]
    return VisitView(
        appointment_id=stored.visit.appointment_id,
        slot=stored.visit.slot,
        provider_name=stored.visit.provider_name,
        confirmed=stored.confirmed_at is not None,
        begun=stored.visit.slot.starts_at <= now,
    )
