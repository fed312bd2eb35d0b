"""Who falls out of a reactivation and why, as SQL: the gate's first reasons, told from the plain columns.

Whoever the gate would permit is left by every condition here; whoever it would refuse may be left too.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    exists,
    false,
    literal,
    literal_column,
    not_,
    or_,
    select,
)

from flows.outreach.bands import DUE_BANDS, Band
from flows.outreach.gate import Refusal
from flows.outreach.ledger import Act, ActedBy
from flows.vocabulary import Channel, Owner, PatientStatus, Purpose, TicketReason
from storage.models import Address, Conversation, LedgerEntry, Outgoing, Patient, PersonKey, WorklistItem, table_of
from storage.records.planning import PENDING
from storage.repositories.due_bounds import (
    DUE_AT_MOST_MONTHS,
    GIVEN_SINCE,
    HELD_OUT_BELOW,
    LAPSED_OUT_BEFORE,
    LATEST_VISIT,
    LATEST_VISIT_BEYOND,
    LATEST_VISIT_OF,
    NOW,
    RESTING_SINCE,
    STRETCH,
    UNDER_AGE_SINCE,
    Shape,
)
from storage.repositories.reached import ON_THE_BOOKS

_addresses = table_of(Address)
_keys = table_of(PersonKey)
_ledger = table_of(LedgerEntry)
_cleared = _ledger.alias("cleared")
_outbox = table_of(Outgoing)
_talks = table_of(Conversation)
_items = table_of(WorklistItem)
patients = table_of(Patient)

_NOES = (Act.DENY, Act.WITHDRAW, Act.OBJECT)
_SUPPRESSING = (Act.ERASED, Act.SUPPRESSED)
_SAID_AGAIN = frozenset({Refusal.DECEASED, Refusal.SUPPRESSED, Refusal.COMPLAINT_OPEN, Refusal.WITHDRAWN})
"""Reasons told apart for staff; whom they hold for fall out by a plain column as well."""


def _word(word: StrEnum) -> ColumnElement[str]:
    """A word of ours as it stands in the statement, not bound to it.

    Only so do both databases see that the partial index of patients due serves, and only so does SQLite keep a
    statement it has prepared: a bound word that a partial index might ask for makes it plan anew each time.
    """
    return literal_column(f"'{word.value}'")


def _words(words: Iterable[StrEnum]) -> list[ColumnElement[str]]:
    return [_word(word) for word in sorted(words)]


_ACTIVE = patients.c.status == _word(PatientStatus.ACTIVE)


def objections(shape: Shape) -> tuple[tuple[Refusal, ColumnElement[bool]], ...]:
    """The reasons against a first invitation, in the gate's order, each with the patients it holds for."""
    return (*_person(shape), (Refusal.RESTING, _is_resting()), *_withheld(shape), *_message(shape))


def objections_to_next(shape: Shape) -> tuple[tuple[Refusal, ColumnElement[bool]], ...]:
    """The reasons against a further step of a campaign that is under way."""
    return (*_person(shape), *_withheld(shape), *_message(shape))


def none_of(against: tuple[tuple[Refusal, ColumnElement[bool]], ...]) -> ColumnElement[bool]:
    """The patients none of the reasons holds for."""
    return and_(*(not_(condition) for reason, condition in against if reason not in _SAID_AGAIN))


def _person(shape: Shape) -> tuple[tuple[Refusal, ColumnElement[bool]], ...]:
    seen = patients.c.last_visit_on
    return (
        (Refusal.KEY_MISSING, not_(_has(_keys))),
        (Refusal.DECEASED, _is_deceased()),
        (Refusal.SUPPRESSED, not_(patients.c.recall_ok) & _has(_ledger, _ledger.c.act.in_(_words(_SUPPRESSING)))),
        (Refusal.NEVER_CONTACT, not_(_ACTIVE)),
        (Refusal.COMPLAINT_OPEN, patients.c.frozen & _only_complained()),
        (Refusal.FROZEN, patients.c.frozen),
        (Refusal.BOOKED, patients.c.next_visit_at.is_not(None)),
        (Refusal.NEVER_VISITED, seen.is_(None)),
        (Refusal.LAPSED_OUT, seen < LAPSED_OUT_BEFORE),
        (Refusal.NOT_DUE, seen > _latest_visit(shape)),
    )


def _message(shape: Shape) -> tuple[tuple[Refusal, ColumnElement[bool]], ...]:
    of_recall = or_(_ledger.c.purpose.is_(None), _ledger.c.purpose == _word(Purpose.RECALL))
    said_no = _has(_ledger, _ledger.c.act.in_(_words(_NOES)), of_recall)
    return (
        (Refusal.UNKNOWN_AGE, patients.c.birth_month.is_(None)),
        (Refusal.MINOR, _child_without_guardian()),
        (Refusal.UNKNOWN_LANGUAGE, patients.c.language.is_(None)),
        (Refusal.WITHDRAWN, not_(patients.c.recall_ok) & said_no),
        (Refusal.NO_RIGHT, not_(patients.c.recall_ok)),
        (Refusal.PAUSED, _later(patients.c.paused_until)),
        (Refusal.UNREACHED, not_(_has(_addresses, *_reaches(shape.channels)))),
        (Refusal.STAFF_OWNS, _has(_talks, _talks.c.owner == _word(Owner.STAFF))),
        (Refusal.DUPLICATE, _waits()),
    )


