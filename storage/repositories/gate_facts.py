"""Reads what the gate wants to know of many people at once: seven statements, whatever the number."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import RowMapping, and_, bindparam, case, func, literal, select, union_all

from flows.ids import PatientId
from flows.outreach.withholding import Place as ProgrammePlace
from flows.vocabulary import Channel, Owner, Purpose
from storage.models import Appointment, Conversation, Outgoing, Patient, PersonKey, Visit, WorklistItem, table_of
from storage.records.people import Profile
from storage.records.planning import LEFT, PENDING, Asked, Planned, Reached, StoredFacts
from storage.repositories.ledger import LedgerRepository
from storage.repositories.reached import reached
from storage.scope import Scope
from storage.sealing import Json, Place
from storage.vocabulary import AppointmentStatus, OutboxKind, OutboxStatus

_patients = table_of(Patient)
_others = _patients.alias("others")
_keys = table_of(PersonKey)
_outbox = table_of(Outgoing)
_talks = table_of(Conversation)
_appointments = table_of(Appointment)
_visits = table_of(Visit)
_items = table_of(WorklistItem)

_PEOPLE = (
    select(
        _patients.c.id,
        _patients.c.status,
        _patients.c.language,
        _patients.c.residence,
        _patients.c.last_visit_on,
        _patients.c.recall_months,
        _patients.c.next_visit_at,
        _patients.c.last_contacted_at,
        _patients.c.rhythm_months,
        _patients.c.lot,
        _patients.c.staying_away,
        _patients.c.staying_away_at,
        _patients.c.off_list_at,
        _patients.c.profile,
        _keys.c.version,
        _keys.c.sealed_key,
    )
    .outerjoin(_keys, (_keys.c.clinic_id == _patients.c.clinic_id) & (_keys.c.patient_id == _patients.c.id))
    .where(
        _patients.c.clinic_id == bindparam("clinic_id"),
        _patients.c.id.in_(bindparam("patient_ids", expanding=True)),
    )
)
_CLAIMED_ONLY = and_(_outbox.c.status == OutboxStatus.LEASED, _outbox.c.body.is_(None))
_MESSAGE = (
    _outbox.c.purpose,
    _outbox.c.campaign,
    _outbox.c.step,
    case(
        (_CLAIMED_ONLY, literal(OutboxStatus.PLANNED, _outbox.c.status.type)),
        else_=_outbox.c.status,
    ).label("status"),
    func.coalesce(_outbox.c.sent_at, _outbox.c.lease_until, _outbox.c.not_before).label("at"),
)
_BY_ITSELF = (_outbox.c.kind == OutboxKind.PROACTIVE, _outbox.c.purpose.is_not(None))
# What people of the clinic have still to do about somebody is planned like any message.
_PLANNED = union_all(
    select(_outbox.c.patient_id, *_MESSAGE).where(
        _outbox.c.clinic_id == bindparam("clinic_id"),
        _outbox.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
        *_BY_ITSELF,
    ),
    select(
        _items.c.patient_id,
        literal(Purpose.RECALL, _outbox.c.purpose.type),
        _items.c.campaign,
        _items.c.step,
        literal(OutboxStatus.PLANNED, _outbox.c.status.type),
        _items.c.due_at,
    ).where(
        _items.c.clinic_id == bindparam("clinic_id"),
        _items.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
        _items.c.outcome.is_(None),
    ),
)
_TO_HOUSEHOLD = (
    select(_patients.c.id.label("patient_id"), *_MESSAGE)
    .join(
        _others,
        (_others.c.clinic_id == _patients.c.clinic_id)
        & (_others.c.household_id == _patients.c.household_id)
        & (_others.c.id != _patients.c.id),
    )
    .join(_outbox, (_outbox.c.clinic_id == _others.c.clinic_id) & (_outbox.c.patient_id == _others.c.id))
    .where(
        _patients.c.clinic_id == bindparam("clinic_id"),
        _patients.c.id.in_(bindparam("patient_ids", expanding=True)),
        _outbox.c.status.in_(LEFT | PENDING),
        *_BY_ITSELF,
    )
)
_TALKS = select(
    _talks.c.id, _talks.c.patient_id, _talks.c.address_id, _talks.c.owner, _talks.c.last_patient_at, _talks.c.state
).where(
    _talks.c.clinic_id == bindparam("clinic_id"),
    _talks.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
)
_APPOINTED = select(_appointments.c.id, _appointments.c.starts_at).where(
    _appointments.c.clinic_id == bindparam("clinic_id"),
    _appointments.c.id.in_(bindparam("about", expanding=True)),
    _appointments.c.status == AppointmentStatus.BOOKED,
)
_VISITED = (
    select(_visits.c.id, func.coalesce(_appointments.c.starts_at, _visits.c.marked_at).label("starts_at"))
    .outerjoin(
        _appointments,
        (_appointments.c.clinic_id == _visits.c.clinic_id) & (_appointments.c.id == _visits.c.appointment_id),
    )
    .where(_visits.c.clinic_id == bindparam("clinic_id"), _visits.c.id.in_(bindparam("about", expanding=True)))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Talks:
    """A person's talks: whether staff own one, when they last wrote in any, and the one on the address at hand."""

    staff_owns: bool
    heard_at: datetime | None
    here: RowMapping | None


