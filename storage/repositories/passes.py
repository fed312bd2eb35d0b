"""Passes: making secrets that open something, and telling what they open.

A link opens once; a secret is known only to who was given it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Executable, bindparam, delete, insert, select, update

from flows.ids import ConversationId, PatientId, StaffId
from storage.models import Pass, table_of
from storage.scope import Scope
from storage.sealing import Lookup
from storage.vocabulary import PassKind

SECRET_BYTES = 32

_passes = table_of(Pass)
_VALID = (
    (_passes.c.clinic_id == bindparam("of_clinic"))
    & (_passes.c.token_hash == bindparam("hashed"))
    & (_passes.c.kind == bindparam("of_kind", type_=_passes.c.kind.type))
    & (_passes.c.expires_at > bindparam("now", type_=_passes.c.expires_at.type))
)
_HOLDER = (_passes.c.patient_id, _passes.c.conversation_id, _passes.c.staff_id)
_LOOK = select(*_HOLDER).where(_VALID, _passes.c.used_at.is_(None))
_USE = (
    update(_passes)
    .where(_VALID, _passes.c.used_at.is_(None))
    .values(used_at=bindparam("now", type_=_passes.c.used_at.type))
    .returning(*_HOLDER)
)
_EXTEND = (
    update(_passes)
    .where(_VALID)
    .values(expires_at=bindparam("until", type_=_passes.c.expires_at.type))
    .returning(_passes.c.token_hash)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """What a pass opens: one of the three, or a conversation with its patient."""

    patient_id: PatientId | None = None
    conversation_id: ConversationId | None = None
    staff_id: StaffId | None = None


class PassRepository:
    """Passes of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def issue(self, kind: PassKind, holder: Holder, *, now: datetime, lifetime: timedelta) -> str:
        """Make a pass and return its secret: 43 characters of `A-Za-z0-9_-`, stored nowhere."""
        token = secrets.token_urlsafe(SECRET_BYTES)
        row = {
            "clinic_id": self._scope.clinic_id,
            "token_hash": self._hash(token),
            "kind": kind,
            "patient_id": holder.patient_id,
            "conversation_id": holder.conversation_id,
            "staff_id": holder.staff_id,
            "created_at": now,
            "expires_at": now + lifetime,
        }
        self._scope.execute(insert(_passes), row)
        return token

    def use(self, kind: PassKind, token: str, *, now: datetime) -> Holder | None:
        """Use up a link: what it opens, or None if it is unknown, expired or was used before."""
        return self._holder(_USE, kind, token, now)

    def look_up(self, kind: PassKind, token: str, *, now: datetime) -> Holder | None:
        """Tell what a session or an unused link opens, or None if it is unknown, expired or was used."""
        return self._holder(_LOOK, kind, token, now)

    def extend(self, kind: PassKind, token: str, *, now: datetime, lifetime: timedelta) -> bool:
        """Let a session that is still valid last until `lifetime` from now; False if it is not."""
        parameters = self._named(kind, token, now) | {"until": now + lifetime}
        return self._scope.execute(_EXTEND, parameters).first() is not None

    def revoke(self, token: str) -> None:
        """End a pass."""
        self._scope.execute(
            delete(_passes).where(
                _passes.c.clinic_id == self._scope.clinic_id, _passes.c.token_hash == self._hash(token)
            )
        )

    def revoke_staff(self, staff_id: StaffId) -> None:
        """End every link and session of a member of staff."""
        self._scope.execute(
            delete(_passes).where(_passes.c.clinic_id == self._scope.clinic_id, _passes.c.staff_id == staff_id)
        )

    def revoke_patient(self, patient_id: PatientId) -> None:
        """End every link and session of a patient."""
        self._scope.execute(
            delete(_passes).where(_passes.c.clinic_id == self._scope.clinic_id, _passes.c.patient_id == patient_id)
        )

    def revoke_of_kind(self, patient_id: PatientId, kind: PassKind) -> None:
        """End what opens one kind of thing for a patient."""
        self._scope.execute(
            delete(_passes).where(
                _passes.c.clinic_id == self._scope.clinic_id,
                _passes.c.patient_id == patient_id,
                _passes.c.kind == kind,
            )
        )

    def sweep(self, *, now: datetime) -> int:
        """Remove what has expired; returns how many."""
        gone = (
            delete(_passes)
            .where(_passes.c.clinic_id == self._scope.clinic_id, _passes.c.expires_at <= now)
            .returning(_passes.c.token_hash)
        )
        return len(self._scope.execute(gone).all())

    def _holder(self, statement: Executable, kind: PassKind, token: str, now: datetime) -> Holder | None:
        row = self._scope.execute(statement, self._named(kind, token, now)).mappings().first()
        return None if row is None else Holder(**row)

    def _named(self, kind: PassKind, token: str, now: datetime) -> dict[str, object]:
        return {"of_clinic": self._scope.clinic_id, "hashed": self._hash(token), "of_kind": kind, "now": now}

    def _hash(self, token: str) -> bytes:
        return self._scope.sealer.lookup(Lookup.TOKEN, token)
