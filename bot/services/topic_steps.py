"""The next call that brings a topic in step with its conversation, decided and written down before it is made.

Invariant: a call that makes something appear is written down with all it shows before it leaves, and written off after;
so a crash in between neither repeats nor loses a line. Whatever can be made twice is not written down first.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.services.topic_ports import Board
from flows.ids import TopicId
from storage.unit_of_work import UnitOfWork

Call = Callable[[Board], Awaitable[int | None]]
Note = Callable[[UnitOfWork, int | None], None]


class Repeat(StrEnum):
    """Whether a call of which nobody knows the outcome may simply be made again."""

    FREELY = "freely"
    NEVER = "never"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One call. post_id: under which it was written down. note: writes down what it returned."""

    topic_id: TopicId | None
    post_id: int | None
    repeat: Repeat
    call: Call
    note: Note
    given_up: Note = lambda _uow, _result: None
    """Writes down that the messenger will never take it as it is."""


class Nothing(StrEnum):
    """Why there is no step. DONE: the topic shows all there is. FULL: the group's minute is full."""

    DONE = "done"
    FULL = "full"
