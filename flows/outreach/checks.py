"""The gate's checks: each looks at one reason why a message may not leave.

A check that lacks a fact objects. The order of the tables is the order of importance to the person who reads the reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from flows.outreach.bands import Band, add_months, band, lapsed_on, resting_since
from flows.outreach.cadence import CHECK_IN_LATEST_DAYS
from flows.outreach.facts import Facts, Mode
from flows.outreach.hours import day_begins, local_day
from flows.outreach.ledger import ActedBy, Basis
from flows.outreach.policy import Automation, Policy, PurposeRule
from flows.outreach.standing import Right, Scope, Standing
from flows.outreach.verdict import Refusal, SendRequest, Stage
from flows.vocabulary import PatientStatus, Purpose

CONVERSATION_WINDOW = timedelta(hours=24)
"""So long after a patient's message an open question counts as a conversation."""

BREATH = timedelta(minutes=30)
"""So long a message about a booked visit waits for a patient who is just writing."""

_PROGRAMME = frozenset({Purpose.RECALL, Purpose.OFFER})


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


@dataclass(frozen=True, kw_only=True, slots=True)
class RuledCase(Case):
    """A question whose purpose the policy does not forbid."""

    rule: PurposeRule


Check: TypeAlias = Callable[[Case], Refusal | None]
RuledCheck: TypeAlias = Callable[[RuledCase], Refusal | None]
Delay: TypeAlias = Callable[[RuledCase], datetime | None]


def key_is_there(case: Case) -> Refusal | None:
    """An erased person is not written to."""
    return None if case.facts.key_present else Refusal.KEY_MISSING


def ledger_is_whole(case: Case) -> Refusal | None:
    """A broken chain proves nothing."""
    return None if case.facts.ledger_whole else Refusal.LEDGER_BROKEN


def is_our_patient(case: Case) -> Refusal | None:
    """Moved, deceased, left, do not contact: never, appointments included."""
    return None if case.facts.status is PatientStatus.ACTIVE else Refusal.NEVER_CONTACT


def is_not_frozen(case: Case) -> Refusal | None:
    """After an emergency or a complaint a person writes first."""
    return Refusal.FROZEN if case.facts.rights.frozen else None


def visit_exists(case: Case) -> Refusal | None:
    """A reminder is about a visit ahead, a check-in about one just past."""
    visit_at = case.facts.visit_at
    if case.purpose is Purpose.APPOINTMENT:
        return None if visit_at is not None and visit_at > case.now else Refusal.NO_VISIT
    if case.purpose is Purpose.POSTVISIT:
        past = visit_at is not None and visit_at <= case.now
        return None if past and not _too_late(case, visit_at) else Refusal.NO_VISIT
    return None


def _too_late(case: Case, visit_at: datetime | None) -> bool:
    return visit_at is None or case.today > case.day_of(visit_at) + timedelta(days=CHECK_IN_LATEST_DAYS)


def nothing_is_booked(case: Case) -> Refusal | None:
    """Who has a visit open is not asked to come."""
    return Refusal.BOOKED if case.purpose in _PROGRAMME and case.facts.next_visit_at is not None else None


def is_due(case: Case) -> Refusal | None:
    """Recall is for lapsed patients of bands A, B and C."""
    seen = case.facts.last_visit_on
    if case.purpose not in _PROGRAMME:
        return None
    if seen is None:
        return Refusal.NEVER_VISITED
    away = band(seen, None, case.today)
    if away is Band.OUT:
        return Refusal.LAPSED_OUT
    lapsed = lapsed_on(seen, case.facts.recall_months, case.facts.clinic.lapsed) <= case.today
    return None if lapsed and away is not Band.RECENT else Refusal.NOT_DUE


def is_not_resting(case: Case) -> Refusal | None:
    """One campaign a year without a visit, unless they asked for a later date; and any answer ends the one that runs."""
    facts = case.facts
    if case.purpose not in _PROGRAMME or facts.last_contacted_at is None:
        return None
    if case.request.step > 1:
        answered = facts.heard_at is not None and facts.heard_at >= facts.last_contacted_at
        return Refusal.RESTING if answered else None
    contacted_on = case.day_of(facts.last_contacted_at)
    if contacted_on < resting_since(case.today) or _asked_back(case, facts.last_contacted_at):
        return None
    seen_since = facts.last_visit_on is not None and facts.last_visit_on >= contacted_on
    return None if seen_since else Refusal.RESTING


