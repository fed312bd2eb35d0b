"""Accounts of messengers: which talk each is in, for whom else it speaks, and how often it guessed.

An account is in one talk at a time. Its people are those whose address it is; who was erased is none of them.
"""

from datetime import datetime
from functools import cache

from sqlalchemy import Executable, and_, bindparam, delete, or_, select, update

from flows.ids import ConversationId
from flows.vocabulary import Channel
from storage.dialects import inserting
from storage.models import Account as AccountRow
from storage.models import Address, Conversation, Outgoing, PersonKey, table_of
from storage.records.accounts import Account, Member
from storage.repositories.addresses import CLOSED_BY_CHANNEL
from storage.scope import Scope
from storage.sealing import Lookup

_accounts = table_of(AccountRow)
_addresses = table_of(Address)
_talks = table_of(Conversation)
_outbox = table_of(Outgoing)
_keys = table_of(PersonKey)
_COLUMNS = ("conversation_id", "known", "tries", "tries_since", "slowed", "slowed_until")
_THIS_ONE = and_(
    _accounts.c.clinic_id == bindparam("of_clinic"),
    _accounts.c.channel == bindparam("of_channel", type_=_accounts.c.channel.type),
    _accounts.c.lookup == bindparam("hashed"),
)
_FIND = select(*(_accounts.c[name] for name in _COLUMNS)).where(_THIS_ONE)
_LOCK = _FIND.with_for_update()
_MOVE = (
    update(_accounts)
    .where(_THIS_ONE)
    .values(conversation_id=bindparam("to_conversation"), known=bindparam("now_known", type_=_accounts.c.known.type))
)
_COUNT_TRIES = (
    update(_accounts)
    .where(_THIS_ONE)
    .values(
        tries=bindparam("to_tries"),
        tries_since=bindparam("since", type_=_accounts.c.tries_since.type),
        slowed=bindparam("to_slowed"),
        slowed_until=bindparam("until", type_=_accounts.c.slowed_until.type),
    )
)
_FORGET = delete(_accounts).where(
    _accounts.c.clinic_id == bindparam("of_clinic"), _accounts.c.conversation_id == bindparam("of_conversation")
)
_IN_USE = or_(_addresses.c.closed_at.is_(None), _addresses.c.closed_why == CLOSED_BY_CHANNEL)
_MEMBERS = (
    select(_addresses.c.id.label("address_id"), _addresses.c.patient_id, _talks.c.id.label("conversation_id"))
    .select_from(
        _addresses.join(
            _talks, (_talks.c.clinic_id == _addresses.c.clinic_id) & (_talks.c.address_id == _addresses.c.id)
        ).join(_keys, (_keys.c.clinic_id == _addresses.c.clinic_id) & (_keys.c.patient_id == _addresses.c.patient_id))
    )
    .where(
        _addresses.c.clinic_id == bindparam("of_clinic"),
        _addresses.c.channel == bindparam("of_channel", type_=_addresses.c.channel.type),
        _addresses.c.lookup == bindparam("hashed"),
        _IN_USE,
    )
    .order_by(_talks.c.id)
)
_OF_TALK = (
    select(_addresses.c.channel, _addresses.c.lookup)
    .select_from(
        _talks.join(
            _addresses, (_addresses.c.clinic_id == _talks.c.clinic_id) & (_addresses.c.id == _talks.c.address_id)
        )
    )
    .where(_talks.c.clinic_id == bindparam("of_clinic"), _talks.c.id == bindparam("of_conversation"))
)
_SAID_IN = (
    select(_outbox.c.conversation_id)
    .where(
        _outbox.c.clinic_id == bindparam("of_clinic"),
        _outbox.c.conversation_id.in_(bindparam("talks", expanding=True)),
        _outbox.c.external_id == bindparam("message_id"),
    )
    .limit(1)
)


@cache
def _begin(dialect: str) -> Executable:
    insert = inserting(dialect, _accounts)
    return insert.on_conflict_do_nothing(index_elements=["clinic_id", "channel", "lookup"]).returning(
        _accounts.c.conversation_id
    )


