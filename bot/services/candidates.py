"""Who comes next in the programme: pages of candidates, further steps first, and how far they were looked through.

Invariant: whomever the gate refuses again and again keeps nobody behind them from their turn. Each look begins at the
top; what is left of it goes on where the last one ended. Forgetting that place at a restart costs time, and nobody.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from bot.services.clinic import Clinic
from bot.services.pacing import due_query, further_pages
from storage.records.planning import Candidate
from storage.unit_of_work import UnitOfWork

PAGE = 200
MOST_PAGES = 5


class Candidates:
    """Whom one clinic may invite next."""

    def __init__(self) -> None:
        """Begin at the top."""
        self._looked_to: Candidate | None = None

    def pages(self, uow: UnitOfWork, clinic: Clinic, now: datetime) -> Iterator[Sequence[Candidate]]:
        """Who is due at `now` (UTC), in order; whoever stops asking at a page is shown it again next time."""
        yield from islice(further_pages(uow, clinic, now, size=PAGE), MOST_PAGES)
        query = due_query(clinic, now)
        page = uow.planning.due(query, limit=PAGE)
        yield page
        for _ in range(MOST_PAGES - 1):
            if len(page) < PAGE:
                self._looked_to = None
                return
            page = uow.planning.due(query, limit=PAGE, after=self._looked_to or page[-1])
            yield page
            self._looked_to = page[-1] if page else None