def _asked_back(case: Case, contacted_at: datetime) -> bool:
    until = case.facts.rights.pause_of(case.purpose)
    return until is not None and contacted_at < until <= case.now


def age_is_known(case: Case) -> Refusal | None:
    """Unknown is no: the person may be a child."""
    return Refusal.UNKNOWN_AGE if case.facts.birth_date is None else None


def is_of_age(case: Case) -> Refusal | None:
    """A child is written to only where a guardian said yes, and never with an offer."""
    if not _is_minor(case):
        return None
    rights = case.facts.rights.candidates(case.purpose, case.now, case.where)
    guarded = any(right.acted_by is ActedBy.GUARDIAN for right in rights)
    return None if guarded and case.purpose is not Purpose.OFFER else Refusal.MINOR


def _is_minor(case: Case) -> bool:
    """Who is born on 29 February comes of age on 1 March."""
    born, today = case.facts.birth_date, case.today
    if born is None:
        return False
    birthday_ahead = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - int(birthday_ahead) < case.policy.minor_age


def language_is_known(case: Case) -> Refusal | None:
    """Nobody is written to in a guessed language."""
    return Refusal.UNKNOWN_LANGUAGE if case.facts.language is None else None


def right_holds(case: RuledCase) -> Refusal | None:
    """A right in the ledger, for this purpose and address, that the policy accepts today; or the booked visit itself."""
    found = right_for(case)
    if isinstance(found, Right):
        return None
    said = case.facts.rights.standing(case.purpose, case.now, case.where)
    if said in {Standing.DENIED, Standing.WITHDRAWN}:
        return Refusal.WITHDRAWN
    if said is Standing.OBJECTED:
        return Refusal.OBJECTED
    if _visit_is_the_right(case):
        return None
    ran_out = found is Refusal.BASIS_EXPIRED or said is Standing.EXPIRED
    return Refusal.BASIS_EXPIRED if ran_out else Refusal.NO_RIGHT


def right_for(case: RuledCase) -> Right | Refusal:
    """The latest right the policy accepts, or why none of those given is."""
    candidates = case.facts.rights.candidates(case.purpose, case.now, case.where)
    worth = [right for right in candidates if _counts(case, right)]
    standing = [right for right in worth if not _ran_out(case, right)]
    if standing:
        return standing[0]
    return Refusal.BASIS_EXPIRED if worth else Refusal.NO_RIGHT


def _counts(case: RuledCase, right: Right) -> bool:
    """A guardian decides for a child and for nobody else; an import is worth what the policy says."""
    if (right.acted_by is ActedBy.GUARDIAN) is not _is_minor(case):
        return False
    if right.acted_by is ActedBy.IMPORT and case.purpose not in case.policy.imported_yes:
        return False
    return right.basis is not Basis.BOOKED_VISIT and case.rule.accepted(right.basis) is not None


def _ran_out(case: RuledCase, right: Right) -> bool:
    accepted = case.rule.accepted(right.basis)
    if accepted is None or accepted.months is None:
        return accepted is None
    return case.today >= add_months(case.day_of(right.valid_from), accepted.months)


def _visit_is_the_right(case: RuledCase) -> bool:
    return case.purpose is Purpose.APPOINTMENT and case.rule.accepted(Basis.BOOKED_VISIT) is not None


def is_not_paused(case: RuledCase) -> Refusal | None:
    """The patient asked for silence until a date."""
    return Refusal.PAUSED if case.facts.rights.paused(case.purpose, case.now) else None


def channel_is_open(case: RuledCase) -> Refusal | None:
    """Blocked by the patient, or given up after a bounce or a wrong person."""
    closed = case.facts.rights.is_closed(case.request.channel, case.facts.address_id)
    return Refusal.CHANNEL_CLOSED if closed else None


def channel_is_accepted(case: RuledCase) -> Refusal | None:
    """The policy names the channels of each purpose."""
    return None if case.request.channel in case.rule.channels else Refusal.PURPOSE_FORBIDDEN


def address_is_proven(case: RuledCase) -> Refusal | None:
    """An address is proven before it is used."""
    return Refusal.UNREACHED if case.facts.address_id is None else None


def text_says_no_more_than_it_may(case: RuledCase) -> Refusal | None:
    """The policy caps the content level."""
    return None if 0 <= case.request.level <= case.rule.highest_level else Refusal.CONTENT_LEVEL


