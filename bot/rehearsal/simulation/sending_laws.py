"""The laws of what leaves by itself: with a right, inside the hours, within the caps, and never after a no."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.rehearsal.simulation.evidence import BY_HAND, LEFT, Evidence, Row, precedes
from bot.rehearsal.simulation.holidays import holidays

ZONE = ZoneInfo("Europe/Amsterdam")
OPENS, CLOSES = time(10), time(19)
SATURDAY = 5
OF_AGE = 18
NOES = ("deny", "withdraw", "object", "erased", "suppressed")
ENDED_BY_STOP = ("recall", "postvisit", "offer")
CLOSINGS: Mapping[str, str] = {"blocked": "unblocked", "bounced": "corrected", "wrong_person": "corrected"}
"""What closes an address, and what opens it again."""

WEEK = timedelta(days=7)
IN_HAND = timedelta(hours=1)
"""So long somebody may hold a call after the gate said yes to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Most:
    """How often at most. shortest_cycle: no cycle of the policy is shorter."""

    day: int
    week: int
    year: int
    cycle: int
    shortest_cycle: timedelta
    gap: timedelta
    household: int


MOST: Mapping[str, Most] = {
    "recall": Most(day=1, week=1, year=2, cycle=2, shortest_cycle=timedelta(365), gap=timedelta(30), household=2),
    "appointment": Most(day=2, week=4, year=60, cycle=8, shortest_cycle=timedelta(28), gap=timedelta(), household=12),
    "postvisit": Most(day=1, week=1, year=12, cycle=2, shortest_cycle=timedelta(28), gap=timedelta(3), household=2),
}


def permitted(evidence: Evidence) -> Iterator[str | None]:
    """The last word of the gate before a message left was a yes, and one of the moment of sending."""
    for sent in evidence.proactive():
        last = _last_decision(sent, evidence)
        is_yes = last is not None and last["verdict"] == "permit"
        yield None if is_yes else f"outbox {sent['id']} left without a yes"


def right_held(evidence: Evidence) -> Iterator[str | None]:
    """The right a message names is this person's, for this purpose, valid then, and nothing took it back before."""
    for sent in evidence.proactive():
        yield _right(sent, evidence)


def stop_wins(evidence: Evidence) -> Iterator[str | None]:
    """After a stop nothing of what it ended leaves until the patient says yes again."""
    for stop in evidence["ledger_event"]:
        if stop["collected"] != "stop":
            continue
        said = evidence.of("ledger_event", "patient_id", stop["patient_id"])
        yes = ("permit", "self", stop["purpose"])
        yeses = [each["at"] for each in said if (each["act"], each["acted_by"], each["purpose"]) == yes]
        again = min((at for at in yeses if at > stop["at"]), default=None)
        after = [
            sent["id"]
            for sent in evidence.of("outbox", "patient_id", stop["patient_id"])
            if (sent["kind"], sent["purpose"]) == ("proactive", stop["purpose"])
            and sent["status"] in LEFT
            and sent["sent_at"] > stop["at"]
            and (again is None or sent["sent_at"] < again)
        ]
        yield f"outbox {after[0]} left after a stop" if after else None


def frozen_are_left_alone(evidence: Evidence) -> Iterator[str | None]:
    """After an emergency, a complaint or the like nothing leaves until staff clear it."""
    for froze in evidence["ledger_event"]:
        if froze["act"] != "freeze":
            continue
        said = evidence.of("ledger_event", "patient_id", froze["patient_id"])
        clears = [each["at"] for each in said if (each["act"], each["acted_by"]) == ("clear", "staff")]
        cleared = min((at for at in clears if at > froze["at"]), default=None)
        after = [
            sent["id"]
            for sent in evidence.of("outbox", "patient_id", froze["patient_id"])
            if (sent["kind"], sent["status"] in LEFT) == ("proactive", True)
            and precedes(froze["at"], sent)
            and (cleared is None or sent["sent_at"] < cleared)
        ]
        yield f"outbox {after[0]} left while frozen" if after else None


def never_contact(evidence: Evidence) -> Iterator[str | None]:
    """Nothing goes to who moved, left, died or asked not to be contacted; the simulation never changes that."""
    for sent in evidence.proactive():
        person = evidence.of("patient", "id", sent["patient_id"])
        is_active = bool(person) and person[0]["status"] == "active"
        yield None if is_active else f"outbox {sent['id']} went to somebody never to be contacted"


def closed_stay_closed(evidence: Evidence) -> Iterator[str | None]:
    """Nothing goes to the dead, nor where somebody else answers, mail comes back or we are blocked."""
    for sent in evidence.proactive():
        last: dict[str, Row] = {}
        for each in _known(sent, evidence):
            if each["channel"] in (None, sent["channel"]):
                last[each["act"]] = each
        ends = {**CLOSINGS, "deceased": "corrected"}
        shut = [act for act, opens in ends.items() if act in last and not _is_later(last.get(opens), last[act])]
        yield f"outbox {sent['id']} left although {shut[0]}" if shut else None


def children(evidence: Evidence) -> Iterator[str | None]:
    """Nobody under age is invited on an agreement of their own, nor whose age nobody knows."""
    for sent in evidence.proactive():
        if sent["purpose"] != "recall":
            continue
        born: date | None = next(
            (each["birth_month"] for each in evidence.of("patient", "id", sent["patient_id"])), None
        )
        day = sent["sent_at"].astimezone(ZONE).date()
        grown = born is not None and (day.year - OF_AGE, day.month) >= (born.year, born.month)
        guarded = any(each["acted_by"] == "guardian" for each in _known(sent, evidence) if each["act"] == "permit")
        yield None if grown or guarded else f"outbox {sent['id']} went to a child"


