"""What planning and the gate are told of patients: candidates, counts, and the stored facts of one message."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.ids import AddressId, AppointmentId, ConversationId, PatientId, ProviderId
from flows.outreach.bands import Band, Concern, LapsedRule
from flows.outreach.facts import Sent
from flows.outreach.gate import Refusal, Stage
from flows.outreach.withholding import Place
from flows.vocabulary import Channel, Language, PatientStatus, Purpose, StayingAway
from storage.repositories.ledger import History
from storage.repositories.visits import VisitMade
from storage.sealing import Json
from storage.vocabulary import OutboxStatus

LEFT = frozenset({OutboxStatus.SENT, OutboxStatus.UNKNOWN})
"""What counts as sent: an unknown outcome is one."""

BEGUN = LEFT | {OutboxStatus.LEASED}
"""What counts towards a cap: what another process is handing over may be with the patient before it is written down."""

PENDING = frozenset({OutboxStatus.PLANNED, OutboxStatus.QUEUED, OutboxStatus.LEASED})

REACTIVATION = "reactivation:"
"""How the names of reactivation campaigns begin in the outbox."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DueQuery:
    """Where the bounds of being due lie. now: aware UTC; today: its day in the clinic's zone.

    minor_age: years, of the policy. channels: those on which the programme may write, the preferred first. held_out:
    below which lot people are held out. silent_after: reasons for staying away after which the programme is silent,
    each since when it must have been given for that to hold today (UTC; None: whenever it was).
    """

    now: datetime
    today: date
    zone: ZoneInfo
    lapsed: LapsedRule
    minor_age: int
    channels: tuple[Channel, ...]
    held_out: int = 0
    silent_after: Mapping[StayingAway, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """A proven, open address of a patient, and the talk on it, if there is one yet."""

    channel: Channel
    address_id: AddressId
    conversation_id: ConversationId | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaigned:
    """The latest step of a reactivation that left to a patient, and when (UTC)."""

    campaign: str
    step: int
    sent_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A patient who may be due. prefers: how they asked to be reached, if they did.

    running: the campaign that a later step would go on with; None for a first step.
    """

    patient_id: PatientId
    provider_id: ProviderId | None
    language: Language
    last_visit_on: date
    band: Band
    concern: Concern
    reached: Reached
    prefers: Channel | None = None
    staying_away: StayingAway | None = None
    running: Campaigned | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Every patient of a clinic once: by band if they may be due, else by the first reason why not."""

    due: Mapping[Band, int]
    out: Mapping[Refusal, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A message the gate is asked about. about: the appointment (APPOINTMENT) or visit (POSTVISIT) it speaks of."""

    patient_id: PatientId
    purpose: Purpose
    channel: Channel
    campaign: str
    step: int
    about: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """Since when messages count towards each cap (UTC)."""

    day_began: datetime
    week_began: datetime
    cycle_began: datetime
    year_began: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A message of the programme as the outbox knows it. at: when it left, else when it is to leave (UTC).

    status: LEASED once it is worded; what is only claimed waits as before (PLANNED), and may still be refused.
    """

    purpose: Purpose
    campaign: str | None
    step: int | None
    status: OutboxStatus
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFacts:
    """What is stored of one person that the gate wants to know of one message; fields as in `flows.outreach.facts`.

    residence: whose law holds besides the clinic's, None where nobody said. history: of the ledger. planned: every
    message of the programme to this person; to_household: those to the others of their household. place: in the
    programme. state: the opened state of the talk on the channel asked about; whether a question is open there is for
    the dialogs to say.
    """

    asked: Asked
    status: PatientStatus
    language: Language | None
    birth_date: date | None
    residence: str | None
    key_present: bool
    history: History
    last_visit_on: date | None
    recall_months: int | None
    next_visit_at: datetime | None
    visit_at: datetime | None
    last_contacted_at: datetime | None
    rhythm_months: int | None
    place: Place
    address_id: AddressId | None
    conversation_id: ConversationId | None
    staff_owns: bool
    heard_at: datetime | None
    state: Mapping[str, Json] | None
    planned: tuple[Planned, ...]
    to_household: tuple[Planned, ...]

    def sent(self, since: Since, stage: Stage) -> Sent:
        """Count what left or is leaving of the purpose asked about, on all channels; the household's as `Sent` says."""
        left = self._at(self.planned, BEGUN)
        others = self._at(self.to_household, BEGUN if stage is Stage.SENDING else LEFT | PENDING)
        return Sent(
            today=sum(at >= since.day_began for at in left),
            week=sum(at >= since.week_began for at in left),
            cycle=sum(at >= since.cycle_began for at in left),
            year=sum(at >= since.year_began for at in left),
            household=sum(at >= since.week_began for at in (*left, *others)),
            last_at=max(left, default=None),
        )

    def _at(self, planned: Iterable[Planned], statuses: Collection[OutboxStatus]) -> list[datetime]:
        return [one.at for one in planned if one.purpose is self.asked.purpose and one.status in statuses]

    def duplicate(self, stage: Stage) -> bool:
        """Tell whether this step was planned before, or another message of its purpose waits (when planned).

        When sending: whether this step left before.
        """
        same = [one for one in self.planned if (one.campaign, one.step) == (self.asked.campaign, self.asked.step)]
        if stage is Stage.SENDING:
            return any(one.status in LEFT for one in same)
        waiting = any(one.purpose is self.asked.purpose and one.status in PENDING for one in self.planned)
        return bool(same) or (waiting and self.asked.purpose in {Purpose.RECALL, Purpose.OFFER})


@dataclass(frozen=True, kw_only=True, slots=True)
class ReminderDue:
    """A visit ahead without a planned reminder. agreed_at: when its time was last confirmed to the patient (UTC)."""

    appointment_id: AppointmentId
    patient_id: PatientId
    starts_at: datetime
    agreed_at: datetime
    sequence: int
    reached: Reached


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInDue:
    """A visit whose check-in is due; `reached` is None if no proven address is left."""

    visit: VisitMade
    reached: Reached | None
