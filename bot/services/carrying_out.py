"""Carries out what a dialog asks for, inside the transaction of the turn; answers come back as events.

Nothing here waits for a network: what cannot be done in the database is not done in a turn.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.services.asking import notice_shown, ways_of
from bot.services.contacts import read_contact
from bot.services.family import ask_who_this_is, find_family, speak_for, stop_for_all
from bot.services.proof_mail import ask_for_proof
from bot.services.proving import end_proofs
from bot.services.reminding import reminder_at, withdraw_outdated
from bot.services.rights import consent_events, freeze_event, pause_event, stop_events
from bot.services.situation import Situation
from bot.services.tickets import due_at
from flows.engine import requests
from flows.engine.events import (
    ContactChecked,
    ContactRefused,
    ContactStored,
    DaysFound,
    Event,
    LanguageChosen,
    Proof,
    SlotsFound,
    SlotTaken,
    VisitBooked,
    VisitCancelled,
    VisitGone,
    WaysFound,
)
from flows.engine.requests import Request
from flows.ids import AppointmentId, VisitTypeId
from flows.vocabulary import ContactKind, Purpose
from storage.vocabulary import BookedBy


def carry_out(request: Request, here: Situation) -> Event | None:
    """Do what is asked; the answering event, or None where none is due."""
    return DOES[type(request)](request, here)


def _find_slots(request: requests.FindSlots, here: Situation) -> SlotsFound:
    found = here.uow.calendar.free_slots(
        request.wish,
        count=request.count,
        visit_type_id=_visit_type(request.moving, here),
        provider_ids=here.clinic.providers_for(here.treated_by),
        now=here.now,
        after=request.after,
        not_held_by=here.conversation_id,
        rules=here.clinic.offer_rules,
    )
    slots = found.slots
    if request.hold_minutes and slots:
        slots = here.uow.calendar.hold(here.conversation_id, slots, request.hold_minutes, here.now)
    return SlotsFound(slots=slots, exact=found.exact)


def _find_days(request: requests.FindDays, here: Situation) -> DaysFound:
    days = here.uow.calendar.free_days(
        count=request.count,
        visit_type_id=_visit_type(request.moving, here),
        provider_ids=here.clinic.providers_for(here.treated_by),
        now=here.now,
        after=request.after,
        not_held_by=here.conversation_id,
        rules=here.clinic.offer_rules,
    )
    return DaysFound(days=days)


def _book(request: requests.BookSlot, here: Situation) -> VisitBooked | SlotTaken:
    visit = here.uow.calendar.book(
        here.patient_id, here.conversation_id, request.slot, here.now, booked_by=BookedBy.PATIENT, moving=request.moving
    )
    if visit is None:
        return SlotTaken()
    withdraw_outdated(visit, here)
    return VisitBooked(visit=visit, reminder_at=reminder_at(visit, here))


def _cancel(request: requests.CancelVisit, here: Situation) -> VisitCancelled | VisitGone:
    visit = here.uow.calendar.cancel(request.appointment_id, here.now)
    if visit is None:
        return VisitGone()
    here.uow.outbox.withdraw_reminders(here.patient_id, request.appointment_id, reason="cancelled")
    return VisitCancelled(visit=visit)


def _check_contact(request: requests.CheckContact, here: Situation) -> ContactChecked | ContactRefused:
    read = read_contact(request.kind, request.raw, country=here.clinic.settings.clinic.country)
    if read is None:
        return ContactRefused(kind=request.kind)
    return ContactChecked(kind=request.kind, value=read.value, shown=read.shown)


def _change_contact(request: requests.ChangeContact, here: Situation) -> ContactStored:
    here.uow.patients.change_contact(here.patient_id, request.kind, request.value, now=here.now)
    if request.kind is not ContactKind.EMAIL:
        return ContactStored(proof=Proof.NOT_SENT)
    end_proofs(here.uow, here.patient_id)
    return ContactStored(proof=ask_for_proof(here))


def _release(request: requests.ReleaseHolds, here: Situation) -> None:
    del request
    here.uow.calendar.release(here.conversation_id)


def _record_consent(request: requests.RecordConsent, here: Situation) -> None:
    for purpose in sorted(request.permitted | request.refused):
        about = frozenset({purpose})
        events = consent_events(
            here,
            permitted=request.permitted & about,
            refused=request.refused & about,
            notice=notice_shown(here, purpose) if request.asked is requests.Asked.WITH_NOTICE else "",
            acted_by=request.acted_by,
        )
        here.uow.ledger.append(events)
    if request.refused:
        here.uow.outbox.withdraw(here.patient_id, request.refused, reason="consent_withdrawn")


def _remember_asking(request: requests.RememberAsking, here: Situation) -> None:
    del request
    here.uow.patients.consent_asked(here.patient_id, now=here.now)


def _find_ways(request: requests.FindWays, here: Situation) -> WaysFound:
    return WaysFound(ways=ways_of(here, request.purposes))


def _choose_way(request: requests.ChooseWay, here: Situation) -> None:
    here.uow.patients.prefer_channel(here.patient_id, request.channel)


def _choose_rhythm(request: requests.ChooseRhythm, here: Situation) -> None:
    here.uow.patients.set_rhythm(here.patient_id, request.months)


def _choose_language(request: requests.ChooseLanguage, here: Situation) -> LanguageChosen:
    here.uow.patients.choose_language(here.patient_id, request.language, now=here.now)
    return LanguageChosen(language=request.language)


def _record_stop(request: requests.RecordStop, here: Situation) -> None:
    ended = frozenset({Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT})
    here.uow.ledger.append(stop_events(here))
    here.uow.outbox.withdraw(here.patient_id, ended, reason="stopped")
    if request.covers is requests.StopCovers.WHOLE_ACCOUNT:
        stop_for_all(here, ended)


def _pause(request: requests.PauseProgramme, here: Situation) -> None:
    here.uow.ledger.append(pause_event(here, until=request.until))
    here.uow.outbox.withdraw(here.patient_id, frozenset({Purpose.RECALL, Purpose.OFFER}), reason="paused")


def _store_reason(request: requests.StoreReason, here: Situation) -> None:
    here.uow.patients.set_staying_away(here.patient_id, request.reason, now=here.now)


def _confirm(request: requests.ConfirmVisit, here: Situation) -> None:
    here.uow.calendar.confirm(request.appointment_id, here.now)


def _open_ticket(request: requests.OpenTicket, here: Situation) -> None:
    here.uow.tickets.open(
        here.conversation_id,
        reason=request.reason,
        urgency=request.urgency,
        due_at=due_at(request.urgency, here.now, here.clinic),
        now=here.now,
    )


def _freeze(request: requests.FreezeProgramme, here: Situation) -> None:
    here.uow.ledger.append(freeze_event(here, why=request.reason))
    here.uow.outbox.withdraw(here.patient_id, frozenset(Purpose) - {Purpose.APPOINTMENT}, reason="frozen")


def _visit_type(moving: AppointmentId | None, here: Situation) -> VisitTypeId:
    if moving is not None:
        visit = here.uow.calendar.appointment(moving)
        if visit is not None:
            return visit.slot.visit_type_id
    return here.clinic.recall_type


DOES: Mapping[type[Any], Callable[[Any, Situation], Event | None]] = {
    requests.FindSlots: _find_slots,
    requests.FindDays: _find_days,
    requests.BookSlot: _book,
    requests.CancelVisit: _cancel,
    requests.ReleaseHolds: _release,
    requests.CheckContact: _check_contact,
    requests.ChangeContact: _change_contact,
    requests.RecordConsent: _record_consent,
    requests.RememberAsking: _remember_asking,
    requests.FindWays: _find_ways,
    requests.ChooseWay: _choose_way,
    requests.ChooseRhythm: _choose_rhythm,
    requests.ChooseLanguage: _choose_language,
    requests.RecordStop: _record_stop,
    requests.PauseProgramme: _pause,
    requests.StoreReason: _store_reason,
    requests.ConfirmVisit: _confirm,
    requests.OpenTicket: _open_ticket,
    requests.AskWhoThisIs: ask_who_this_is,
    requests.FindFamily: find_family,
    requests.SpeakFor: speak_for,
    requests.FreezeProgramme: _freeze,
}
"""How each request is carried out; a test holds the table complete."""
