"""The reactivation programme as data: its steps, what ends it, and what comes after a reason for staying away.

Read from a file by `programme_reading`; the gate and the policy's caps win over whatever it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.outreach.cadence import Campaign, Step
from flows.vocabulary import Purpose, StayingAway


class StepKind(StrEnum):
    """What a step is: something sent, something a person does, or the end of the road."""

    MESSAGE = "message"
    CALL = "call"
    LETTER_OR_EMAIL = "letter_or_email"
    DENTIST_LIST = "dentist_list"
    OFF_LIST = "off_list"


class End(StrEnum):
    """What ends a campaign that is under way."""

    ANSWER = "answer"
    BOOKING = "booking"
    STOP = "stop"
    CALL = "call"


class Next(StrEnum):
    """What comes next for somebody who gave a reason for staying away.

    INVITE: the ordinary programme, after the ordinary rest. CALL: the same, but a person calls instead of a message.
    THEIR_DATE: from the date they named. REST: nothing for the programme's months of rest. NOTHING: nothing until they
    come or say otherwise. UNTIL_CLEARED: nothing until a person has cleared it.
    """

    INVITE = "invite"
    CALL = "call"
    THEIR_DATE = "their_date"
    REST = "rest"
    NOTHING = "nothing"
    UNTIL_CLEARED = "until_cleared"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeStep:
    """A step. number: counts from 1. days: at least so many after the step before it came to nothing.

    purpose: what it is sent or said for. wordings: of a MESSAGE, the texts of `flows.messages.recall.INVITATIONS`
    between which the lot decides; else none.
    """

    number: int
    kind: StepKind
    days: int
    purpose: Purpose
    wordings: tuple[str, ...] = ()

    @property
    def planned_as(self) -> Step:
        """The step as the cadence plans it."""
        return Step(campaign=Campaign.REACTIVATION, number=self.number, purpose=self.purpose, days=self.days)


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme:
    """A programme, whole; its file names every reason for staying away.

    rest_months: how long REST lasts. call_attempts: after so many calls that reached nobody the next step comes.
    """

    id: str
    version: int
    rest_months: int
    call_attempts: int
    ends: frozenset[End]
    steps: tuple[ProgrammeStep, ...]
    after: Mapping[StayingAway, Next]

    @property
    def messages(self) -> tuple[ProgrammeStep, ...]:
        """The steps that a messenger carries; they come first."""
        return tuple(step for step in self.steps if step.kind is StepKind.MESSAGE)

    def step(self, number: int) -> ProgrammeStep | None:
        """A step by its number; None beyond the last, and for 0."""
        return self.steps[number - 1] if 1 <= number <= len(self.steps) else None

    def first(self, kind: StepKind) -> ProgrammeStep | None:
        """The first step of a kind; None if the programme has none."""
        return next((step for step in self.steps if step.kind is kind), None)

    def next_for(self, reason: StayingAway | None) -> Next:
        """What comes next after a reason; who gave none is invited."""
        return Next.INVITE if reason is None else self.after[reason]
