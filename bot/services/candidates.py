"""Who comes next: pages of whatever is due, looked through a piece at a time, and how far each look came.

Invariant: whomever the gate refuses again and again keeps nobody behind them from their turn. Each look begins at the
top; what is left of it goes on where the last one ended. Forgetting that place at a restart costs time, and nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from bot.services.clinic import Clinic
from bot.services.pacing import due_query, further_page, further_steps_now
from storage.records.planning import Candidate
from storage.unit_of_work import UnitOfWork

PAGE = 200
MOST_PAGES = 5

Due = TypeVar("Due")
Read: TypeAlias = Callable[[int, Due | None], Sequence[Due]]
"""Reads a page: how many at most, and behind whom."""


class Turns(Generic[Due]):
    """The turns of all who are due for one thing."""

    def __init__(self) -> None:
        """Begin at the top."""
        self._looked_to: Due | None = None

    def pages(self, read: Read[Due]) -> Iterator[Sequence[Due]]:
        """Who is due, in order; whoever stops asking at a page is shown it again next time."""
        page = read(PAGE, None)
        yield page
        for _ in range(MOST_PAGES - 1):
            if len(page) < PAGE:
                self._looked_to = None
                return
            page = read(PAGE, self._looked_to or page[-1])
            yield page
            self._looked_to = page[-1] if page else None


class Candidates:
    """Whom one clinic may invite next."""

    def __init__(self) -> None:
        """Begin at the top."""
        self._firsts = Turns[Candidate]()
        self._further: defaultdict[int, Turns[Candidate]] = defaultdict(Turns)

    def pages(self, uow: UnitOfWork, clinic: Clinic, now: datetime) -> Iterator[Sequence[Candidate]]:
        """Who is due at `now` (UTC), in order, further steps first; as `Turns.pages`."""
        query = due_query(clinic, now)
        for step in further_steps_now(clinic):

            def further(limit: int, after: Candidate | None, number: int = step) -> Sequence[Candidate]:
                return further_page(uow, clinic, now, step=number, size=limit, after=after)

            yield from self._further[step].pages(further)
        yield from self._firsts.pages(lambda limit, after: uow.planning.due(query, limit=limit, after=after))
