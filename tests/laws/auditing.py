"""Who may not have been written to, judged from stored rows alone: from what stood in the tables before and after.

Shares no code with the gate or the fold. What was true of a person at both moments was true when the message left.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TypeAlias

from tests.house.records import Everything, Row

Between: TypeAlias = Callable[[Everything, Everything], Iterator[str]]

LEFT = ("sent", "unknown")
INVITES = ("recall", "offer")
NEVER = ("moved", "left", "do_not_contact", "deceased")
CLOSING = ("blocked", "bounced", "wrong_person")
TAKEN_OUT = ("erased", "suppressed")
OF_AGE_MONTHS = 18 * 12
DUE_AFTER, OUT_AFTER, REST = timedelta(days=360), timedelta(days=1098), timedelta(days=360)
WEEK = timedelta(days=7)
MOST_TO_A_HOUSEHOLD = {"recall": 2, "postvisit": 2, "appointment": 12}


def left_between(before: Everything, after: Everything) -> Iterator[tuple[Row, Row]]:
    """What left by itself between two moments, with the patient's row as it stood at both."""
    known = {row["id"] for row in before["outbox"] if row["status"] in LEFT}
    for sent in after.of("outbox", kind="proactive"):
        if sent["status"] not in LEFT or sent["id"] in known or sent["purpose"] is None:
            continue
        then, now = (rows.of("patient", id=sent["patient_id"]) for rows in (before, after))
        if then and now:
            yield sent, {name: value for name, value in then[0].items() if value == now[0][name]}


def only_to_our_patients(before: Everything, after: Everything) -> Iterator[str]:
    """Nothing left to who moved, died, left or is not to be contacted."""
    for sent, patient in left_between(before, after):
        told = _says(after, sent, "deceased") and not _says(after, sent, "corrected")
        if patient.get("status") in NEVER or told:
            yield f"outbox {sent['id']} left to somebody never to be written to"


def not_while_staff_speak(before: Everything, after: Everything) -> Iterator[str]:
    """Nothing left by itself into a chat that staff owned."""
    for sent, _ in left_between(before, after):
        owners = [
            talk["owner"] for rows in (before, after) for talk in rows.of("conversation", id=sent["conversation_id"])
        ]
        if owners == ["staff", "staff"]:
            yield f"outbox {sent['id']} left while staff owned the chat"


def not_while_frozen(before: Everything, after: Everything) -> Iterator[str]:
    """Nothing left while an emergency or a complaint waited for a person."""
    for sent, patient in left_between(before, after):
        if patient.get("frozen"):
            yield f"outbox {sent['id']} left while frozen"


def not_to_the_erased(before: Everything, after: Everything) -> Iterator[str]:
    """Nothing of the programme left to who asked to be erased, whatever a list said since."""
    for sent, _ in left_between(before, after):
        if sent["purpose"] != "appointment" and any(_says(after, sent, act) for act in TAKEN_OUT):
            yield f"outbox {sent['id']} left to somebody erased"


def children_are_guarded(before: Everything, after: Everything) -> Iterator[str]:
    """Nothing left to a child without a guardian's yes, nor to somebody of unknown age or language."""
    for sent, patient in left_between(before, after):
        born, day = patient.get("birth_month"), sent["sent_at"].date()
        guarded = any(
            said["acted_by"] == "guardian" and said["purpose"] == sent["purpose"]
            for said in after.of("ledger_event", patient_id=sent["patient_id"], act="permit")
        )
        if born is not None and _months(born, day) < OF_AGE_MONTHS and not guarded:
            yield f"outbox {sent['id']} left to a child"
        if any(name in patient and patient[name] is None for name in ("birth_month", "language")):
            yield f"outbox {sent['id']} left to somebody of unknown age or language"


def addresses_are_open(before: Everything, after: Everything) -> Iterator[str]:
    """Nothing left to an address that was closed, nor to one its owner or the line said no for."""
    for sent, _ in left_between(before, after):
        talks = after.of("conversation", id=sent["conversation_id"])
        where = {talk["address_id"] for talk in talks}
        closed = [row for row in before["address"] if row["id"] in where and row["closed_at"] is not None]
        said_no = any(_says(after, sent, act) for act in CLOSING) and not _says(after, sent, "unblocked")
        if closed or said_no:
            yield f"outbox {sent['id']} left to a closed address"


def only_the_lapsed_are_invited(before: Everything, after: Everything) -> Iterator[str]:
    """Nobody was invited who has a visit ahead, was here lately or never, is away too long, or heard from us."""
    for sent, patient in left_between(before, after):
        if sent["purpose"] not in INVITES:
            continue
        seen = patient.get("last_visit_on")
        away = None if seen is None else sent["sent_at"].date() - seen
        if patient.get("next_visit_at") is not None:
            yield f"outbox {sent['id']} invites somebody booked"
        if "last_visit_on" in patient and (away is None or not DUE_AFTER <= away <= OUT_AFTER):
            yield f"outbox {sent['id']} invites somebody last seen {seen}"
        yield from _begun_anew(sent, before.of("patient", id=sent["patient_id"])[0], after)


def _begun_anew(sent: Row, patient: Row, after: Everything) -> Iterator[str]:
    """One campaign a year without a visit, unless they asked us to come back later."""
    told, seen = patient["last_contacted_at"], patient["last_visit_on"]
    if sent["step"] != 1 or told is None or _says(after, sent, "pause"):
        return
    if sent["sent_at"] - told < REST and (seen is None or told.date() > seen):
        yield f"outbox {sent['id']} begins anew with somebody contacted on {told}"


def households_are_left_in_peace(before: Everything, after: Everything) -> Iterator[str]:
    """No household got more of a purpose in seven days than the policy allows."""
    homes = {row["id"]: row["household_id"] for row in after["patient"]}
    for sent, _ in left_between(before, after):
        home = homes[sent["patient_id"]]
        lately = [
            other
            for other in after.of("outbox", kind="proactive", purpose=sent["purpose"])
            if other["status"] in LEFT
            and (other["patient_id"] == sent["patient_id"] or (home is not None and homes[other["patient_id"]] == home))
            and sent["sent_at"] - WEEK <= other["sent_at"] <= sent["sent_at"]
        ]
        if len(lately) > MOST_TO_A_HOUSEHOLD[sent["purpose"]]:
            yield f"outbox {sent['id']} was one too many for the household"


def _says(rows: Everything, sent: Row, act: str) -> bool:
    """Whether the person's ledger held such an entry when the message left."""
    entries = rows.of("ledger_event", patient_id=sent["patient_id"], act=act)
    return any(entry["at"] <= sent["sent_at"] for entry in entries)


def _months(since: date, day: date) -> int:
    return (day.year - since.year) * 12 + day.month - since.month


BETWEEN: tuple[Between, ...] = (
    only_to_our_patients,
    not_while_staff_speak,
    not_while_frozen,
    not_to_the_erased,
    children_are_guarded,
    addresses_are_open,
    only_the_lapsed_are_invited,
    households_are_left_in_peace,
)


def wrongly_sent(before: Everything, after: Everything) -> list[str]:
    """Every break of every law by what left between two moments."""
    return [f"{law.__name__}: {broken}" for law in BETWEEN for broken in law(before, after)]