def hours_are_kept(evidence: Evidence) -> Iterator[str | None]:
    """What leaves by itself leaves from Monday to Friday between ten and seven, on no public holiday."""
    for sent in evidence.proactive():
        local = sent["sent_at"].astimezone(ZONE)
        rests = local.weekday() >= SATURDAY or local.date() in holidays(local.year)
        kept = not rests and OPENS <= local.time() < CLOSES
        yield None if kept else f"outbox {sent['id']} left at {local:%a %Y-%m-%d %H:%M}"


def caps_are_kept(evidence: Evidence) -> Iterator[str | None]:
    """Nobody is written to more often than the policy says."""
    left: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for sent in evidence.proactive():
        left[sent["patient_id"], sent["purpose"]].append(sent["sent_at"])
    for (patient_id, purpose), times in left.items():
        times.sort()
        wrong = _too_often(times, MOST[purpose])
        yield f"patient {patient_id} was written to about {purpose} {wrong}" if wrong else None


def households_are_spared(evidence: Evidence) -> Iterator[str | None]:
    """A household is not flooded: so many messages of a purpose in seven days to all who belong to it."""
    left: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for sent in evidence.proactive():
        person = evidence.of("patient", "id", sent["patient_id"])
        if person and person[0]["household_id"] is not None:
            left[person[0]["household_id"], sent["purpose"]].append(sent["sent_at"])
    for (household_id, purpose), times in left.items():
        crowded = _crowded(sorted(times), WEEK, MOST[purpose].household)
        yield f"household {household_id} had too many messages about {purpose} in a week" if crowded else None


def level_is_kept(evidence: Evidence) -> Iterator[str | None]:
    """What leaves by itself says nothing that may not stand on a lock screen."""
    for sent in evidence.proactive():
        yield None if sent["level"] == 0 else f"outbox {sent['id']} said more than a lock screen may show"


def planned_once(evidence: Evidence) -> Iterator[str | None]:
    """A step of a campaign is planned once for a patient."""
    planned = (row for row in evidence["outbox"] if row["kind"] == "proactive")
    for step, count in Counter((row["patient_id"], row["campaign"], row["step"]) for row in planned).items():
        yield f"patient {step[0]} had {step[1]} step {step[2]} planned twice" if count > 1 else None


def _last_decision(sent: Row, evidence: Evidence) -> Row | None:
    asked = (each for each in _decisions(sent, evidence) if each["stage"] == "sending")
    before = [each for each in asked if each["at"] <= sent["sent_at"]]
    return before[-1] if before else None


def _decisions(sent: Row, evidence: Evidence) -> Sequence[Row]:
    """What the gate said about a message; about a call or a letter it was asked before there was a row of it."""
    if sent["channel"] not in BY_HAND:
        return evidence.of("gate_decision", "outbox_id", sent["id"])
    return [
        each
        for each in evidence.of("gate_decision", "patient_id", sent["patient_id"])
        if each["outbox_id"] is None and each["purpose"] == sent["purpose"] and sent["sent_at"] - each["at"] <= IN_HAND
    ]


def _right(sent: Row, evidence: Evidence) -> str | None:
    about, purpose = f"outbox {sent['id']}", sent["purpose"]
    decision = _last_decision(sent, evidence)
    if decision is None:
        return f"{about} names no right"
    at = decision["at"]
    known = [each for each in _known(sent, evidence) if each["at"] <= at]
    noes = [each["at"] for each in known if each["act"] in NOES and _speaks_of(each, purpose)]
    if purpose == "appointment":
        yeses = [each["at"] for each in known if (each["act"], each["purpose"]) == ("permit", purpose)]
        refused = noes and max(noes) >= max(yeses, default=min(noes))
        return f"{about} reminds somebody who refused it" if refused else None
    right = next((each for each in known if each["id"] == decision["right_event_id"]), None)
    if right is None or (right["act"], right["purpose"]) != ("permit", purpose):
        return f"{about} names no right of this patient to this"
    if right["valid_from"] > at or (right["valid_until"] is not None and right["valid_until"] <= at):
        return f"{about} names a right that did not hold then"
    return f"{about} left after a no" if any(no >= right["at"] for no in noes) else None


def _speaks_of(said: Row, purpose: str) -> bool:
    return said["purpose"] == purpose or (said["purpose"] is None and purpose in ENDED_BY_STOP)


def _known(sent: Row, evidence: Evidence) -> list[Row]:
    said = evidence.of("ledger_event", "patient_id", sent["patient_id"])
    return [each for each in said if precedes(each["at"], sent)]


def _is_later(opened: Row | None, closed: Row) -> bool:
    return opened is not None and opened["at"] > closed["at"]


def _too_often(times: Sequence[datetime], most: Most) -> str | None:
    days = Counter(at.astimezone(ZONE).date() for at in times)
    if max(days.values()) > most.day:
        return "too often on one day"
    if _crowded(times, WEEK, most.week):
        return "too often in a week"
    if _crowded(times, most.shortest_cycle, most.cycle) or _crowded(times, timedelta(365), most.year):
        return "too often in a cycle or a year"
    return "too soon again" if any(later - earlier < most.gap for earlier, later in pairwise(times)) else None


def _crowded(times: Sequence[datetime], span: timedelta, most: int) -> bool:
    """Whether more than `most` of the times (ascending) lie within a span."""
    return any(bisect_left(times, first + span) - place > most for place, first in enumerate(times))
