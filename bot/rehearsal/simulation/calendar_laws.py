"""The laws of the calendar: one slot, one patient; who is booked is not invited; reminders are of visits that stand."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from bot.rehearsal.simulation.evidence import Evidence, Row, precedes
from bot.rehearsal.simulation.sending_laws import ZONE

QUARTER = timedelta(minutes=15)
LAPSED_AFTER = timedelta(days=365)
OPEN = "booked"


def booked_are_not_invited(evidence: Evidence) -> Iterator[str | None]:
    """Nobody is invited to what they have booked already."""
    for sent in evidence.proactive():
        if sent["purpose"] != "recall":
            continue
        visits = evidence.of("appointment", "patient_id", sent["patient_id"])
        booked = any(_stood(visit, sent) and visit["starts_at"] > sent["sent_at"] for visit in visits)
        yield f"outbox {sent['id']} invited somebody who had a visit" if booked else None


def lately_seen_are_not_invited(evidence: Evidence) -> Iterator[str | None]:
    """Nobody is invited within a year after the day of a visit; who is invited may come the same day."""
    for sent in evidence.proactive():
        if sent["purpose"] != "recall":
            continue
        day = sent["sent_at"].astimezone(ZONE).date()
        lately = any(
            timedelta() < day - visit["visited_on"] < LAPSED_AFTER
            for visit in evidence.of("visit", "patient_id", sent["patient_id"])
        )
        yield f"outbox {sent['id']} invited somebody who came lately" if lately else None


def reminders_are_true(evidence: Evidence) -> Iterator[str | None]:
    """A reminder is of a visit of this person that is booked as it says, and still ahead."""
    for sent in evidence.proactive():
        if sent["purpose"] == "appointment":
            yield _reminder(sent, evidence)


def slots_are_single(evidence: Evidence) -> Iterator[str | None]:
    """The visits of a provider do not overlap, whether ahead, kept or missed."""
    booked = [visit for visit in evidence["appointment"] if visit["status"] != "cancelled"]
    for provider_id in sorted({visit["provider_id"] for visit in booked}):
        theirs = sorted(
            (visit["starts_at"], visit["ends_at"]) for visit in booked if visit["provider_id"] == provider_id
        )
        for earlier, later in pairwise(theirs):
            yield f"provider {provider_id} has two visits at {later[0]}" if later[0] < earlier[1] else None


def chair_time_follows(evidence: Evidence) -> Iterator[str | None]:
    """A booked visit has all the chair time it needs, a cancelled one keeps none."""
    for visit in evidence["appointment"]:
        has = len(evidence.of("chair_time", "appointment_id", visit["id"]))
        needs = {OPEN: (visit["ends_at"] - visit["starts_at"]) // QUARTER, "cancelled": 0}.get(visit["status"], has)
        yield None if has == needs else f"appointment {visit['id']} has {has} quarters of an hour instead of {needs}"


def next_visits_are_true(evidence: Evidence) -> Iterator[str | None]:
    """A patient's next visit is the start of the earliest one booked."""
    for patient in evidence["patient"]:
        visits = evidence.of("appointment", "patient_id", patient["id"])
        first = min((visit["starts_at"] for visit in visits if visit["status"] == OPEN), default=None)
        yield None if patient["next_visit_at"] == first else f"patient {patient['id']} has another next visit"


def _reminder(sent: Row, evidence: Evidence) -> str | None:
    _, appointment_id, sequence = (*sent["campaign"].split(":"), "", "")[:3]
    visits = evidence.of("appointment", "patient_id", sent["patient_id"])
    visit = next((row for row in visits if str(row["id"]) == appointment_id), None)
    if visit is None:
        return f"outbox {sent['id']} reminds of nothing"
    if visit["updated_at"] > sent["sent_at"]:
        return None  # changed since: what it was then is not stored any more
    as_booked = (visit["status"], str(visit["sequence"])) == (OPEN, sequence)
    is_ahead = visit["starts_at"] > sent["sent_at"]
    return None if as_booked and is_ahead else f"outbox {sent['id']} reminds of a visit that is gone"


def _stood(visit: Row, sent: Row) -> bool:
    """Whether a visit was surely booked when a message left."""
    return precedes(visit["created_at"], sent) and bool(
        visit["status"] == OPEN or visit["updated_at"] > sent["sent_at"]
    )
