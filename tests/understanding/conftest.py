"""What the tests of understanding share: one loaded understander, and readings at fixed times."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding import Reading, RuleUnderstander
from flows.meaning import Expecting, Meaning
from flows.vocabulary import Language

BRUSSELS = ZoneInfo("Europe/Brussels")
WEDNESDAY = datetime(2025, 11, 19, 9, 0, tzinfo=UTC)
OFFERS = (datetime(2025, 11, 24, 8, 30, tzinfo=UTC), datetime(2025, 11, 27, 16, 45, tzinfo=UTC))
"""Monday at 9:30 and Thursday at 17:45, in Brussels."""

VISIT = datetime(2025, 11, 27, 9, 0, tzinfo=UTC)
"""Thursday at 10:00, in Brussels."""

Read = Callable[..., Meaning]


@pytest.fixture(scope="session")
def understander() -> RuleUnderstander:
    """All languages, loaded once."""
    return RuleUnderstander.load()


@pytest.fixture
def read(understander: RuleUnderstander) -> Read:
    """Read a text in a language, with what was asked, the offers on the table and the visit there is."""

    def read(
        text: str,
        language: Language = Language.EN,
        *,
        expecting: Expecting = Expecting.NOTHING,
        offers: tuple[datetime, ...] | None = None,
        visit: datetime | None = None,
    ) -> Meaning:
        if offers is None:
            offers = OFFERS if expecting is Expecting.SLOTS else ()
        reading = Reading(
            language=language, expecting=expecting, now=WEDNESDAY, zone=BRUSSELS, offers=offers, visit=visit
        )
        return understander.understand(text, reading)

    return read
