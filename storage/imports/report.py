"""What an import did: counted by the fate of its rows, with everything there is to put right."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.imports.problems import Problem, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """The outcome of a list. rows = created + updated + unchanged + refused + erased.

    erased: rows of people who were erased here and stay so. permitted, denied: patients whose ledger gained a yes or a
    no. suppressed: patients kept out of the programme since they came by an address of somebody erased. booked,
    cancelled: appointments made elsewhere that came into or went out of the calendar. problems: by row.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    erased: int
    permitted: int
    denied: int
    booked: int
    cancelled: int
    suppressed: int
    problems: Sequence[Problem]
    unused: Sequence[str]

    def count(self, severity: Severity) -> int:
        """Count the problems of one kind."""
        return sum(problem.severity is severity for problem in self.problems)
