"""What a dialog may know besides its own state: the time, the clinic, the patient, the visit ahead.

Everything is a value read before the step; a dialog never looks anything up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.opening import ALWAYS_OPEN, OpeningHours
from flows.slots import BookedVisit
from flows.vocabulary import Channel, Language, Owner, Purpose, TicketReason


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicFacts:
    """The clinic as dialogs see it.

    hold_minutes: how long offered times are kept. asks_for: the purposes its settings show; at_most: how many messages
    of each the patient's policy allows in a year. says: which texts the clinic wrote itself in the patient's language
    and a dialog may quote: "fees", "payment", "fear", "bring". hours: when somebody is there.
    """

    hold_minutes: int = 10
    asks_for: frozenset[Purpose] = frozenset({Purpose.RECALL, Purpose.POSTVISIT})
    at_most: Mapping[Purpose, int] = field(default_factory=dict)
    says: frozenset[str] = frozenset()
    hours: OpeningHours = ALWAYS_OPEN


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientFacts:
    """The patient as dialogs see them; dates in the clinic's calendar.

    unasked: purposes they said neither yes nor no to and were never asked about. minor: a guardian decides for them.
    preferred_channel, rhythm_months (one message in so many months): as they asked; None: as the policy has it.
    known: False for whoever writes and might be anybody. household: for how many patients their account may speak.
    """

    language: Language
    last_visit_on: date | None = None
    permitted: frozenset[Purpose] = frozenset()
    unasked: frozenset[Purpose] = frozenset()
    minor: bool = False
    preferred_channel: Channel | None = None
    rhythm_months: int | None = None
    frozen: bool = False
    has_mobile: bool = False
    has_email: bool = False
    known: bool = True
    household: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The world at the moment of a step.

    now: aware UTC. zone: the clinic's. visit: the next booked visit, if any. worry: why staff were asked to look, if it
    was for a worry or an emergency and they have not finished.
    """

    now: datetime
    zone: ZoneInfo
    clinic: ClinicFacts
    patient: PatientFacts
    visit: BookedVisit | None = None
    owner: Owner = Owner.BOT
    worry: TicketReason | None = None

    @property
    def today(self) -> date:
        """Today in the clinic's calendar."""
        return self.now.astimezone(self.zone).date()

    @property
    def staff_back_at(self) -> datetime | None:
        """When a person will be there (UTC), None while somebody is."""
        return self.clinic.hours.next_opening(self.now)