class AccountRepository:
    """Accounts of one clinic. `value` is always the account's id at the messenger, as of its addresses."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def find(self, channel: Channel, value: str) -> Account | None:
        """Return an account; None if it has never written."""
        return self._read(_FIND, channel, self._hash(channel, value))

    def lock(self, channel: Channel, value: str) -> Account | None:
        """Return an account, kept from others until this transaction ends."""
        return self._read(_LOCK, channel, self._hash(channel, value))

    def of_conversation(self, conversation_id: ConversationId) -> Account | None:
        """Return the account whose talk it is or was, kept from others; None where no account belongs to the talk."""
        found = self._scope.execute(_OF_TALK, self._with(of_conversation=conversation_id)).first()
        return None if found is None else self._read(_LOCK, found.channel, found.lookup)

    def begin(
        self, channel: Channel, value: str, conversation_id: ConversationId, *, now: datetime, known: bool
    ) -> bool:
        """Remember an account that writes for the first time; False if it is there by now."""
        row = {
            "clinic_id": self._scope.clinic_id,
            "channel": channel,
            "lookup": self._hash(channel, value),
            "conversation_id": conversation_id,
            "known": known,
            "tries": 0,
            "slowed": 0,
            "created_at": now,
        }
        return self._scope.execute(_begin(self._scope.connection.dialect.name), row).first() is not None

    def move(self, account: Account, conversation_id: ConversationId) -> None:
        """Let the account go on in a patient's talk."""
        self._scope.execute(
            _MOVE, self._named(account.channel, account.lookup, to_conversation=conversation_id, now_known=True)
        )

    def set_tries(self, account: Account) -> None:
        """Store how often the account guessed and until when it waits, as the value says."""
        self._scope.execute(
            _COUNT_TRIES,
            self._named(
                account.channel,
                account.lookup,
                to_tries=account.tries,
                since=account.tries_since,
                to_slowed=account.slowed,
                until=account.slowed_until,
            ),
        )

    def members(self, account: Account) -> list[Member]:
        """Return for whom the account speaks, with their talks, the oldest first; a placeholder counts as one."""
        rows = self._scope.execute(_MEMBERS, self._named(account.channel, account.lookup)).mappings()
        return [Member(**row) for row in rows]

    def members_at(self, channel: Channel, value: str) -> list[Member]:
        """Return for whom the account of this id speaks, as `members` does."""
        rows = self._scope.execute(_MEMBERS, self._named(channel, self._hash(channel, value))).mappings()
        return [Member(**row) for row in rows]

    def said_in(self, account: Account, message_id: str) -> ConversationId | None:
        """In which of the account's talks we sent a message, by the messenger's id of it; None if in none of them."""
        talks = [member.conversation_id for member in self.members(account)]
        found = self._scope.execute(_SAID_IN, self._with(talks=talks, message_id=message_id)).scalar()
        return None if found is None else ConversationId(found)

    def forget(self, conversation_id: ConversationId) -> None:
        """Forget the account that is in this talk: whoever writes from it next is somebody new."""
        self._scope.execute(_FORGET, self._with(of_conversation=conversation_id))

    def _read(self, statement: Executable, channel: Channel, hashed: bytes) -> Account | None:
        row = self._scope.execute(statement, self._named(channel, hashed)).mappings().first()
        return None if row is None else Account(channel=channel, lookup=hashed, **row)

    def _named(self, channel: Channel, hashed: bytes, **parameters: object) -> dict[str, object]:
        return self._with(of_channel=channel, hashed=hashed, **parameters)

    def _with(self, **parameters: object) -> dict[str, object]:
        return {"of_clinic": self._scope.clinic_id, **parameters}

    def _hash(self, channel: Channel, value: str) -> bytes:
        return self._scope.sealer.lookup(Lookup.ADDRESS, f"{channel}:{value}")
