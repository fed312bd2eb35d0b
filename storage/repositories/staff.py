"""Staff, and the audit of what they did.

The audit is only added to.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from flows.ids import PatientId, StaffId
from flows.vocabulary import Role
from storage.errors import NotFoundError
from storage.models import Staff, StaffAction, table_of
from storage.scope import Scope
from storage.vocabulary import StaffDid

_staff = table_of(Staff)
_actions = table_of(StaffAction)
_ALL = (
    select(_staff.c.id, _staff.c.name, _staff.c.role, _staff.c.active)
    .where(_staff.c.clinic_id == bindparam("clinic_id"))
    .order_by(_staff.c.id)
)
_ONE = _ALL.where(_staff.c.id == bindparam("staff_id"))
_AUDIT = (
    select(_actions.c.staff_id, _actions.c.action, _actions.c.patient_id, _actions.c.at)
    .where(_actions.c.clinic_id == bindparam("clinic_id"))
    .order_by(_actions.c.id.desc())
    .limit(bindparam("limit"))
)
_AUDIT_OF_PATIENT = _AUDIT.where(_actions.c.patient_id == bindparam("patient_id"))


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMember:
    """Somebody who works at the clinic."""

    id: StaffId
    name: str
    role: Role
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """An entry of the audit; at: aware UTC."""

    staff_id: StaffId
    action: StaffDid
    patient_id: PatientId | None
    at: datetime


class StaffRepository:
    """Staff of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, name: str, role: Role, *, now: datetime) -> StaffId:
        """Add a member of staff."""
        staff_id = StaffId(self._scope.ids.next())
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": staff_id,
            "name": name,
            "role": role,
            "active": True,
            "created_at": now,
        }
        self._scope.execute(insert(_staff), row)
        return staff_id

    def get(self, staff_id: StaffId) -> StaffMember:
        """Return a member of staff. Raises NotFoundError."""
        row = self._scope.execute(_ONE, {"clinic_id": self._scope.clinic_id, "staff_id": staff_id}).mappings().first()
        if row is None:
            raise NotFoundError(f"no member of staff {staff_id} in this clinic")
        return StaffMember(**row)

    def all(self) -> list[StaffMember]:
        """Return everybody, also who has left, in the order they were added."""
        rows = self._scope.execute(_ALL, {"clinic_id": self._scope.clinic_id}).mappings()
        return [StaffMember(**row) for row in rows]

    def names(self) -> dict[StaffId, str]:
        """Return the names of everybody who ever worked here."""
        return {member.id: member.name for member in self.all()}

    def deactivate(self, staff_id: StaffId) -> None:
        """Remember that somebody has left; their passes are ended by `passes.revoke_staff`. Raises NotFoundError."""
        gone = (
            update(_staff)
            .where(_staff.c.clinic_id == self._scope.clinic_id, _staff.c.id == staff_id)
            .values(active=False)
            .returning(_staff.c.id)
        )
        if self._scope.execute(gone).first() is None:
            raise NotFoundError(f"no member of staff {staff_id} in this clinic")

    def did(self, staff_id: StaffId, action: StaffDid, *, patient_id: PatientId | None = None, now: datetime) -> None:
        """Add to the audit."""
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": self._scope.ids.next(),
            "staff_id": staff_id,
            "action": action,
            "patient_id": patient_id,
            "at": now,
        }
        self._scope.execute(insert(_actions), row)

    def actions(self, limit: int, *, patient_id: PatientId | None = None) -> list[Action]:
        """Return the audit, or what of it concerns one patient, the latest first."""
        parameters: dict[str, object] = {"clinic_id": self._scope.clinic_id, "limit": limit}
        statement = _AUDIT
        if patient_id is not None:
            statement, parameters["patient_id"] = _AUDIT_OF_PATIENT, patient_id
        return [Action(**row) for row in self._scope.execute(statement, parameters).mappings()]
