"""Break the gate on purpose, in one respect at a time: the laws notice every one. `docs/proofs.md` lists them.

Set RECARE_WRITE_PROOFS=1 to write the list anew.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from tests.laws.case import Case
from tests.laws.chance import case_of
from tests.laws.law import answer_breaks
from tests.laws.mutations import Mutation, mutations
from tests.laws.rulebook import Expected, expected

CASES = 12_000
PROOFS = Path(__file__).parents[2] / "docs" / "proofs.md"
BEGIN, END = "<!-- mutations: begin -->\n", "<!-- mutations: end -->\n"
MUTATIONS = mutations()


@cache
def judged() -> tuple[tuple[Case, Expected], ...]:
    """The cases and what the rules say of them, which no mutation changes."""
    return tuple((case, expected(case)) for case in map(case_of, range(CASES)))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.words)
def test_the_laws_notice(mutation: Mutation, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = judged()
    monkeypatch.setattr(mutation.name, mutation.value)
    assert any(answer_breaks(case, rules) is not None for case, rules in cases), "nobody noticed"


def test_unbroken_the_gate_breaks_no_law() -> None:
    assert all(answer_breaks(case, rules) is None for case, rules in judged()[:1000])


def test_the_list_of_mutations_is_the_one_the_proofs_tell() -> None:
    listed = "".join(f"{number}. {mutation.words}\n" for number, mutation in enumerate(MUTATIONS, start=1))
    text = PROOFS.read_text("utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    told = f"{before}{BEGIN}{listed}{END}{after}"
    if os.environ.get("RECARE_WRITE_PROOFS") == "1":
        PROOFS.write_text(told, "utf-8")
    assert PROOFS.read_text("utf-8") == told