def _withheld(shape: Shape) -> tuple[tuple[Refusal, ColumnElement[bool]], ...]:
    """The programme's own reasons, as `flows.outreach.withholding` gives them."""
    return (
        (Refusal.HELD_OUT, patients.c.lot < HELD_OUT_BELOW),
        (Refusal.OFF_LIST, _is_off_the_list()),
        (Refusal.REASON_GIVEN, _gave_a_reason(shape)),
    )


def _is_off_the_list() -> ColumnElement[bool]:
    wrote = _has(_talks, _talks.c.last_patient_at >= patients.c.off_list_at)
    return patients.c.off_list_at.is_not(None) & not_(wrote)


def _gave_a_reason(shape: Shape) -> ColumnElement[bool]:
    said, given = patients.c.staying_away, patients.c.staying_away_at
    silent = [said == reason for reason in shape.silent_after]
    silent += [
        (said == reason) & (given.is_(None) | (given >= GIVEN_SINCE[reason])) for reason in shape.silent_for_a_while
    ]
    return said.is_not(None) & or_(false(), *silent)


def _waits() -> ColumnElement[bool]:
    """Another message of the programme waits to leave, or somebody is to call or write."""
    message = _has(_outbox, _outbox.c.purpose == _word(Purpose.RECALL), _outbox.c.status.in_(_words(PENDING)))
    return message | _has(_items, _items.c.outcome.is_(None))


def _is_resting() -> ColumnElement[bool]:
    """Contacted in the past year and not seen since, unless the silence they asked for then has ended (band D).

    Who is due was last seen a year ago or longer, so that every contact of the past year is one since.
    """
    contacted, until = patients.c.last_contacted_at, patients.c.paused_until
    asked_back = until.is_not(None) & (until > contacted) & (until <= NOW)
    return contacted.is_not(None) & (contacted >= RESTING_SINCE) & not_(asked_back)


def _latest_visit(shape: Shape) -> ColumnElement[date]:
    """The latest last visit of somebody lapsed, by the patient's own recall interval."""
    own = range(shape.own_from_months, DUE_AT_MOST_MONTHS + 1)
    return case(
        (patients.c.recall_months < shape.own_from_months, LATEST_VISIT),
        *((patients.c.recall_months == months, LATEST_VISIT_OF[months]) for months in own),
        (patients.c.recall_months > DUE_AT_MOST_MONTHS, LATEST_VISIT_BEYOND),
        else_=LATEST_VISIT,
    )


def band_of() -> ColumnElement[str]:
    """The band of somebody due."""
    seen = patients.c.last_visit_on
    within = ((seen.between(*STRETCH[band]), literal(band.value)) for band in DUE_BANDS)
    return case(*within, else_=literal(Band.OUT.value))


def _reaches(channels: tuple[Channel, ...]) -> tuple[ColumnElement[bool], ...]:
    """The addresses that may be written to: on one of these channels, open, proven or on the clinic's books."""
    return (
        _addresses.c.channel.in_(_words(channels)),
        or_(_addresses.c.verified_at.is_not(None), _addresses.c.channel.in_(_words(ON_THE_BOOKS))),
        _addresses.c.closed_at.is_(None),
    )


def _child_without_guardian() -> ColumnElement[bool]:
    """Surely under age, whatever the day of the month, and no guardian has ever said yes."""
    guarded = _has(_ledger, _ledger.c.act == _word(Act.PERMIT), _ledger.c.acted_by == _word(ActedBy.GUARDIAN))
    return (patients.c.birth_month > UNDER_AGE_SINCE) & not_(guarded)


def _is_deceased() -> ColumnElement[bool]:
    """Said by the status, or by the ledger, where nobody has taken it back."""
    reported = not_(patients.c.recall_ok) & _has(_ledger, _ledger.c.act == _word(Act.DECEASED))
    corrected = _has(_ledger, _ledger.c.act == _word(Act.CORRECTED))
    return (patients.c.status == PatientStatus.DECEASED) | (reported & not_(corrected))


def _only_complained() -> ColumnElement[bool]:
    """Whether whatever froze them for another reason than a complaint was cleared since."""
    cleared = exists(
        select(literal(1))
        .where(
            _cleared.c.clinic_id == _ledger.c.clinic_id,
            _cleared.c.patient_id == _ledger.c.patient_id,
            _cleared.c.act == Act.CLEAR,
            _cleared.c.acted_by == ActedBy.STAFF,
            _cleared.c.at.between(_ledger.c.at, NOW),
            _cleared.c.at != _ledger.c.at,
        )
        .correlate(_ledger)
    )
    other = _ledger.c.collected != TicketReason.COMPLAINT.value
    return not_(_has(_ledger, _ledger.c.act == _word(Act.FREEZE), other, not_(cleared)))


def _later(column: ColumnElement[object]) -> ColumnElement[bool]:
    return column.is_not(None) & (column > NOW)


def _has(rows: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a patient has a row in a table for which the conditions hold."""
    return exists(
        select(literal(1))
        .select_from(rows)
        .where(rows.c.clinic_id == patients.c.clinic_id, rows.c.patient_id == patients.c.id, *conditions)
        .correlate(patients)
    )
