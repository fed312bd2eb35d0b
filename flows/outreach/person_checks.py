"""The gate's checks of the person: is this somebody to write to about this at all?

A check that lacks a fact objects.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from flows.outreach.bands import Band, band, lapsed_on
from flows.outreach.cadence import CHECK_IN_LATEST_DAYS
from flows.outreach.case import PROGRAMME, Case
from flows.outreach.ledger import ActedBy
from flows.outreach.verdict import Refusal
from flows.vocabulary import PatientStatus, Purpose, TicketReason

Check: TypeAlias = Callable[[Case], Refusal | None]


def key_is_there(case: Case) -> Refusal | None:
    """An erased person is not written to."""
    return None if case.facts.key_present else Refusal.KEY_MISSING


def ledger_is_whole(case: Case) -> Refusal | None:
    """A broken chain proves nothing."""
    return None if case.facts.ledger_whole else Refusal.LEDGER_BROKEN


def is_alive(case: Case) -> Refusal | None:
    """A death overrides everything, appointments included; and so does the mere word of it, until staff confirm."""
    dead = case.facts.status is PatientStatus.DECEASED or case.facts.rights.deceased
    return Refusal.DECEASED if dead else None


def is_not_suppressed(case: Case) -> Refusal | None:
    """Who was erased stays out of the programme, whatever a later list says; a visit they book is a new beginning."""
    about_a_visit = case.purpose is Purpose.APPOINTMENT
    return Refusal.SUPPRESSED if case.facts.rights.suppressed and not about_a_visit else None


def is_our_patient(case: Case) -> Refusal | None:
    """Moved, left, do not contact: never, appointments included."""
    ours = case.facts.status in {PatientStatus.ACTIVE, PatientStatus.DECEASED}
    return None if ours else Refusal.NEVER_CONTACT


def is_not_frozen(case: Case) -> Refusal | None:
    """After an emergency, a crisis or a legal threat a person writes first; so after a freeze that names no reason."""
    rights = case.facts.rights
    complained_only = rights.frozen_by == {TicketReason.COMPLAINT}
    return Refusal.FROZEN if rights.frozen and not complained_only else None


def no_complaint_is_open(case: Case) -> Refusal | None:
    """After a complaint a named person calls; nothing else is sent until they have."""
    return Refusal.COMPLAINT_OPEN if TicketReason.COMPLAINT in case.facts.rights.frozen_by else None


def visit_exists(case: Case) -> Refusal | None:
    """A reminder is about a visit ahead, a check-in about one just past."""
    visit_at = case.facts.visit_at
    if case.purpose is Purpose.APPOINTMENT:
        return None if visit_at is not None and visit_at > case.now else Refusal.NO_VISIT
    if case.purpose is Purpose.POSTVISIT:
        return None if visit_at is not None and _just_past(case, visit_at) else Refusal.NO_VISIT
    return None


def _just_past(case: Case, visit_at: datetime) -> bool:
    latest = case.day_of(visit_at) + timedelta(days=CHECK_IN_LATEST_DAYS)
    return visit_at <= case.now and case.today <= latest


def nothing_is_booked(case: Case) -> Refusal | None:
    """Who has a visit open is not asked to come."""
    return Refusal.BOOKED if case.purpose in PROGRAMME and case.facts.next_visit_at is not None else None


def is_due(case: Case) -> Refusal | None:
    """Recall is for lapsed patients of bands A, B and C."""
    seen = case.facts.last_visit_on
    if case.purpose not in PROGRAMME:
        return None
    if seen is None:
        return Refusal.NEVER_VISITED
    away = band(seen, None, case.today)
    if away is Band.OUT:
        return Refusal.LAPSED_OUT
    lapsed = lapsed_on(seen, case.facts.recall_months, case.facts.clinic.lapsed) <= case.today
    return None if lapsed and away is not Band.RECENT else Refusal.NOT_DUE


def is_not_resting(case: Case) -> Refusal | None:
    """One campaign a year without a visit, unless they asked for later; and any answer ends the one that runs."""
    facts = case.facts
    if case.purpose not in PROGRAMME or facts.last_contacted_at is None:
        return None
    if case.request.step > 1:
        answered = facts.heard_at is not None and facts.heard_at >= facts.last_contacted_at
        return Refusal.RESTING if answered else None
    if _asked_back(case, facts.last_contacted_at):
        return None
    found = band(facts.last_visit_on, case.day_of(facts.last_contacted_at), case.today)
    return Refusal.RESTING if found is Band.D else None


def _asked_back(case: Case, contacted_at: datetime) -> bool:
    until = case.facts.rights.pause_of(case.purpose)
    return until is not None and contacted_at < until <= case.now


def programme_wants_them(case: Case) -> Refusal | None:
    """The programme itself leaves some people alone: held out, off the list, or for the reason they gave."""
    return case.facts.withheld if case.purpose in PROGRAMME else None


def age_is_known(case: Case) -> Refusal | None:
    """Unknown is no: the person may be a child."""
    return Refusal.UNKNOWN_AGE if case.facts.birth_date is None else None


def is_of_age(case: Case) -> Refusal | None:
    """A child is written to only where a guardian said yes, and never with an offer."""
    if not case.is_minor:
        return None
    rights = case.facts.rights.candidates(case.purpose, case.now, case.where)
    guarded = any(right.acted_by is ActedBy.GUARDIAN for right in rights)
    return None if guarded and case.purpose is not Purpose.OFFER else Refusal.MINOR


def language_is_known(case: Case) -> Refusal | None:
    """Nobody is written to in a guessed language."""
    return Refusal.UNKNOWN_LANGUAGE if case.facts.language is None else None


PERSON: tuple[Check, ...] = (
    key_is_there,
    ledger_is_whole,
    is_alive,
    is_not_suppressed,
    is_our_patient,
    is_not_frozen,
    no_complaint_is_open,
    visit_exists,
    nothing_is_booked,
    is_due,
    is_not_resting,
    programme_wants_them,
    age_is_known,
    is_of_age,
    language_is_known,
)
"""What is judged first, in this order."""
