"""Staff's accounts at a messenger: whose they are, whose next words are a note, who was told they are nobody's.

An account belongs to one member of staff; linked again, it moves to the other.
"""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Executable, delete, insert, select, update

from flows.ids import StaffId, TopicId
from storage.dialects import inserting
from storage.models import RefusedAccount, Staff, StaffAccount, table_of
from storage.scope import Scope
from storage.sealing import Lookup, Place

_accounts = table_of(StaffAccount)
_refused = table_of(RefusedAccount)
_staff = table_of(Staff)


@cache
def _refuse(dialect: str) -> Executable:
    statement = inserting(dialect, _refused)
    return statement.on_conflict_do_nothing(index_elements=["clinic_id", "lookup"]).returning(_refused.c.at)


class StaffAccountRepository:
    """Accounts of the staff of one clinic; user: the messenger's id of an account."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def link(self, staff_id: StaffId, user: int, *, now: datetime) -> None:
        """Connect an account with a member of staff, in place of any other of either."""
        self.unlink(staff_id)
        self._scope.execute(delete(_accounts).where(self._here, _accounts.c.lookup == self._hash(user)))
        row = {
            "clinic_id": self._scope.clinic_id,
            "staff_id": staff_id,
            "lookup": self._hash(user),
            "user": self._scope.sealer.seal(_user_place(staff_id), user),
            "linked_at": now,
        }
        self._scope.execute(insert(_accounts), row)

    def unlink(self, staff_id: StaffId) -> bool:
        """Forget the account of a member of staff; False if there is none."""
        gone = delete(_accounts).where(self._here, _accounts.c.staff_id == staff_id).returning(_accounts.c.staff_id)
        return self._scope.execute(gone).first() is not None

    def whose(self, user: int) -> StaffId | None:
        """Tell whose account it is; None if it is nobody's, or of somebody who has left."""
        found: StaffId | None = self._scope.execute(
            select(_accounts.c.staff_id)
            .join_from(
                _accounts, _staff, (_staff.c.clinic_id == _accounts.c.clinic_id) & (_staff.c.id == _accounts.c.staff_id)
            )
            .where(self._here, _accounts.c.lookup == self._hash(user), _staff.c.active.is_(True))
        ).scalar()
        return found

    def users(self) -> dict[StaffId, int]:
        """Return the accounts of all who have one."""
        rows = self._scope.execute(select(_accounts.c.staff_id, _accounts.c.user).where(self._here)).all()
        opened = ((staff_id, self._scope.sealer.open(_user_place(staff_id), user)) for staff_id, user in rows)
        return {staff_id: user for staff_id, user in opened if isinstance(user, int)}

    def note_next(self, staff_id: StaffId, topic_id: TopicId, *, until: datetime) -> None:
        """Remember that the next words of a member of staff in a topic, until `until` (UTC), are a note."""
        noting = {"noting": topic_id, "noting_until": until}
        self._scope.execute(update(_accounts).where(self._here, _accounts.c.staff_id == staff_id).values(noting))

    def noting_until(self, staff_id: StaffId, topic_id: TopicId) -> datetime | None:
        """Tell until when the next words of a member of staff in a topic are, or were, a note; None: nobody asked."""
        of_topic = _accounts.c.noting == topic_id
        until: datetime | None = self._scope.execute(
            select(_accounts.c.noting_until).where(self._here, _accounts.c.staff_id == staff_id, of_topic)
        ).scalar()
        return until

    def noted(self, staff_id: StaffId) -> None:
        """Remember that the note was written, or is not to be."""
        noting = {"noting": None, "noting_until": None}
        self._scope.execute(update(_accounts).where(self._here, _accounts.c.staff_id == staff_id).values(noting))

    def refuse_once(self, user: int, topic_id: TopicId, *, now: datetime, again_after: timedelta) -> bool:
        """Remember that an account is told in a topic that it is nobody's; False if it was told so there lately."""
        here, long_ago = _refused.c.clinic_id == self._scope.clinic_id, _refused.c.at <= now - again_after
        self._scope.execute(delete(_refused).where(here, long_ago))
        there = self._scope.sealer.lookup(Lookup.STAFF_ACCOUNT, f"{user}:{topic_id}")
        row = {"clinic_id": self._scope.clinic_id, "lookup": there, "at": now}
        return self._scope.execute(_refuse(self._scope.connection.dialect.name), row).first() is not None

    @property
    def _here(self) -> ColumnElement[bool]:
        return _accounts.c.clinic_id == self._scope.clinic_id

    def _hash(self, user: int) -> bytes:
        return self._scope.sealer.lookup(Lookup.STAFF_ACCOUNT, str(user))


def _user_place(staff_id: StaffId) -> Place:
    return Place("staff_account", "user", staff_id)
