"""Cases by chance: a world in which the gate permits, and some departures from it, each in one respect.

A number makes a case, and the same number the same case; its departures are named, so that a broken law can be shown
with as few of them as break it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.laws.case import Case, Said
from tests.laws.departures import ADDRESS, DEPARTURES
from tests.laws.policies_by_chance import policies

DAY = timedelta(days=1)
BRUSSELS = ZoneInfo("Europe/Brussels")
WEDNESDAY = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
MOST_DEPARTURES = 4
PURPOSES = ("recall", "recall", "recall", "appointment", "postvisit", "offer")


def case_of(number: int) -> Case:
    """The case of a number."""
    return case_with(number, departures_of(number))


def departures_of(number: int) -> tuple[str, ...]:
    """The names of the departures that the number draws."""
    random = Random(number)  # noqa: S311 - chance, no secret
    return tuple(random.choices(list(DEPARTURES), k=random.randint(0, MOST_DEPARTURES)))


def case_with(number: int, departures: Sequence[str]) -> Case:
    """The case of a number with only some of its departures."""
    case = permitted(Random(number).choice(PURPOSES))  # noqa: S311 - chance, no secret
    for name in departures:
        # Seeded by its own name: what one departure draws does not change when another is left out.
        case = DEPARTURES[name](Random(f"{number}:{name}"), case)  # noqa: S311 - chance, no secret
    return case


def smallest(number: int, breaks: Callable[[Case], bool]) -> tuple[str, ...]:
    """As few departures as still break a law."""
    departures = departures_of(number)
    for name in departures:
        fewer = tuple(other for other in departures if other != name)
        if breaks(case_with(number, fewer)):
            departures = fewer
    return departures


def permitted(purpose: str) -> Case:
    """A lapsed adult of band A who allowed it long ago, on a Wednesday at noon in Brussels; offers are allowed too."""
    long_ago = WEDNESDAY - 500 * DAY
    yes = Said(at=long_ago, act="permit", purpose=purpose, basis="express_consent", valid_from=long_ago)
    visits = {"appointment": WEDNESDAY + 2 * DAY, "postvisit": WEDNESDAY - 2 * DAY}
    return Case(
        now=WEDNESDAY,
        zone=BRUSSELS,
        policy=policies()[0],
        purpose=purpose,
        channel="webchat",
        level=0,
        says=frozenset({"sender", "stop", "automatic"}),
        stage="sending",
        step=1,
        holidays=frozenset(),
        limit_months=12,
        grace_months=1,
        signed=True,
        stopped=False,
        rehearsal=False,
        status="active",
        language="en",
        born=date(1980, 5, 1),
        ledger=(yes,),
        ledger_whole=True,
        key_present=True,
        last_visit_on=date(2025, 9, 1),
        recall_months=6,
        next_visit_at=None,
        visit_at=visits.get(purpose),
        last_contacted_at=None,
        rhythm_months=None,
        withheld=None,
        sent=(),
        household=(),
        address=ADDRESS,
        staff_owns=False,
        asked=False,
        heard_at=None,
        duplicate=False,
        released=False,
        free_times=2,
    )
