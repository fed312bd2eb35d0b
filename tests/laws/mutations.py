"""Ways to break the gate on purpose, one at a time: each check, each reason, each wait, each law of the ledger.

Each replaces one name of one module; what stands there afterwards lets pass what should not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.outreach import gate
from flows.outreach.delays import DELAYS
from flows.outreach.facts import Sent
from flows.outreach.hours import closed_by
from flows.outreach.ledger import LedgerEvent
from flows.outreach.message_checks import MESSAGE
from flows.outreach.person_checks import PERSON
from flows.outreach.policy import Hours
from flows.outreach.rights import rights
from flows.outreach.standing import Ended, Right, Scope
from flows.outreach.verdict import Refusal, Stage, Wait
from flows.vocabulary import Purpose
from storage.records.planning import Since, StoredFacts

GATE = gate.__name__
FOLD = rights.__module__
STANDING = Ended.__module__
COUNTING = f"{StoredFacts.__module__}.StoredFacts.sent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutation:
    """What is broken, in words; the dotted name that is replaced, and by what."""

    words: str
    name: str
    value: Any


def mutations() -> tuple[Mutation, ...]:
    """All of them, in the gate's order."""
    return (
        *_without_a_check(),
        *_without_a_reason(),
        *_without_a_wait(),
        *_without_hours(),
        *_without_a_law_of_the_ledger(),
        *_without_a_count(),
    )


def _without_a_check() -> Iterator[Mutation]:
    for check in PERSON:
        others = tuple(other for other in PERSON if other is not check)
        yield Mutation(words=f"the check `{check.__name__}` lets everybody pass", name=f"{GATE}.PERSON", value=others)
    for ruled in MESSAGE:
        rest = tuple(other for other in MESSAGE if other is not ruled)
        yield Mutation(words=f"the check `{ruled.__name__}` lets everything pass", name=f"{GATE}.MESSAGE", value=rest)


def _without_a_reason() -> Iterator[Mutation]:
    whole: Callable[..., Iterator[Refusal]] = gate._against  # noqa: SLF001 - what is broken here on purpose
    for reason in Refusal:

        def against(*asked: object, never: Refusal = reason) -> Iterator[Refusal]:
            return (found for found in whole(*asked) if found is not never)

        yield Mutation(words=f"the gate never refuses as `{reason.value}`", name=f"{GATE}._against", value=against)


def _without_a_wait() -> Iterator[Mutation]:
    for wait in DELAYS:
        kept = {other: delay for other, delay in DELAYS.items() if other is not wait}
        yield Mutation(words=f"the gate never waits for `{wait.value}`", name=f"{GATE}.DELAYS", value=kept)


def _without_hours() -> Iterator[Mutation]:

    def any_time(at: datetime, hours: Hours, *_where: object) -> datetime:
        del hours
        return at

    yield Mutation(words="every hour of every day is open", name=f"{GATE}.next_allowed", value=any_time)
    for wait in (Wait.QUIET_HOURS, Wait.WEEKDAY, Wait.HOLIDAY):

        def closed(
            at: datetime, hours: Hours, zone: ZoneInfo, holidays: frozenset[date], never: Wait = wait
        ) -> Wait | None:
            found = closed_by(at, hours, zone, holidays)
            return None if found is never else found

        yield Mutation(words=f"the gate never waits for `{wait.value}`", name=f"{GATE}.closed_by", value=closed)


def _without_a_law_of_the_ledger() -> Iterator[Mutation]:
    def never(*_asked: object) -> Any:  # noqa: ANN401 - stands in for several
        return ()

    def later_only(end: Ended, right: Right, where: Scope) -> bool:
        return end.at > right.at and (end.scope.covers(where) or end.scope.covers(right.scope))

    def anybody(*_asked: object) -> bool:
        return True

    def nobody(*_asked: object) -> frozenset[str]:
        return frozenset()

    def as_written(event: LedgerEvent, purpose: Purpose) -> Scope:
        del purpose
        return Scope(channel=event.channel, address_id=event.address_id)

    broken: dict[str, tuple[str, Any]] = {
        "a stop without a purpose stops nothing": (f"{FOLD}.STOPPED_BY_A_STOP", ()),
        "a stop on one channel stops that channel only": (f"{FOLD}._reach", as_written),
        "a yes beats a no of the same time": (f"{STANDING}.Ended.ends", later_only),
        "an import turns a no into a yes": (f"{STANDING}.CANNOT_OVERRULE_A_NO", frozenset()),
        "staff and lists permit without evidence": (f"{FOLD}._may_permit", anybody),
        "a pause rests nothing": (f"{FOLD}._pauses", never),
        "a block closes nothing": (f"{FOLD}._closed", nobody),
        "an emergency freezes nothing": (f"{FOLD}._frozen_by", nobody),
        "a death changes nothing": (f"{FOLD}._deceased", never),
    }
    yield from (Mutation(words=words, name=name, value=value) for words, (name, value) in broken.items())


def _without_a_count() -> Iterator[Mutation]:
    honest = StoredFacts.sent
    for count in ("today", "week", "cycle", "year", "household"):

        def sent(stored: StoredFacts, since: Since, stage: Stage, lost: str = count) -> Sent:
            return replace(honest(stored, since, stage), **{lost: 0})  # type: ignore[arg-type]  # all counts are int

        yield Mutation(words=f"what was sent is never counted: `{count}`", name=COUNTING, value=sent)
