"""Conversations: their snapshot, their lock, their state and owner.

State and owner change only under the lock version that was read; who comes second is told so.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, or_, select, update

from flows.ids import AddressId, ConversationId, PatientId, StaffId
from flows.vocabulary import Channel, Owner
from storage.dialects import inserting
from storage.errors import ConversationMovedOnError
from storage.hot import Hot
from storage.models import Conversation, table_of
from storage.records.talks import ConversationLock, ConversationSnapshot, DeskLine, Heard, TranscriptLine
from storage.repositories.desk import list_for_desk
from storage.repositories.locks import lock, lock_seen
from storage.repositories.snapshots import snapshot, snapshot_of_account, state_place
from storage.repositories.transcripts import transcript
from storage.repositories.unanswered import left_unanswered, unanswered_since
from storage.scope import Scope
from storage.sealing import Json

_talks = table_of(Conversation)
_UNMOVED = update(_talks).where(
    _talks.c.clinic_id == bindparam("of_clinic"),
    _talks.c.id == bindparam("of_conversation"),
    _talks.c.lock_version == bindparam("seen_version"),
)
_STATE = {"state": bindparam("sealed"), "lock_version": _talks.c.lock_version + 1}
_SAVE = {
    Heard.NOBODY: Hot(_UNMOVED.values(_STATE)),
    Heard.PATIENT: Hot(
        _UNMOVED.values(_STATE | {"last_patient_at": bindparam("now", type_=_talks.c.last_patient_at.type)})
    ),
}
_OWN = Hot(
    _UNMOVED.values(
        owner=bindparam("to_owner", type_=_talks.c.owner.type),
        staff_id=bindparam("to_staff"),
        lease_until=bindparam("until", type_=_talks.c.lease_until.type),
        lock_version=_talks.c.lock_version + 1,
    )
)
_READ = (
    update(_talks)
    .where(
        _talks.c.clinic_id == bindparam("of_clinic"),
        _talks.c.id == bindparam("of_conversation"),
        or_(_talks.c.read_by_staff_at.is_(None), _talks.c.read_by_staff_at < _talks.c.last_patient_at),
    )
    .values(read_by_staff_at=bindparam("now", type_=_talks.c.read_by_staff_at.type))
    .returning(_talks.c.id)
)
_THIS_ONE = (_talks.c.clinic_id == bindparam("of_clinic")) & (_talks.c.id == bindparam("of_conversation"))
_HEARD = Hot(
    update(_talks).where(_THIS_ONE).values(last_patient_at=bindparam("now", type_=_talks.c.last_patient_at.type))
)
_HELD = (_talks.c.clinic_id == bindparam("of_clinic")) & (_talks.c.owner == Owner.STAFF)
_ENDED = (
    update(_talks)
    .where(_HELD, _talks.c.lease_until <= bindparam("now", type_=_talks.c.lease_until.type))
    .values(owner=Owner.BOT, staff_id=None, lease_until=None, lock_version=_talks.c.lock_version + 1)
    .returning(_talks.c.id)
)
_LET_GO = (
    update(_talks)
    .where(_HELD, _talks.c.staff_id == bindparam("of_staff"))
    .values(lease_until=bindparam("now", type_=_talks.c.lease_until.type))
)
_BY_ADDRESS = select(_talks.c.id).where(
    _talks.c.clinic_id == bindparam("clinic_id"), _talks.c.address_id == bindparam("address_id")
)
_OF_PATIENT = (
    select(_talks.c.id)
    .where(_talks.c.clinic_id == bindparam("clinic_id"), _talks.c.patient_id == bindparam("patient_id"))
    .order_by(_talks.c.id)
)


@cache
def _create(dialect: str) -> Executable:
    insert = inserting(dialect, _talks)
    return insert.on_conflict_do_nothing(index_elements=["clinic_id", "address_id"]).returning(_talks.c.id)


class ConversationRepository:
    """Conversations of one clinic. What opens a person's words raises KeyErasedError for an erased person."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def create(
        self, patient_id: PatientId, address_id: AddressId, channel: Channel, *, now: datetime
    ) -> ConversationId:
        """Begin the conversation of an address, or return the one it has."""
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": self._scope.ids.next(),
            "patient_id": patient_id,
            "address_id": address_id,
            "channel": channel,
            "owner": Owner.BOT,
            "lock_version": 0,
            "created_at": now,
        }
        made = self._scope.execute(_create(self._scope.connection.dialect.name), row).scalar()
        return ConversationId(
            self._scope.execute(_BY_ADDRESS, self._with(address_id=address_id)).scalar_one() if made is None else made
        )

    def find_by_address(self, address_id: AddressId) -> ConversationId | None:
        """Return the conversation of an address, if it has one."""
        found = self._scope.execute(_BY_ADDRESS, self._with(address_id=address_id)).scalar()
        return None if found is None else ConversationId(found)

    def of_patient(self, patient_id: PatientId) -> list[ConversationId]:
        """Return a patient's conversations, the oldest first."""
        return list(self._scope.execute(_OF_PATIENT, self._with(patient_id=patient_id)).scalars())

    def snapshot(self, conversation_id: ConversationId, *, now: datetime) -> ConversationSnapshot:
        """Read all that a turn needs, in one statement. Raises NotFoundError."""
        return snapshot(self._scope, conversation_id, now=now)

    def snapshot_of_account(self, channel: Channel, value: str, *, now: datetime) -> ConversationSnapshot | None:
        """Read all that a turn of an account needs, in one statement; None if it has never written."""
        return snapshot_of_account(self._scope, channel, value, now=now)

    def lock(self, conversation_id: ConversationId) -> ConversationLock:
        """Keep others from changing the conversation until this transaction ends; brings the person's key along.

        Raises:
            NotFoundError: there is none.
        """
        return lock(self._scope, conversation_id)

    def lock_seen(self, seen: ConversationSnapshot) -> ConversationLock:
        """Do what `lock` does, for a conversation that was read in this very transaction; raises the same."""
        return lock_seen(self._scope, seen)

    def save(
        self,
        conversation_id: ConversationId,
        *,
        state: Mapping[str, Json],
        lock_version: int,
        now: datetime,
        heard: Heard = Heard.PATIENT,
    ) -> int:
        """Store the new state.

        Args:
            conversation_id: which.
            state: JSON data.
            lock_version: as seen by `lock` or `snapshot`, or returned by an earlier change.
            now: aware UTC; with Heard.PATIENT it becomes the time the patient was last heard.
            heard: whether the patient did something.

        Returns:
            the new lock version.

        Raises:
            ConversationMovedOnError: the lock version is another by now.
            KeyErasedError: the person was erased.
        """
        person = self._scope.person(self._scope.whose(conversation_id))
        sealed = person.seal(state_place(conversation_id), state)
        changes: dict[str, object] = {"sealed": sealed}
        if heard is Heard.PATIENT:
            changes["now"] = now
        return self._unmoved(_SAVE[heard], conversation_id, lock_version, changes)

    def set_owner(
        self,
        conversation_id: ConversationId,
        *,
        owner: Owner,
        staff_id: StaffId | None = None,
        lease_until: datetime | None = None,
        lock_version: int,
    ) -> int:
        """Give the conversation to the bot or to a member of staff.

        Args:
            conversation_id: which.
            owner: who speaks from now on.
            staff_id: the member of staff, if `owner` is STAFF.
            lease_until: until when they are expected to answer (UTC).
            lock_version: as seen by `lock`, `snapshot` or an earlier change.

        Returns:
            the new lock version.

        Raises:
            ConversationMovedOnError: the lock version is another by now.
        """
        changes = {"to_owner": owner, "to_staff": staff_id, "until": lease_until}
        return self._unmoved(_OWN, conversation_id, lock_version, changes)

    def heard(self, conversation_id: ConversationId, *, now: datetime) -> None:
        """Remember that the patient did something at `now` (UTC) that changed no state: staff have it to read."""
        which = {"of_clinic": self._scope.clinic_id, "of_conversation": conversation_id}
        self._scope.change(_HEARD, which | {"now": now})

    def mark_read(self, conversation_id: ConversationId, *, now: datetime) -> bool:
        """Remember that staff have read the conversation; False if there was nothing new to read."""
        parameters = {"of_clinic": self._scope.clinic_id, "of_conversation": conversation_id, "now": now}
        return self._scope.execute(_READ, parameters).first() is not None

    def end_leases(self, now: datetime) -> list[ConversationId]:
        """Give back to the bot what staff have held for too long without a word; returns the conversations."""
        return list(self._scope.execute(_ENDED, {"of_clinic": self._scope.clinic_id, "now": now}).scalars())

    def let_go(self, staff_id: StaffId, *, now: datetime) -> None:
        """Let every lease of a member of staff be over at `now` (UTC): the next `end_leases` gives their chats back."""
        self._scope.execute(_LET_GO, {"of_clinic": self._scope.clinic_id, "of_staff": staff_id, "now": now})

    def left_unanswered(self, conversation_ids: Collection[ConversationId]) -> list[ConversationId]:
        """Return those in which the patient spoke after staff's last line and no ticket is under way; one statement."""
        return left_unanswered(self._scope, conversation_ids)

    def unanswered_since(self, conversation_id: ConversationId, since: datetime) -> datetime | None:
        """Tell when the patient first spoke after staff's last line, from `since` on (UTC); None: not since then."""
        return unanswered_since(self._scope, conversation_id, since)

    def list_for_desk(self, limit: int) -> list[DeskLine]:
        """Return conversations for the desk, the most urgent first, then the latest; in one statement."""
        return list_for_desk(self._scope, limit)

    def transcript(self, conversation_id: ConversationId, *, limit: int = 200) -> list[TranscriptLine]:
        """Return the last lines of a talk, the oldest first; what is planned or under way is not part of it."""
        return transcript(self._scope, conversation_id, limit)

    def _unmoved(
        self, statement: Hot, conversation_id: ConversationId, seen: int, changes: Mapping[str, object]
    ) -> int:
        parameters = {"of_clinic": self._scope.clinic_id, "of_conversation": conversation_id, "seen_version": seen}
        if not self._scope.change(statement, {**parameters, **changes}):
            raise ConversationMovedOnError(f"conversation {conversation_id} changed after version {seen}")
        return seen + 1

    def _with(self, **parameters: object) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, **parameters}
