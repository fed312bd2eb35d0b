"""Planning: whom the programme may write to, selected by sets, and what the gate is told of each.

Everything due is found by a query on `now`. The selection misses nobody the gate would permit; the gate decides.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, union

from flows.ids import PatientId
from flows.outreach.assignment import lot_of
from flows.outreach.bands import Band, Concern
from flows.outreach.gate import Refusal
from flows.vocabulary import Channel
from storage.models import Conversation, Outgoing, Received, WorklistItem, table_of
from storage.models.outbox import DUE, UNDER_WAY
from storage.records.planning import (
    REACTIVATION,
    Asked,
    Campaigned,
    Candidate,
    CheckInDue,
    Counts,
    DueQuery,
    Reached,
    ReminderDue,
    StoredFacts,
)
from storage.repositories.due_patients import patients
from storage.repositories.due_statements import counting, page
from storage.repositories.follow_ups import follow_ups
from storage.repositories.gate_facts import GateFacts
from storage.repositories.reached import reached
from storage.repositories.reminders import reminders_due
from storage.repositories.visits import VisitRepository
from storage.scope import Scope
from storage.sealing import Lookup
from storage.vocabulary import ReceivedKind, WorkKind

INVITES = "invite:"
"""How the names of invitations by letter and e-mail begin in the outbox."""

LATEST_ANSWERS = 20
WAITING = (DUE, UNDER_WAY)
ANSWERS = (ReceivedKind.TEXT, ReceivedKind.PRESS)
"""What tells at which hours somebody reads: a page that opens by itself does not."""

_talks = table_of(Conversation)
_outbox = table_of(Outgoing)
_received = table_of(Received)
_items = table_of(WorklistItem)


class PlanningRepository:
    """Works in one transaction of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def due(self, query: DueQuery, *, limit: int, after: Candidate | None = None) -> list[Candidate]:
        """Select patients who may get a first invitation, in the order of `flows.outreach.bands.order`.

        Args:
            query: where the bounds lie.
            limit: how many at most.
            after: the last candidate of the page before.
        """
        statement, asked = page(query, after)
        rows = self._scope.execute(statement, {**asked, "clinic_id": self._scope.clinic_id, "most": limit})
        return self._read(rows.all(), query)

    def follow_ups(
        self, query: DueQuery, *, step: int, sent_before: datetime, limit: int, after: Candidate | None = None
    ) -> list[Candidate]:
        """Select patients who may get a further step of their campaign: the step before left, and they said nothing.

        Args:
            query: where the bounds lie.
            step: which step, 2 or later.
            sent_before: the latest instant (UTC) at which the step before left.
            limit: how many at most, the longest waiting first.
            after: the last candidate of the page before.
        """
        statement, asked = follow_ups(query, step, sent_before, after)
        rows = self._scope.execute(statement, {**asked, "clinic_id": self._scope.clinic_id, "most": limit}).all()
        return [
            replace(candidate, running=Campaigned(campaign=row.campaign, step=row.step, sent_at=row.sent_at))
            for candidate, row in zip(self._read(rows, query), rows, strict=True)
        ]

    def lot(self, campaign: str, patient_id: PatientId) -> int:
        """Draw a patient's lot in a campaign: the same whenever it is asked for."""
        known = select(patients.c.number_hash).where(
            patients.c.clinic_id == self._scope.clinic_id, patients.c.id == patient_id
        )
        person: bytes = self._scope.execute(known).scalar_one()
        return lot_of(self._scope.sealer.lookup(Lookup.ASSIGNMENT, REACTIVATION), campaign, person)

    def reached_on(self, channel: Channel, patient_ids: Collection[PatientId]) -> frozenset[PatientId]:
        """Return which of these patients have an open address on a channel that may be used."""
        return frozenset(reached(self._scope, patient_ids, (channel,)))

    def answered(self, patient_ids: Collection[PatientId]) -> dict[PatientId, list[datetime]]:
        """Return when each of these patients wrote or pressed something (UTC), the latest answers of each talk."""
        place = func.row_number().over(partition_by=_received.c.conversation_id, order_by=_received.c.id.desc())
        latest = (
            select(_talks.c.patient_id, _received.c.at, place.label("place"))
            .join(
                _received,
                and_(_received.c.clinic_id == _talks.c.clinic_id, _received.c.conversation_id == _talks.c.id),
            )
            .where(
                _talks.c.clinic_id == self._scope.clinic_id,
                _talks.c.patient_id.in_(patient_ids),
                _received.c.kind.in_(ANSWERS),
            )
            .subquery()
        )
        found: dict[PatientId, list[datetime]] = {}
        for row in self._scope.execute(select(latest).where(latest.c.place <= LATEST_ANSWERS)):
            found.setdefault(row.patient_id, []).append(row.at)
        return found

    def invited(self, *, since: datetime, until: datetime) -> int:
        """Count the people whose invitation is out: it left at `since` or later, or is to leave by `until` (UTC)."""
        outgoing = (
            _outbox.c.clinic_id == self._scope.clinic_id,
            or_(*(_outbox.c.campaign.startswith(name, autoescape=True) for name in (REACTIVATION, INVITES))),
        )
        people = union(
            # Each state has an index of its own, which only a question of its own can use.
            *(select(_outbox.c.patient_id).where(*outgoing, state, _outbox.c.not_before <= until) for state in WAITING),
            select(patients.c.id).where(
                patients.c.clinic_id == self._scope.clinic_id, patients.c.last_contacted_at >= since
            ),
            # Whoever is called or gets a letter may want a time as well.
            select(_items.c.patient_id).where(
                _items.c.clinic_id == self._scope.clinic_id,
                _items.c.outcome.is_(None),
                _items.c.kind.in_((WorkKind.CALL, WorkKind.LETTER)),
                _items.c.due_at <= until,
            ),
        ).subquery()
        count: int = self._scope.execute(select(func.count()).select_from(people)).scalar_one()
        return count

    def counts(self, query: DueQuery) -> Counts:
        """Count every patient of the clinic once: by band if they may be invited, else by the first reason why not."""
        statement, asked = counting(query)
        counted = self._scope.execute(statement, {**asked, "clinic_id": self._scope.clinic_id})
        people = {str(row.fate): int(row.people) for row in counted}
        return Counts(
            due={band: people.pop(band.value) for band in Band if band.value in people},
            out={Refusal(reason): count for reason, count in people.items()},
        )

    def facts(self, asked: Sequence[Asked]) -> dict[PatientId, StoredFacts]:
        """Read what the gate wants to know of each message asked about, one a person; unknown people are missing."""
        return GateFacts(self._scope).read(asked)

    def reminders_due(
        self,
        now: datetime,
        *,
        until: datetime,
        channels: Sequence[Channel],
        limit: int,
        after: ReminderDue | None = None,
    ) -> list[ReminderDue]:
        """Select visits ahead whose reminder is not planned yet, of patients reached on one of the channels.

        Args:
            now: visits after it, aware UTC.
            until: and not after this instant.
            channels: those that may be used, the preferred first.
            limit: how many at most, the soonest first.
            after: the last one of the page before.
        """
        return reminders_due(self._scope, now, until=until, channels=channels, limit=limit, after=after)

    def check_ins_due(
        self, now: datetime, *, channels: Sequence[Channel], limit: int, after: CheckInDue | None = None
    ) -> list[CheckInDue]:
        """Select visits whose check-in is due at `now` (UTC) and not settled, the longest due first.

        after: the last one of the page before.
        """
        visits = VisitRepository(self._scope).check_ins_due(now, limit=limit, after=after.visit if after else None)
        by_whom = reached(self._scope, [visit.patient_id for visit in visits], channels)
        return [CheckInDue(visit=visit, reached=by_whom.get(visit.patient_id)) for visit in visits]

    def _read(self, rows: Sequence[Any], query: DueQuery) -> list[Candidate]:
        by_whom = reached(self._scope, [row.id for row in rows], query.channels)
        return [_candidate(row, by_whom[row.id]) for row in rows]


def _candidate(row: Any, by_whom: Reached) -> Candidate:  # noqa: ANN401 - a row of the selections above
    return Candidate(
        patient_id=row.id,
        provider_id=row.provider_id,
        language=row.language,
        last_visit_on=row.last_visit_on,
        band=Band(row.band),
        concern=Concern.NOTED if row.has_concern else Concern.NONE,
        reached=by_whom,
        prefers=row.preferred_channel,
        staying_away=row.staying_away,
    )
