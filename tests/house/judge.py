"""What must always hold, judged from stored rows alone: written from the rules, sharing no code with the gate.

Each law yields a sentence for every break it finds; a house at peace yields none.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from tests.house.records import Everything, Row

Law: TypeAlias = Callable[[Everything], Iterator[str]]

ZONE = ZoneInfo("Europe/Amsterdam")
HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
OPENS, CLOSES = time(10), time(19)
SATURDAY = 5
LEFT = ("sent", "unknown")
NOES = ("deny", "withdraw", "object")
STOPPED = ("recall", "postvisit", "offer")
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Most:
    """How often at most, as the strictest policy says; `shortest_cycle`: no cycle of that policy is shorter."""

    day: int
    week: int
    cycle: int
    shortest_cycle: timedelta
    gap: timedelta


MOST: Mapping[str, Most] = {
    "recall": Most(day=1, week=1, cycle=2, shortest_cycle=timedelta(days=365), gap=timedelta(days=30)),
    "appointment": Most(day=2, week=4, cycle=8, shortest_cycle=timedelta(days=28), gap=timedelta()),
    "postvisit": Most(day=1, week=1, cycle=2, shortest_cycle=timedelta(days=28), gap=timedelta(days=3)),
}


def _proactive(rows: Everything) -> list[Row]:
    """What left by itself, or may have."""
    return [row for row in rows.of("outbox", kind="proactive") if row["status"] in LEFT]


def stop_wins(rows: Everything) -> Iterator[str]:
    """After a stop nothing of recall or check-ins left, unless the patient said yes again in between."""
    for sent in _proactive(rows):
        said = rows.of("ledger_event", patient_id=sent["patient_id"], purpose=sent["purpose"])
        stops = [each["at"] for each in said if each["collected"] == "stop" and each["at"] <= sent["sent_at"]]
        if not stops or sent["purpose"] not in STOPPED:
            continue
        again = [each for each in said if each["act"] == "permit" and each["acted_by"] == "self"]
        if not any(stops[-1] < each["at"] <= sent["sent_at"] for each in again):
            yield f"outbox {sent['id']} left after a stop"


def right_was_there(rows: Everything) -> Iterator[str]:
    """What left had a yes of the gate at sending, and the right it names was valid then."""
    for sent in _proactive(rows):
        asked = rows.of("gate_decision", outbox_id=sent["id"], stage="sending")
        before = [each for each in asked if each["at"] <= sent["sent_at"]]
        if not before or before[-1]["verdict"] != "permit":
            yield f"outbox {sent['id']} left without a yes"
            continue
        yield from _right_of(sent, before[-1], rows)


def _right_of(sent: Row, decision: Row, rows: Everything) -> Iterator[str]:
    known = [each for each in rows.of("ledger_event", patient_id=sent["patient_id"]) if each["at"] <= decision["at"]]
    if _frozen(known):
        yield f"outbox {sent['id']} left while frozen"
    if sent["purpose"] == "appointment":
        yield from _visit_of(sent, decision["at"], known, rows)
        return
    found = [each for each in known if each["id"] == decision["right_event_id"]]
    if not found:
        yield f"outbox {sent['id']} names no right of this patient"
        return
    right, at = found[0], decision["at"]
    if (right["act"], right["purpose"]) != ("permit", sent["purpose"]):
        yield f"outbox {sent['id']} names a right to something else"
    if right["valid_from"] > at or (right["valid_until"] is not None and right["valid_until"] <= at):
        yield f"outbox {sent['id']} names a right that did not hold then"
    if any(each["at"] >= right["at"] for each in _noes(known, sent["purpose"])):
        yield f"outbox {sent['id']} left after a no"
    if sent["purpose"] == "recall" and _paused(known, at):
        yield f"outbox {sent['id']} left in a pause"


def _visit_of(sent: Row, at: datetime, known: Sequence[Row], rows: Everything) -> Iterator[str]:
    _, appointment_id, sequence = sent["campaign"].split(":")
    visit = rows.of("appointment", id=int(appointment_id), patient_id=sent["patient_id"])
    if not visit:
        yield f"outbox {sent['id']} reminds of nothing"
        return
    changed_since = visit[0]["updated_at"] > at
    booked_so = (visit[0]["status"], visit[0]["sequence"]) == ("booked", int(sequence))
    if not changed_since and (not booked_so or visit[0]["starts_at"] <= at):
        yield f"outbox {sent['id']} reminds of a visit that is gone"
    yeses = [each["at"] for each in known if (each["act"], each["purpose"]) == ("permit", "appointment")]
    if any(each["at"] >= max(yeses, default=each["at"]) for each in _noes(known, "appointment")):
        yield f"outbox {sent['id']} reminds somebody who refused it"


def _noes(known: Sequence[Row], purpose: str) -> list[Row]:
    unnamed = (purpose, None) if purpose in STOPPED else (purpose,)
    return [each for each in known if each["act"] in NOES and each["purpose"] in unnamed]


def _frozen(known: Sequence[Row]) -> bool:
    froze = max((each["at"] for each in known if each["act"] == "freeze"), default=None)
    cleared = [each["at"] for each in known if (each["act"], each["acted_by"]) == ("clear", "staff")]
    return froze is not None and not any(at > froze for at in cleared)


def _paused(known: Sequence[Row], at: datetime) -> bool:
    pauses = [each for each in known if each["act"] == "pause" and each["purpose"] in ("recall", None)]
    return bool(pauses) and (pauses[-1]["valid_until"] is None or pauses[-1]["valid_until"] > at)


def hours_are_kept(rows: Everything) -> Iterator[str]:
    """What left by itself left from Monday to Friday between ten and seven of the clinic's clock, on no holiday."""
    for sent in _proactive(rows):
        local = sent["sent_at"].astimezone(ZONE)
        if local.weekday() >= SATURDAY or local.date() in HOLIDAYS or not OPENS <= local.time() < CLOSES:
            yield f"outbox {sent['id']} left at {local}"


