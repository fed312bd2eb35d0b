"""The clinic while recare runs: its settings, policy and ids, read once at start."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.settings.clinic import ClinicSettings
from flows.ids import ClinicId, ProviderId, VisitTypeId
from flows.outreach.bands import LapsedRule
from flows.outreach.cadence import Calendar
from flows.outreach.facts import ClinicRules, Mode
from flows.outreach.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """One clinic, whole. providers: all that may be booked; recall_type: the visit recall invites to."""

    id: ClinicId
    slug: str
    settings: ClinicSettings
    zone: ZoneInfo
    policy: Policy
    mode: Mode
    providers: tuple[ProviderId, ...]
    recall_type: VisitTypeId
    surgical_types: frozenset[VisitTypeId]
    lapsed: LapsedRule

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
