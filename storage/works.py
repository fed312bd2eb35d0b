"""A piece of work that waits to be written, and how whoever waits for it hears what became of it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

from sqlalchemy import Connection

from flows.ids import ClinicId
from storage.unit_of_work import UnitOfWork


class Length(Enum):
    """How long a piece of work takes. BRIEF: about a millisecond. LONG: nobody's commit should wait for it."""

    BRIEF = auto()
    USUAL = auto()
    LONG = auto()


class MakeWork(Protocol):
    """Makes the unit of work of a clinic on an open connection; keep: what its commit does."""

    def __call__(self, connection: Connection, clinic_id: ClinicId, keep: Callable[[], None]) -> UnitOfWork:
        """Make it."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A piece of work that waits."""

    clinic_id: ClinicId
    does: Callable[[UnitOfWork], Any]
    length: Length
    done: asyncio.Future[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """How a piece of work failed."""

    why: BaseException


def tell(batch: Sequence[Work], outcomes: Sequence[object]) -> None:
    """Tell those who wait for works what became of them, from another thread, each event loop once."""
    told: dict[asyncio.AbstractEventLoop, tuple[list[Work], list[object]]] = {}
    for work, outcome in zip(batch, outcomes, strict=True):
        works, theirs = told.setdefault(work.done.get_loop(), ([], []))
        works.append(work)
        theirs.append(outcome)
    for loop, news in told.items():
        # A loop that has ended meanwhile has nobody left to hear of it.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, *news)


def settle(batch: Sequence[Work], outcomes: Sequence[object]) -> None:
    """Tell those who wait for works on this thread's event loop what became of them."""
    for work, outcome in zip(batch, outcomes, strict=True):
        if work.done.done():
            continue
        if not isinstance(outcome, Failed):
            work.done.set_result(outcome)
        elif isinstance(outcome.why, StopIteration):
            # A future takes any failure but this one, and the others must hear of theirs.
            work.done.set_exception(RuntimeError("a piece of work raised StopIteration"))
        else:
            work.done.set_exception(outcome.why)
