"""What a dialog may know besides its own state: the time, the clinic, the patient, the visit ahead.

Everything is a value read before the step; a dialog never looks anything up.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.slots import BookedVisit
from flows.vocabulary import Language, Owner, Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicFacts:
    """The clinic as dialogs see it.

    hold_minutes: how long offered times are kept. asks_for: the purposes its settings show. says: which texts the
    clinic wrote itself in the patient's language and a dialog may quote: "fees", "payment", "fear", "bring".
    """

    hold_minutes: int = 10
    asks_for: frozenset[Purpose] = frozenset({Purpose.RECALL, Purpose.POSTVISIT})
    says: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientFacts:
    """The patient as dialogs see them; dates in the clinic's calendar."""

    language: Language
    last_visit_on: date | None = None
    permitted: frozenset[Purpose] = frozenset()
    frozen: bool = False
    has_mobile: bool = False
    has_email: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The world at the moment of a step.

    now: aware UTC. zone: the clinic's. visit: the next booked visit, if any. staff_back_at: when a person will be
    there (UTC), None while somebody is.
    """

    now: datetime
    zone: ZoneInfo
    clinic: ClinicFacts
    patient: PatientFacts
    visit: BookedVisit | None = None
    owner: Owner = Owner.BOT
    staff_back_at: datetime | None = None

    @property
    def today(self) -> date:
        """Today in the clinic's calendar."""
        return self.now.astimezone(self.zone).date()