def bot_owns_the_chat(case: RuledCase) -> Refusal | None:
    """While staff owns a chat the bot says nothing by itself."""
    return Refusal.STAFF_OWNS if case.facts.staff_owns else None


def is_not_talking(case: RuledCase) -> Refusal | None:
    """Nobody is invited in the middle of a conversation."""
    if case.purpose not in _PROGRAMME or not _talking(case, CONVERSATION_WINDOW):
        return None
    return Refusal.IN_CONVERSATION


def _talking(case: RuledCase, window: timedelta) -> bool:
    heard_at = case.facts.heard_at
    return case.facts.asked and heard_at is not None and case.now < heard_at + window


def is_the_first_of_its_kind(case: RuledCase) -> Refusal | None:
    """The same step is never sent twice."""
    return Refusal.DUPLICATE if case.facts.duplicate else None


def cycle_has_room(case: RuledCase) -> Refusal | None:
    """The cap of the cycle; and counts that contradict each other are no counts."""
    sent, caps = case.facts.sent, case.rule.caps
    unknown_since = sent.last_at is None and max(sent.today, sent.week, sent.cycle) > 0
    return Refusal.CAP_REACHED if unknown_since or sent.cycle >= caps.cycle else None


def there_is_time_to_offer(case: RuledCase) -> Refusal | None:
    """Nobody is invited to a full calendar."""
    return Refusal.NO_FREE_TIME if case.purpose in _PROGRAMME and case.facts.free_times < 1 else None


def batch_is_released(case: RuledCase) -> Refusal | None:
    """Where the policy wants a person to release the batch, nothing leaves before."""
    waits = case.rule.automation is not Automation.AUTO and case.request.stage is Stage.SENDING
    return Refusal.NOT_RELEASED if waits and not case.facts.released else None


def policy_is_signed(case: RuledCase) -> Refusal | None:
    """Plans and rehearsals run without a signature; sending does not."""
    clinic = case.facts.clinic
    free = case.request.stage is Stage.PLANNED or clinic.mode is Mode.REHEARSAL
    return None if free or clinic.policy_signed else Refusal.POLICY_UNSIGNED


def after_the_talk(case: RuledCase) -> datetime | None:
    """What is not an invitation waits until the patient has finished: a reminder briefly, a check-in a day."""
    window = BREATH if case.purpose is Purpose.APPOINTMENT else CONVERSATION_WINDOW
    heard_at = case.facts.heard_at
    return heard_at + window if heard_at is not None and _talking(case, window) else None


def after_the_day(case: RuledCase) -> datetime | None:
    """The cap of a day: tomorrow."""
    if case.facts.sent.today < case.rule.caps.day:
        return None
    return day_begins(case.today + timedelta(days=1), case.facts.clinic.zone)


def after_the_week(case: RuledCase) -> datetime | None:
    """The cap of seven days: when all of them have certainly passed."""
    last_at = case.facts.sent.last_at
    return last_at + timedelta(days=7) if last_at is not None and case.facts.sent.week >= case.rule.caps.week else None


def after_the_gap(case: RuledCase) -> datetime | None:
    """The gap between two messages."""
    last_at = case.facts.sent.last_at
    return None if last_at is None else last_at + timedelta(days=case.rule.caps.gap_days)


PERSON: tuple[Check, ...] = (
    key_is_there,
    ledger_is_whole,
    is_our_patient,
    is_not_frozen,
    visit_exists,
    nothing_is_booked,
    is_due,
    is_not_resting,
    age_is_known,
    is_of_age,
    language_is_known,
)
"""What is judged first: whether this is somebody to write to about this at all."""

RULED: tuple[RuledCheck, ...] = (
    right_holds,
    is_not_paused,
    channel_is_accepted,
    address_is_proven,
    channel_is_open,
    text_says_no_more_than_it_may,
    bot_owns_the_chat,
    is_not_talking,
    is_the_first_of_its_kind,
    cycle_has_room,
    there_is_time_to_offer,
    batch_is_released,
    policy_is_signed,
)
"""What is judged next, once the policy has a rule for the purpose."""

DELAYS: tuple[Delay, ...] = (after_the_talk, after_the_day, after_the_week, after_the_gap)
"""What only postpones; the latest counts, and then the hours."""
