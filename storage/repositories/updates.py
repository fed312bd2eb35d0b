"""Updates: which were seen, which could not be handled, and what patients said in them.

An update is claimed in the transaction of its effect; whoever comes second finds it taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, RowMapping, bindparam, delete, exists, func, insert, literal, not_, select

from flows.ids import ConversationId
from flows.meaning import Intent
from flows.vocabulary import Channel
from storage.dialects import inserting
from storage.hot import Hot
from storage.models import ClaimedUpdate, QuarantinedUpdate, Received, table_of
from storage.scope import Scope
from storage.sealing import Json, Place
from storage.vocabulary import ReceivedKind

_claimed = table_of(ClaimedUpdate)
_quarantine = table_of(QuarantinedUpdate)
_received = table_of(Received)
_RECEIVE = Hot(insert(_received))
_QUARANTINED = (
    select(_quarantine)
    .where(_quarantine.c.clinic_id == bindparam("clinic_id"))
    .order_by(_quarantine.c.id)
    .limit(bindparam("limit"))
)
_THE_SAME = (
    (_claimed.c.clinic_id == _quarantine.c.clinic_id)
    & (_claimed.c.channel == _quarantine.c.channel)
    & (_claimed.c.external_id == _quarantine.c.external_id)
)
_IS_CLAIMED = exists(select(literal(1)).select_from(_claimed).where(_THE_SAME).correlate(_quarantine))
_IN_QUARANTINE = exists(select(literal(1)).select_from(_quarantine).where(_THE_SAME).correlate(_claimed))
_FIND_CLAIM = select(literal(1)).where(
    _claimed.c.clinic_id == bindparam("clinic_id"),
    _claimed.c.channel == bindparam("channel", type_=_claimed.c.channel.type),
    _claimed.c.external_id == bindparam("external_id"),
)
_UNHANDLED = (
    select(_quarantine)
    .where(_quarantine.c.clinic_id == bindparam("clinic_id"), not_(_IS_CLAIMED))
    .order_by(_quarantine.c.id.desc())
    .limit(bindparam("limit"))
)
_COUNT_UNHANDLED = (
    select(func.count())
    .select_from(_quarantine)
    .where(_quarantine.c.clinic_id == bindparam("clinic_id"), not_(_IS_CLAIMED))
)


@cache
def _claim(dialect: str) -> Hot:
    return Hot(inserting(dialect, _claimed).on_conflict_do_nothing())


@cache
def _put_aside(dialect: str) -> Executable:
    statement = inserting(dialect, _quarantine)
    return statement.on_conflict_do_nothing(index_elements=["clinic_id", "channel", "external_id"]).returning(
        _quarantine.c.id
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarantined:
    """An update that could not be handled. error: the kind of failure, without content."""

    id: int
    channel: Channel
    external_id: str
    at: datetime
    error: str
    raw: Json


class UpdateRepository:
    """Updates of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def claim(self, channel: Channel, external_id: str, now: datetime) -> bool:
        """Claim an update; False if it was claimed before, or is being claimed by a transaction that commits."""
        row = {"clinic_id": self._scope.clinic_id, "channel": channel, "external_id": external_id, "at": now}
        return self._scope.change(_claim(self._dialect), row) > 0

    def is_claimed(self, channel: Channel, external_id: str) -> bool:
        """Tell whether an update had its effect."""
        row = {"clinic_id": self._scope.clinic_id, "channel": channel, "external_id": external_id}
        return self._scope.execute(_FIND_CLAIM, row).first() is not None

    def forget_claims(self, *, before: datetime) -> int:
        """Forget updates so old that no messenger delivers them again; returns how many.

        One that lies in quarantine too is remembered: that it was handled in the end must not be forgotten first.
        """
        old = (
            delete(_claimed)
            .where(_claimed.c.clinic_id == self._scope.clinic_id, _claimed.c.at < before, not_(_IN_QUARANTINE))
            .returning(_claimed.c.external_id)
        )
        return len(self._scope.execute(old).all())

    def quarantine(self, channel: Channel, external_id: str, *, raw: Json, error: str, now: datetime) -> bool:
        """Put aside an update that could not be handled, sealed with the clinic's key; False if it lies there already.

        Args:
            channel: where it came from.
            external_id: as for `claim`.
            raw: the update, as JSON data.
            error: the kind of failure, without content of the update.
            now: aware UTC.
        """
        quarantined_id = self._scope.ids.next()
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": quarantined_id,
            "channel": channel,
            "external_id": external_id,
            "at": now,
            "error": error,
            "raw": self._scope.sealer.seal(_raw_place(quarantined_id), raw),
        }
        return self._scope.execute(_put_aside(self._dialect), row).first() is not None

    def quarantined(self, limit: int) -> list[Quarantined]:
        """Return what lies in quarantine, the oldest first."""
        rows = self._scope.execute(_QUARANTINED, {"clinic_id": self._scope.clinic_id, "limit": limit}).mappings()
        return [self._opened(row) for row in rows]

    def unhandled(self, limit: int) -> list[Quarantined]:
        """Return the latest in quarantine that had no effect after all, when it came again; the oldest first."""
        rows = self._scope.execute(_UNHANDLED, {"clinic_id": self._scope.clinic_id, "limit": limit}).mappings().all()
        return [self._opened(row) for row in reversed(rows)]

    def count_unhandled(self) -> int:
        """Tell how many lie in quarantine and had no effect."""
        counted: int = self._scope.execute(_COUNT_UNHANDLED, {"clinic_id": self._scope.clinic_id}).scalar_one()
        return counted

    def release(self, quarantined_id: int) -> None:
        """Take an update out of quarantine, once it was handled or given up."""
        self._scope.execute(
            delete(_quarantine).where(
                _quarantine.c.clinic_id == self._scope.clinic_id, _quarantine.c.id == quarantined_id
            )
        )

    def received(
        self,
        conversation_id: ConversationId,
        kind: ReceivedKind,
        body: Mapping[str, Json],
        now: datetime,
        *,
        intent: Intent | None = None,
        confidence: float | None = None,
    ) -> int:
        """Keep what a patient did, sealed with their key; returns its id.

        Args:
            conversation_id: where.
            kind: what it was.
            body: JSON data: the text, the label of the choice.
            now: aware UTC.
            intent: what it was understood to mean.
            confidence: how surely, 0 to 1.
        """
        received_id = self._scope.ids.next()
        person = self._scope.person(self._scope.whose(conversation_id))
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": received_id,
            "conversation_id": conversation_id,
            "at": now,
            "kind": kind,
            "body": person.seal(Place("received", "body", received_id), body),
            "intent": intent,
            "confidence": confidence,
        }
        self._scope.change(_RECEIVE, row)
        return received_id

    def _opened(self, row: RowMapping) -> Quarantined:
        return Quarantined(
            id=row["id"],
            channel=row["channel"],
            external_id=row["external_id"],
            at=row["at"],
            error=row["error"],
            raw=self._scope.sealer.open(_raw_place(row["id"]), row["raw"]),
        )

    @property
    def _dialect(self) -> str:
        return self._scope.connection.dialect.name


def _raw_place(quarantined_id: int) -> Place:
    return Place("quarantined_update", "raw", quarantined_id)
