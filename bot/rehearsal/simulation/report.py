"""What came of a simulation: the funnel, who turned away and why, what was refused, and every law."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.rehearsal.simulation.auditor import Checked
from bot.rehearsal.simulation.evidence import Evidence, Row
from bot.rehearsal.simulation.programme_laws import SPOKEN_TO
from bot.rehearsal.simulation.temperaments import Temperament
from flows.outreach.verdict import Refusal

SCHEMA = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Funnel:
    """How many people got how far. contacted: were invited; answered: wrote, pressed or spoke after it; kept: came."""

    people: int
    reached: int
    contacted: int
    answered: int
    booked: int
    kept: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A simulation in figures. sent, refused, put_off: messages or decisions by purpose or reason, the most first.

    by_hand: what staff did about the worklist; `calls` (all that were made), then what became of each thing on it.

    left_out: of all who would get no first invitation at the end, how many by the first reason.
    """

    patients: int
    days: int
    seed: int
    funnel: Funnel
    by_temperament: Mapping[str, Funnel]
    sent: Mapping[str, int]
    replies: int
    by_hand: Mapping[str, int]
    turned_away: Mapping[str, int]
    visits: Mapping[str, int]
    refused: Mapping[str, int]
    put_off: Mapping[str, int]
    left_out: Mapping[str, int]
    laws: tuple[Checked, ...]

    @property
    def broken(self) -> tuple[Checked, ...]:
        """The laws that did not hold."""
        return tuple(law for law in self.laws if law.broken)

    def as_data(self) -> dict[str, object]:
        """The report as JSON data; the schema stands in docs/rehearsal.md."""
        return {"schema": SCHEMA, **asdict(self)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Lived:
    """What was simulated. temperaments: of each patient, by id. left_out: as it was at the end, for the report."""

    patients: int
    days: int
    seed: int
    temperaments: Mapping[int, Temperament]
    left_out: Mapping[Refusal, int]


def make_report(lived: Lived, evidence: Evidence, laws: tuple[Checked, ...]) -> Report:
    """Count what is stored."""
    first = _first_invitations(evidence)
    people = lived.temperaments
    refused = [row for row in evidence["gate_decision"] if row["verdict"] == "refuse"]
    sent = evidence.proactive()
    return Report(
        patients=lived.patients,
        days=lived.days,
        seed=lived.seed,
        funnel=_funnel(people, first, evidence),
        by_temperament={
            each.value: _funnel([one for one in people if people[one] is each], first, evidence) for each in Temperament
        },
        sent=_counted(row["purpose"].value for row in sent),
        replies=sum(row["kind"] == "reply" for row in evidence["outbox"]),
        by_hand={"calls": sum(row["action"] == "called" for row in evidence["staff_action"]), **_work(evidence)},
        turned_away={"stops": _people_who(evidence, "stop"), **_tickets(evidence)},
        visits=_counted(row["status"].value for row in evidence["appointment"]),
        refused=_counted(row["reason"].value for row in _latest(refused)),
        put_off=_counted(row["status_reason"] for row in evidence["outbox"] if row["status_reason"] is not None),
        left_out=_counted(reason.value for reason, count in lived.left_out.items() for _ in range(count)),
        laws=laws,
    )


def _first_invitations(evidence: Evidence) -> dict[int, datetime]:
    """When each was invited first (UTC)."""
    first: dict[int, datetime] = {}
    for sent in evidence.proactive():
        if sent["purpose"] == "recall":
            first[sent["patient_id"]] = min(sent["sent_at"], first.get(sent["patient_id"], sent["sent_at"]))
    return first


def _funnel(people: Iterable[int], first: Mapping[int, datetime], evidence: Evidence) -> Funnel:
    whole = list(people)
    contacted = [one for one in whole if one in first]
    booked = [one for one in contacted if _visits_after(one, first[one], evidence)]
    kept = [
        one for one in booked if any(visit["status"] == "kept" for visit in _visits_after(one, first[one], evidence))
    ]
    return Funnel(
        people=len(whole),
        reached=sum(bool(evidence.of("conversation", "patient_id", one)) for one in whole),
        contacted=len(contacted),
        answered=sum(_answered(one, first[one], evidence) for one in contacted),
        booked=len(booked),
        kept=len(kept),
    )


def _visits_after(patient_id: int, at: datetime, evidence: Evidence) -> list[Row]:
    return [row for row in evidence.of("appointment", "patient_id", patient_id) if row["created_at"] >= at]


def _answered(patient_id: int, at: datetime, evidence: Evidence) -> bool:
    talks = evidence.of("conversation", "patient_id", patient_id)
    wrote = any(heard["at"] > at for talk in talks for heard in evidence.of("received", "conversation_id", talk["id"]))
    return wrote or any(item["outcome"] in SPOKEN_TO for item in evidence.of("worklist_item", "patient_id", patient_id))


def _people_who(evidence: Evidence, collected: str) -> int:
    return len({row["patient_id"] for row in evidence["ledger_event"] if row["collected"] == collected})


def _work(evidence: Evidence) -> dict[str, int]:
    """What became of what was on the worklist, by kind and outcome."""
    return _counted(
        f"{row['kind'].value}: {'open' if row['outcome'] is None else row['outcome'].value}"
        for row in evidence["worklist_item"]
    )


def _tickets(evidence: Evidence) -> dict[str, int]:
    return _counted(row["reason"].value for row in evidence["ticket"])


def _latest(refused: Sequence[Row]) -> list[Row]:
    """One refusal for each person and purpose and reason: what is asked again every day counts once."""
    return list({(row["patient_id"], row["purpose"], row["reason"]): row for row in refused}.values())


def _counted(words: Iterable[str]) -> dict[str, int]:
    """How often each word occurs, the most frequent first; what is equally frequent by the alphabet."""
    return dict(sorted(Counter(words).items(), key=lambda each: (-each[1], each[0])))
