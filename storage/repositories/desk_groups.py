"""The forum group of a clinic: connecting it by a code, its problem, and the lease of whoever posts into it.

One process at a time posts into the group, because the messenger limits a group, not a machine.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, update

from storage.dialects import inserting
from storage.models import DeskCode, Topic, table_of
from storage.models import DeskGroup as DeskGroupRow
from storage.records.topics import DeskGroup
from storage.scope import Scope
from storage.sealing import Lookup
from storage.vocabulary import GroupProblem

SECRET_BYTES = 32
LONGEST_TITLE = 255

_groups = table_of(DeskGroupRow)
_codes = table_of(DeskCode)
_topics = table_of(Topic)
_COLUMNS = ("chat_id", "title", "linked_at", "problem", "problem_at", "busy_until")
_GET = select(*(_groups.c[name] for name in _COLUMNS)).where(_groups.c.clinic_id == bindparam("clinic_id"))


class DeskGroupRepository:
    """The group of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self) -> DeskGroup | None:
        """Return the linked group, if there is one."""
        row = self._scope.execute(_GET, {"clinic_id": self._scope.clinic_id}).mappings().first()
        return None if row is None else DeskGroup(**row)

    def issue_code(self, *, now: datetime, lifetime: timedelta) -> str:
        """Make a code that connects a group, once: 43 characters of `A-Za-z0-9_-`, stored nowhere."""
        code = secrets.token_urlsafe(SECRET_BYTES)
        row = {"clinic_id": self._scope.clinic_id, "token_hash": self._hash(code), "expires_at": now + lifetime}
        self._scope.execute(
            delete(_codes).where(_codes.c.clinic_id == self._scope.clinic_id, _codes.c.expires_at <= now)
        )
        self._scope.execute(insert(_codes), row)
        return code

    def is_valid(self, code: str, *, now: datetime) -> bool:
        """Tell whether a code would connect a group; uses nothing up."""
        return self._scope.execute(select(_codes.c.expires_at).where(self._usable(code, now))).first() is not None

    def use_code(self, code: str, *, now: datetime) -> bool:
        """Use a code up; False if it is unknown, expired or was used before."""
        used = update(_codes).where(self._usable(code, now)).values(used_at=now).returning(_codes.c.expires_at)
        return self._scope.execute(used).first() is not None

    def link(self, chat_id: int, title: str, *, now: datetime) -> None:
        """Connect a group in place of any other."""
        row = {"clinic_id": self._scope.clinic_id, "chat_id": chat_id, "title": title[:LONGEST_TITLE], "linked_at": now}
        anew = {name: row[name] for name in ("chat_id", "title", "linked_at")}
        statement = inserting(self._scope.connection.dialect.name, _groups).on_conflict_do_update(
            index_elements=["clinic_id"], set_=anew | {"problem": None, "problem_at": None, "busy_until": None}
        )
        self._scope.execute(statement, row)

    def unlink(self) -> bool:
        """Forget the group; False if there is none. Its topics stay known, should it be linked again."""
        return self._scope.execute(delete(_groups).where(self._here).returning(_groups.c.chat_id)).first() is not None

    def moved(self, chat_id: int, new_chat_id: int) -> bool:
        """Remember the new id of a group, with its topics; False if it is not the linked one."""
        group = update(_groups).where(self._here, _groups.c.chat_id == chat_id).values(chat_id=new_chat_id)
        if self._scope.execute(group.returning(_groups.c.chat_id)).first() is None:
            return False
        theirs = (_topics.c.clinic_id == self._scope.clinic_id) & (_topics.c.chat_id == chat_id)
        self._scope.execute(update(_topics).where(theirs).values(chat_id=new_chat_id))
        return True

    def set_problem(self, problem: GroupProblem | None, *, now: datetime) -> bool:
        """Remember why nothing can be posted, or (None) that all is well; False if that was known."""
        other = _groups.c.problem.is_distinct_from(problem)
        values = {"problem": problem, "problem_at": None if problem is None else now}
        changed = update(_groups).where(self._here, other).values(values).returning(_groups.c.chat_id)
        return self._scope.execute(changed).first() is not None

    def wait_until(self, until: datetime) -> None:
        """Remember until when (UTC) the messenger asked us to wait."""
        self._scope.execute(update(_groups).where(self._here).values(busy_until=until))

    def lease(self, token: str, *, until: datetime, now: datetime) -> bool:
        """Take or keep the right to post until `until` (UTC); False if another process has it."""
        free = or_(_groups.c.lease_until.is_(None), _groups.c.lease_until <= now, _groups.c.lease_token == token)
        values = {"lease_token": token, "lease_until": until}
        taken = update(_groups).where(self._here, free).values(values).returning(_groups.c.chat_id)
        return self._scope.execute(taken).first() is not None

    def release(self, token: str) -> None:
        """Give the right to post back, if it is still held with this token."""
        held = _groups.c.lease_token == token
        self._scope.execute(update(_groups).where(self._here, held).values({"lease_token": None, "lease_until": None}))

    @property
    def _here(self) -> ColumnElement[bool]:
        return _groups.c.clinic_id == self._scope.clinic_id

    def _usable(self, code: str, now: datetime) -> ColumnElement[bool]:
        theirs = (_codes.c.clinic_id == self._scope.clinic_id) & (_codes.c.token_hash == self._hash(code))
        return theirs & (_codes.c.expires_at > now) & _codes.c.used_at.is_(None)

    def _hash(self, code: str) -> bytes:
        return self._scope.sealer.lookup(Lookup.TOKEN, code)
