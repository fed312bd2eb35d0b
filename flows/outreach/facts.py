"""Everything the gate may know about one person at one moment; read beforehand, as plain values.

No field has a default: who does not know a fact says so, and unknown is no.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from flows.ids import AddressId
from flows.outreach.bands import LapsedRule
from flows.outreach.standing import Rights
from flows.outreach.verdict import Refusal
from flows.vocabulary import Language, PatientStatus


class Mode(StrEnum):
    """Whether real patients are written to. A rehearsal has synthetic patients only and needs no signed policy."""

    LIVE = "live"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """How many messages of the request's purpose left already, on all channels; unknown outcomes count as sent.

    today: on the clinic's calendar day of `now`; week: in the seven days before `now`; cycle: since
    `hours.cycle_began`; year: since `hours.year_began`. household: to this person and all who share their household, in
    the seven days before `now` (when planned, also what waits to leave to the others). last_at: to this person, UTC.
    """

    today: int
    week: int
    cycle: int
    year: int
    household: int
    last_at: datetime | None


NEVER_SENT = Sent(today=0, week=0, cycle=0, year=0, household=0, last_at=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicRules:
    """What is the same for all patients of a clinic at one time.

    holidays: public holidays in the clinic's calendar. policy_signed: a named person signed the policy's content hash.
    sending_stopped: nothing proactive leaves until a person has looked (a broken checkpoint of the ledger).
    """

    zone: ZoneInfo
    holidays: frozenset[date]
    lapsed: LapsedRule
    policy_signed: bool
    sending_stopped: bool
    mode: Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """One person, one moment, one message. Dates in the clinic's calendar, instants aware UTC.

    next_visit_at: start of the earliest visit still open (booked, and not kept, missed or cancelled since), even if
    past. visit_at: the visit the message is about: for APPOINTMENT the booked one, for POSTVISIT the one that was
    kept; None for RECALL and OFFER. last_contacted_at: the last message of the programme (RECALL, OFFER) that left;
    rhythm_months: the patient wants no more than one in so many calendar months, None: as the policy has it.
    withheld: why the programme itself leaves the person alone (`flows.outreach.withholding`), None if it does not.
    address_id: the open address on the request's channel: in a messenger a *verified* one, else one the clinic was
    given. asked: the bot has a question open in the chat; heard_at: the patient's last message. key_present: the
    person's key opens. ledger_whole: their chain verifies.
    duplicate: the same step of the same campaign was planned (when planned) or left (when sent) before. released: a
    person released the batch. free_times: how many times an invitation can offer.
    """

    clinic: ClinicRules
    status: PatientStatus
    language: Language | None
    birth_date: date | None
    rights: Rights
    ledger_whole: bool
    key_present: bool
    last_visit_on: date | None
    recall_months: int | None
    next_visit_at: datetime | None
    visit_at: datetime | None
    last_contacted_at: datetime | None
    rhythm_months: int | None
    withheld: Refusal | None
    sent: Sent
    address_id: AddressId | None
    staff_owns: bool
    asked: bool
    heard_at: datetime | None
    duplicate: bool
    released: bool
    free_times: int