def caps_are_kept(rows: Everything) -> Iterator[str]:
    """Nobody is written to more often than the policy says."""
    left = _proactive(rows)
    for patient_id, purpose in {(each["patient_id"], each["purpose"]) for each in left}:
        most, whose = MOST[purpose], (patient_id, purpose)
        times = sorted(each["sent_at"] for each in left if (each["patient_id"], each["purpose"]) == whose)
        days = Counter(at.astimezone(ZONE).date() for at in times)
        if (
            max(days.values()) > most.day
            or _crowded(times, timedelta(days=7), most.week)
            or _crowded(times, most.shortest_cycle, most.cycle)
            or any(later - earlier < most.gap for earlier, later in pairwise(times))
        ):
            yield f"patient {patient_id} was written to about {purpose} at {times}"


def _crowded(times: Sequence[datetime], span: timedelta, most: int) -> bool:
    return any(last - first < span for first, last in zip(times, times[most:], strict=False))


def owners_are_single(rows: Everything) -> Iterator[str]:
    """A conversation belongs to the bot, or to one member of staff, who holds its tickets."""
    for talk in rows["conversation"]:
        staffed = talk["owner"] == "staff"
        if staffed is (talk["staff_id"] is None) or staffed is (talk["lease_until"] is None):
            yield f"conversation {talk['id']} belongs to nobody or to two"
        taken = rows.of("ticket", conversation_id=talk["id"], status="taken")
        if any(each["holder_id"] != talk["staff_id"] or not staffed for each in taken):
            yield f"conversation {talk['id']} has a ticket in other hands"


def slots_are_single(rows: Everything) -> Iterator[str]:
    """One slot, one patient: booked visits of a provider do not overlap, and each has its chair time to itself."""
    booked = rows.of("appointment", status="booked")
    for provider_id in {each["provider_id"] for each in booked}:
        theirs = sorted((each["starts_at"], each["ends_at"]) for each in booked if each["provider_id"] == provider_id)
        if any(later[0] < earlier[1] for earlier, later in pairwise(theirs)):
            yield f"provider {provider_id} has two visits at once"
    for visit in booked:
        wanted = (visit["ends_at"] - visit["starts_at"]) // QUARTER
        if len(rows.of("chair_time", appointment_id=visit["id"], provider_id=visit["provider_id"])) != wanted:
            yield f"appointment {visit['id']} has not the chair time it needs"
    for taken in rows["chair_time"]:
        if taken["appointment_id"] and rows.of("appointment", id=taken["appointment_id"], status="cancelled"):
            yield f"appointment {taken['appointment_id']} is cancelled and keeps its chair time"


def next_visits_are_true(rows: Everything) -> Iterator[str]:
    """A patient's next visit is the start of the earliest one booked."""
    for patient in rows["patient"]:
        open_visits = rows.of("appointment", patient_id=patient["id"], status="booked")
        if patient["next_visit_at"] != min((each["starts_at"] for each in open_visits), default=None):
            yield f"patient {patient['id']} has another next visit"


def planned_once(rows: Everything) -> Iterator[str]:
    """A step of a campaign is in the outbox once for a patient."""
    steps = Counter((row["patient_id"], row["campaign"], row["step"]) for row in rows.of("outbox", kind="proactive"))
    yield from (f"{step} was planned twice" for step, count in steps.items() if count > 1)


def jobs_run_well(rows: Everything) -> Iterator[str]:
    """No job has failed."""
    yield from (f"job {row['job']} failed" for row in rows.of("job_run", outcome="failed"))


def nothing_was_put_aside(rows: Everything) -> Iterator[str]:
    """Whatever a patient sent could be taken."""
    yield from (f"update {row['external_id']} failed: {row['error']}" for row in rows["quarantined_update"])


LAWS: tuple[Law, ...] = (
    stop_wins,
    right_was_there,
    hours_are_kept,
    caps_are_kept,
    owners_are_single,
    slots_are_single,
    next_visits_are_true,
    planned_once,
    jobs_run_well,
    nothing_was_put_aside,
)


def breaks(rows: Everything) -> list[str]:
    """Every break of every law."""
    return [f"{law.__name__}: {broken}" for law in LAWS for broken in law(rows)]


def spoke_over_staff(before: Everything, after: Everything) -> list[str]:
    """What the bot said, though it need not be said always, between two moments at both of which staff owned the chat.

    Nothing may have been given back in between.
    """
    had_left = {row["id"] for row in before["outbox"] if row["status"] in LEFT}
    staffed = {row["id"] for row in before.of("conversation", owner="staff")}
    staffed &= {row["id"] for row in after.of("conversation", owner="staff")}
    return [
        f"outbox {row['id']} left while staff owned the chat"
        for row in after["outbox"]
        if row["status"] in LEFT
        and row["id"] not in had_left
        and row["conversation_id"] in staffed
        and row["kind"] != "staff"
        and row["reach"] != "always"
    ]