class GateFacts:
    """Works in one transaction of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def read(self, asked: Sequence[Asked]) -> dict[PatientId, StoredFacts]:
        """Read the facts of each message asked about, one a person; people of no row are missing."""
        if not asked:
            return {}
        patient_ids = [one.patient_id for one in asked]
        people = {row["id"]: row for row in self._select(_PEOPLE, patient_ids)}
        histories = LedgerRepository(self._scope).histories(patient_ids)
        planned = self._planned(_PLANNED, patient_ids)
        to_household = self._planned(_TO_HOUSEHOLD, patient_ids)
        talks: dict[PatientId, list[RowMapping]] = defaultdict(list)
        for talk in self._select(_TALKS, patient_ids):
            talks[talk["patient_id"]].append(talk)
        addresses = self._addresses(asked)
        visits = self._visits(asked)
        facts: dict[PatientId, StoredFacts] = {}
        for one in asked:
            if (row := people.get(one.patient_id)) is None:
                continue
            where = addresses.get(one.patient_id)
            spoken = _talk(talks[one.patient_id], where)
            key_present = row["version"] is not None
            facts[one.patient_id] = StoredFacts(
                asked=one,
                status=row["status"],
                language=row["language"],
                birth_date=self._birth_date(row) if key_present else None,
                residence=row["residence"],
                key_present=key_present,
                history=histories[one.patient_id],
                last_visit_on=row["last_visit_on"],
                recall_months=row["recall_months"],
                next_visit_at=row["next_visit_at"],
                visit_at=None if one.about is None else visits.get((one.purpose, one.about)),
                last_contacted_at=row["last_contacted_at"],
                rhythm_months=row["rhythm_months"],
                place=_place(row, spoken.heard_at),
                address_id=None if where is None else where.address_id,
                conversation_id=None if spoken.here is None else spoken.here["id"],
                staff_owns=spoken.staff_owns,
                heard_at=spoken.heard_at,
                state=self._state(spoken.here) if key_present else None,
                planned=tuple(planned[one.patient_id]),
                to_household=tuple(to_household[one.patient_id]),
            )
        return facts

    def _planned(self, statement: Any, patient_ids: Collection[PatientId]) -> dict[PatientId, list[Planned]]:  # noqa: ANN401 - a select
        found: dict[PatientId, list[Planned]] = defaultdict(list)
        for row in self._select(statement, patient_ids):
            values = {name: row[name] for name in ("purpose", "campaign", "step", "status", "at")}
            found[row["patient_id"]].append(Planned(**values))
        return found

    def _addresses(self, asked: Sequence[Asked]) -> dict[PatientId, Reached]:
        by_channel: dict[Channel, list[PatientId]] = defaultdict(list)
        for one in asked:
            by_channel[one.channel].append(one.patient_id)
        found: dict[PatientId, Reached] = {}
        for channel, patient_ids in by_channel.items():
            found |= reached(self._scope, patient_ids, (channel,))
        return found

    def _visits(self, asked: Sequence[Asked]) -> dict[tuple[Purpose, int], datetime]:
        starts: dict[tuple[Purpose, int], datetime] = {}
        for purpose, statement in ((Purpose.APPOINTMENT, _APPOINTED), (Purpose.POSTVISIT, _VISITED)):
            about = [one.about for one in asked if one.purpose is purpose and one.about is not None]
            if about:
                rows = self._scope.execute(statement, {"clinic_id": self._scope.clinic_id, "about": about})
                starts |= {(purpose, row.id): row.starts_at for row in rows}
        return starts

    def _birth_date(self, row: RowMapping) -> date | None:
        person = self._scope.opened(row["id"], row["version"], row["sealed_key"])
        return Profile.from_json(person.open(Place("patient", "profile", row["id"]), row["profile"])).birth_date

    def _state(self, talk: RowMapping | None) -> Mapping[str, Json] | None:
        if talk is None or talk["state"] is None:
            return None
        person = self._scope.person(talk["patient_id"])
        return cast("Mapping[str, Json]", person.open(Place("conversation", "state", talk["id"]), talk["state"]))

    def _select(self, statement: Any, patient_ids: Collection[PatientId]) -> list[RowMapping]:  # noqa: ANN401 - a select
        asked = {"clinic_id": self._scope.clinic_id, "patient_ids": list(patient_ids)}
        return list(self._scope.execute(statement, asked).mappings())


def _place(row: RowMapping, heard_at: datetime | None) -> ProgrammePlace:
    return ProgrammePlace(
        lot=row["lot"],
        staying_away=row["staying_away"],
        staying_away_at=row["staying_away_at"],
        off_list_at=row["off_list_at"],
        heard_at=heard_at,
    )


def _talk(talks: Sequence[RowMapping], where: Reached | None) -> _Talks:
    heard = [row["last_patient_at"] for row in talks if row["last_patient_at"] is not None]
    here = next((row for row in talks if where is not None and row["address_id"] == where.address_id), None)
    return _Talks(
        staff_owns=any(row["owner"] is Owner.STAFF for row in talks), heard_at=max(heard, default=None), here=here
    )
