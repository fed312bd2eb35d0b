"""Pulses: when each part of the house was last alive, and who was in the middle of a talk when it fell silent."""

from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, select

from flows.ids import ConversationId
from flows.vocabulary import Channel, Owner
from storage.dialects import inserting
from storage.models import Account, Conversation, Pulse, table_of
from storage.scope import Scope

_pulses = table_of(Pulse)
_talks = table_of(Conversation)
_accounts = table_of(Account)
_LAST = select(_pulses.c.at).where(_pulses.c.clinic_id == bindparam("clinic_id"), _pulses.c.part == bindparam("part"))
_IN_TALK = (
    select(_talks.c.id)
    .select_from(
        _talks.join(
            _accounts,
            (_accounts.c.clinic_id == _talks.c.clinic_id) & (_accounts.c.conversation_id == _talks.c.id),
        )
    )
    .where(
        _talks.c.clinic_id == bindparam("clinic_id"),
        _talks.c.channel == bindparam("channel", type_=_talks.c.channel.type),
        _talks.c.owner == Owner.BOT,
        _talks.c.last_patient_at >= bindparam("since", type_=_talks.c.last_patient_at.type),
    )
    .order_by(_talks.c.last_patient_at.desc())
    .limit(bindparam("most"))
)


@cache
def _beat(dialect: str) -> Executable:
    insert = inserting(dialect, _pulses)
    return insert.on_conflict_do_update(index_elements=["clinic_id", "part"], set_={"at": insert.excluded.at})


class PulseRepository:
    """Pulses of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def beat(self, part: str, *, now: datetime) -> datetime | None:
        """Remember that a part is alive at `now` (UTC); returns when it was the last time before, None if never."""
        before = self.last(part)
        row = {"clinic_id": self._scope.clinic_id, "part": part, "at": now}
        self._scope.execute(_beat(self._scope.connection.dialect.name), row)
        return before

    def last(self, part: str) -> datetime | None:
        """Return when a part was last alive (UTC), None if it never was."""
        found: datetime | None = self._scope.execute(_LAST, {"clinic_id": self._scope.clinic_id, "part": part}).scalar()
        return found

    def in_talk(self, channel: Channel, *, since: datetime, limit: int) -> list[ConversationId]:
        """Return the talks accounts are in, the bot's to answer, whose patient spoke at `since` (UTC) or later."""
        parameters = {"clinic_id": self._scope.clinic_id, "channel": channel, "since": since, "most": limit}
        return list(self._scope.execute(_IN_TALK, parameters).scalars())
