"""The command line has words for whatever the gate can say."""

from bot.cli.plan import WHY
from flows.outreach.verdict import Refusal


def test_every_refusal_has_words() -> None:
    assert set(WHY) == set(Refusal)
    assert len(set(WHY.values())) == len(WHY)
