"""The clinic while recare runs: its settings, policy and ids, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.settings.clinic import ClinicSettings
from flows.ids import ClinicId, ProviderId, VisitTypeId
from flows.outreach.bands import LapsedRule
from flows.outreach.cadence import Calendar
from flows.outreach.facts import ClinicRules, Mode
from flows.outreach.policy import Policy
from flows.vocabulary import Language
from storage.calendars.search import OfferRules


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """One clinic, whole.

    provider_names: of all that may be booked, in the file's order. recall_type: the visit recall invites to.
    """

    id: ClinicId
    slug: str
    settings: ClinicSettings
    zone: ZoneInfo
    policy: Policy
    mode: Mode
    provider_names: Mapping[ProviderId, str]
    recall_type: VisitTypeId
    lapsed: LapsedRule

    @property
    def providers(self) -> tuple[ProviderId, ...]:
        """All that may be booked, in the file's order."""
        return tuple(self.provider_names)

    def providers_for(self, own: ProviderId | None) -> tuple[ProviderId, ...]:
        """All that may be booked, the patient's own dentist first."""
        return tuple(sorted(self.providers, key=lambda provider: provider != own))

    @property
    def offer_rules(self) -> OfferRules:
        """How free times are offered."""
        return OfferRules(closed=frozenset(self.settings.clinic.closed))

    def language_of(self, language: Language | None) -> Language:
        """The language to speak with somebody whose own is not known: the clinic's."""
        return language or self.settings.clinic.language

    @property
    def calendar(self) -> Calendar:
        """Where days are counted for sending."""
        return Calendar(zone=self.zone, holidays=frozenset(self.settings.clinic.closed))

    def rules(self, *, policy_signed: bool) -> ClinicRules:
        """What the gate needs to know of the clinic."""
        return ClinicRules(
            zone=self.zone,
            holidays=frozenset(self.settings.clinic.closed),
            lapsed=self.lapsed,
            policy_signed=policy_signed,
            mode=self.mode,
        )
