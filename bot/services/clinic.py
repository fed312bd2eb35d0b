"""The clinic while recare runs: its settings, policies and ids, read once at start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from bot.settings.clinic import ClinicSettings
from bot.settings.holidays import public_holidays
from bot.settings.values import WEEKDAYS, minutes_of
from flows.engine.context import ClinicFacts
from flows.ids import ClinicId, ProviderId, VisitTypeId
from flows.opening import OpeningHours
from flows.outreach.assignment import held_out_below
from flows.outreach.bands import LapsedRule
from flows.outreach.cadence import Calendar
from flows.outreach.facts import ClinicRules, Mode
from flows.outreach.hours import MONTHS_A_YEAR
from flows.outreach.policy import Caps, Policy
from flows.outreach.policy_book import PolicyBook
from flows.outreach.programme import Programme
from flows.outreach.verdict import Refusal
from flows.outreach.withholding import Place, withheld
from flows.vocabulary import Channel, Language, Purpose
from storage.calendars.search import OfferRules


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """One clinic, whole. What follows from its settings is worked out once.

    provider_names: of all that may be booked, in the file's order. recall_type: the visit recall invites to.
    """

    id: ClinicId
    slug: str
    settings: ClinicSettings
    zone: ZoneInfo
    policies: PolicyBook
    mode: Mode
    provider_names: Mapping[ProviderId, str]
    recall_type: VisitTypeId
    lapsed: LapsedRule
    programme: Programme
    _facts: dict[tuple[str | None, Channel, Language], ClinicFacts] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Look up the holidays here at once: that takes as long as fifty turns, none of which should wait for it."""
        _ = self.calendar

    @property
    def policy(self) -> Policy:
        """The policy the clinic chose; `policy_for` tells which one counts for a patient."""
        return self.policies.own

    def policy_for(self, residence: str | None, channel: Channel | None) -> Policy:
        """The strictest of the clinic's policy, of where a patient lives and of how they are reached.

        residence: ISO 3166-1 alpha-2, or with "-" and a subdivision; None: where the clinic is.
        """
        return self.policies.for_patient(residence, channel)

    @cached_property
    def providers(self) -> tuple[ProviderId, ...]:
        """All that may be booked, in the file's order."""
        return tuple(self.provider_names)

    def providers_for(self, own: ProviderId | None) -> tuple[ProviderId, ...]:
        """All that may be booked, the patient's own dentist first."""
        return tuple(sorted(self.providers, key=lambda provider: provider != own))

    @cached_property
    def offer_rules(self) -> OfferRules:
        """How free times are offered."""
        return OfferRules(closed=frozenset(self.settings.clinic.closed))

    @cached_property
    def opening_hours(self) -> OpeningHours:
        """When somebody is there, all providers together."""
        week = tuple(
            _joined({minutes_of(opening) for each in self.settings.provider for opening in each.hours.get(name, ())})
            for name in WEEKDAYS
        )
        return OpeningHours(week=week, closed=frozenset(self.settings.clinic.closed), zone=self.zone)

    def facts_for(self, residence: str | None, channel: Channel, language: Language) -> ClinicFacts:
        """The clinic as dialogs see it with somebody who lives there, is reached by this channel and reads this.

        What the policy forbids is not asked for. residence: as in `policy_for`. Kept for as long as the clinic itself,
        whose settings nothing changes while recare runs.
        """
        key = (residence, channel, language)
        if (known := self._facts.get(key)) is None:
            known = self._facts[key] = self._facts_of(self.policy_for(residence, channel), language)
        return known

    def _facts_of(self, policy: Policy, language: Language) -> ClinicFacts:
        rules = [rule for rule in policy.rules if rule.purpose is not Purpose.APPOINTMENT]
        return ClinicFacts(
            hold_minutes=self.settings.recall.hold_minutes,
            asks_for=frozenset(rule.purpose for rule in rules),
            at_most={rule.purpose: _most_in_a_year(rule.caps) for rule in rules},
            says=self.says_in(language),
            hours=self.opening_hours,
        )

    def says_in(self, language: Language) -> frozenset[str]:
        """The subjects on which the clinic has words of its own in a language."""
        says = self.settings.says.get(language)
        return frozenset(name for name, words in says if words is not None) if says else frozenset()

    def language_of(self, language: Language | None) -> Language:
        """The language to speak with somebody whose own is not known: the clinic's."""
        return language or self.settings.clinic.language

    @cached_property
    def calendar(self) -> Calendar:
        """Where days are counted for sending."""
        return self.calendar_for(None)

    def calendar_for(self, residence: str | None) -> Calendar:
        """Where days are counted for a patient who lives there; residence: as in `policy_for`."""
        return Calendar(zone=self.zone, holidays=self.holidays_for(residence))

    def holidays_for(self, residence: str | None) -> frozenset[date]:
        """The days on which a patient who lives there is left in peace, where their policy rests on holidays.

        Public holidays here and there, and the days on which the clinic is closed. residence: as in `policy_for`.
        """
        return _left_in_peace(self.policies.home, residence or self.policies.home, self.settings.clinic.closed)

    @property
    def held_out(self) -> int:
        """Below which lot patients are held out of the programme."""
        return held_out_below(self.settings.recall.hold_out)

    def withheld(self, place: Place, now: datetime) -> Refusal | None:
        """Why the programme leaves somebody in this place alone at `now` (UTC); None if it does not."""
        return withheld(place, self.programme, held_out=self.held_out, now=now, zone=self.zone)

    def rules(self, *, policy_signed: bool, sending_stopped: bool, residence: str | None = None) -> ClinicRules:
        """What the gate needs to know of the clinic when it judges about somebody who lives there."""
        return ClinicRules(
            zone=self.zone,
            holidays=self.holidays_for(residence),
            lapsed=self.lapsed,
            policy_signed=policy_signed,
            sending_stopped=sending_stopped,
            mode=self.mode,
        )


def _most_in_a_year(caps: Caps) -> int:
    """How many messages twelve months can bring at most, whichever cap is reached first."""
    cycles = -(-MONTHS_A_YEAR // caps.cycle_months)
    return min(caps.year, caps.cycle * cycles)


def _joined(stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(stretches):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return tuple(joined)


@cache
def _left_in_peace(home: str, residence: str, closed: tuple[date, ...]) -> frozenset[date]:
    return public_holidays(home) | public_holidays(residence) | frozenset(closed)
