"""Owns what a member of staff can do with a conversation: each action's name in addresses, its fields, its answer.

An action either happened or is answered by a refusal with its reason; fields are checked before anything is done.
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from bot.desk.web.times import read_id, read_slot
from bot.services.desk_ports import ConflictError, DeskPage, NotAllowedError
from bot.services.views import StaffMember
from flows.meaning import Intent

LONGEST_UPDATE_ID = 64

MEANINGS = frozenset(intent.value for intent in Intent)

Fields = Mapping[str, str]
Action = Callable[[DeskPage, StaffMember, int, Fields], Awaitable[None]]


class RefusedError(Exception):
    """The action did not happen; `key` says why in the desk's texts, `status` is the answer's."""

    def __init__(self, key: str, status: int) -> None:
        """Keep the reason."""
        super().__init__(key)
        self.key = key
        self.status = status


async def act(desk: DeskPage, staff: StaffMember, conversation_id: int, name: str, fields: Fields) -> str:
    """Do what was asked; returns the key of what to say. Raises RefusedError, and LookupError for an unknown action."""
    action = ACTIONS[name]
    try:
        await action(desk, staff, conversation_id, fields)
    except ConflictError as conflict:
        raise RefusedError(str(conflict.args[0]) if conflict.args else "desk.conflict.changed", 409) from conflict
    except NotAllowedError as refused:
        raise RefusedError("desk.problem.not_allowed", 403) from refused
    return f"desk.done.{name.replace('-', '_')}"


async def _take(desk: DeskPage, staff: StaffMember, conversation_id: int, _fields: Fields) -> None:
    await desk.take(staff, conversation_id)


async def _answer(desk: DeskPage, staff: StaffMember, conversation_id: int, fields: Fields) -> None:
    update_id = fields.get("update_id") or str(uuid4())
    if len(update_id) > LONGEST_UPDATE_ID:
        raise RefusedError("desk.problem.failed", 400)
    await desk.answer(staff, conversation_id, update_id, _text(fields))


async def _note(desk: DeskPage, staff: StaffMember, conversation_id: int, fields: Fields) -> None:
    await desk.note(staff, conversation_id, _text(fields))


async def _book(desk: DeskPage, staff: StaffMember, conversation_id: int, fields: Fields) -> None:
    slot = read_slot(fields.get("slot", ""))
    if slot is None:
        raise RefusedError("desk.problem.failed", 400)
    await desk.book(staff, conversation_id, slot)


async def _visited(desk: DeskPage, staff: StaffMember, conversation_id: int, fields: Fields) -> None:
    await desk.mark_visited(staff, conversation_id, _appointment(fields))


async def _missed(desk: DeskPage, staff: StaffMember, conversation_id: int, fields: Fields) -> None:
    await desk.mark_missed(staff, conversation_id, _appointment(fields))


async def _acknowledge(desk: DeskPage, staff: StaffMember, conversation_id: int, _fields: Fields) -> None:
    await desk.acknowledge(staff, conversation_id)


async def _clear(desk: DeskPage, staff: StaffMember, conversation_id: int, _fields: Fields) -> None:
    await desk.clear_freeze(staff, conversation_id)


async def _hand_back(desk: DeskPage, staff: StaffMember, conversation_id: int, _fields: Fields) -> None:
    await desk.hand_back(staff, conversation_id)


async def _correct(desk: DeskPage, staff: StaffMember, conversation_id: int, fields: Fields) -> None:
    line_id, meant = read_id(fields.get("line", "")), fields.get("meant", "")
    if line_id is None or meant not in MEANINGS:
        raise RefusedError("desk.problem.failed", 400)
    await desk.correct(staff, conversation_id, line_id, Intent(meant))


def _appointment(fields: Fields) -> int:
    appointment_id = read_id(fields.get("appointment", ""))
    if appointment_id is None:
        raise RefusedError("desk.problem.failed", 400)
    return appointment_id


def _text(fields: Fields) -> str:
    text = fields.get("text", "").strip()
    if not text:
        raise RefusedError("desk.problem.empty", 400)
    return text


ACTIONS: Mapping[str, Action] = {
    "take": _take,
    "answer": _answer,
    "note": _note,
    "book": _book,
    "visited": _visited,
    "missed": _missed,
    "acknowledge": _acknowledge,
    "clear": _clear,
    "hand-back": _hand_back,
    "correct": _correct,
}
