"""One question to the gate, and what its checks want to know of it. Read only, like all it holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.outreach.ages import age
from flows.outreach.facts import Facts
from flows.outreach.hours import local_day
from flows.outreach.policy import Policy, PurposeRule
from flows.outreach.standing import Scope
from flows.outreach.verdict import SendRequest
from flows.vocabulary import Purpose

PROGRAMME = frozenset({Purpose.RECALL, Purpose.OFFER})
"""The purposes of a message that asks somebody to come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One question to the gate."""

    request: SendRequest
    facts: Facts
    policy: Policy
    now: datetime

    @property
    def purpose(self) -> Purpose:
        """Why the message is sent."""
        return self.request.purpose

    @property
    def where(self) -> Scope:
        """Where the message would arrive."""
        return Scope(channel=self.request.channel, address_id=self.facts.address_id)

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        """The clinic's day of an instant."""
        return local_day(at, self.facts.clinic.zone)

    @property
    def is_minor(self) -> bool:
        """Whether the person is known to be a child."""
        born = self.facts.birth_date
        return born is not None and age(born, self.today) < self.policy.minor_age

    def is_talking(self, window: timedelta) -> bool:
        """Whether a question is open and the patient wrote within `window`."""
        heard_at = self.facts.heard_at
        return self.facts.asked and heard_at is not None and self.now < heard_at + window


@dataclass(frozen=True, kw_only=True, slots=True)
class RuledCase(Case):
    """A question whose purpose the policy does not forbid."""

    rule: PurposeRule
