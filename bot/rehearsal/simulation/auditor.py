"""The auditor: what must always hold, judged from stored rows alone.

Written from the rules (DOMAIN.md, the shipped policy "strictest"), for the example clinic; it shares no code with the
gate, nor with anything that plans or sends. Every case that a law applies to is looked at and counted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.rehearsal.simulation import calendar_laws, programme_laws, sending_laws, talk_laws
from bot.rehearsal.simulation.evidence import Evidence

Findings: TypeAlias = Iterator[str | None]
"""One for each case: None if it is in order, else what is wrong, naming rows by their ids."""

Law: TypeAlias = Callable[[Evidence], Findings]

LAWS: Mapping[str, Law] = {
    "the gate said yes as it left": sending_laws.permitted,
    "the right held": sending_laws.right_held,
    "nothing after a stop": sending_laws.stop_wins,
    "nothing in a pause": programme_laws.pauses_are_kept,
    "nobody held out is contacted": programme_laws.held_out_are_left_alone,
    "nobody off the list is invited": programme_laws.off_the_list_is_off,
    "the reason they gave is heeded": programme_laws.reasons_are_heeded,
    "the patient's own rhythm is kept": programme_laws.rhythms_are_kept,
    "nothing while frozen": sending_laws.frozen_are_left_alone,
    "nothing to never-contact": sending_laws.never_contact,
    "nothing to the wrong or the dead": sending_laws.closed_stay_closed,
    "no child is invited": sending_laws.children,
    "hours are kept": sending_laws.hours_are_kept,
    "caps are kept": sending_laws.caps_are_kept,
    "households are spared": sending_laws.households_are_spared,
    "nothing that a lock screen must not show": sending_laws.level_is_kept,
    "planned once": sending_laws.planned_once,
    "the booked are not invited": calendar_laws.booked_are_not_invited,
    "who came lately is not invited": calendar_laws.lately_seen_are_not_invited,
    "reminders are of visits that stand": calendar_laws.reminders_are_true,
    "one slot, one patient": calendar_laws.slots_are_single,
    "chair time follows visits": calendar_laws.chair_time_follows,
    "next visits are true": calendar_laws.next_visits_are_true,
    "danger is answered at once": talk_laws.danger_comes_first,
    "a stop ends the programme": talk_laws.stops_are_heard,
    "one owner": talk_laws.owners_are_single,
    "silent while staff speak": talk_laws.staff_are_not_spoken_over,
    "no job failed": talk_laws.jobs_run_well,
    "no update was put aside": talk_laws.nothing_was_put_aside,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What became of a law. cases: how many it was held against."""

    law: str
    cases: int
    broken: tuple[str, ...]


def audit(evidence: Evidence) -> tuple[Checked, ...]:
    """Hold every law against everything that is stored."""
    return tuple(_check(name, law, evidence) for name, law in LAWS.items())


def _check(name: str, law: Law, evidence: Evidence) -> Checked:
    findings = list(law(evidence))
    return Checked(law=name, cases=len(findings), broken=tuple(found for found in findings if found is not None))
