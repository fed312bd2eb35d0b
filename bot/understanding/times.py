"""The times a text names: which days would do, and between which bounds of the day.

Everything is in the clinic's calendar and zone. Opening hours are not asked: here counts what the patient says.
"""

from dataclasses import dataclass

from bot.understanding.clock_forms import HalfHour
from bot.understanding.known_times import Moment
from bot.understanding.time_items import Item, Kind
from bot.understanding.time_walk import Walk
from flows.meaning import ANY_TIME, TimeWish

_SAYS_NOTHING = frozenset({Kind.WORD, Kind.SKIP, Kind.NOT, Kind.MEASURE})


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadTimes:
    """The times of a text.

    far: a month, a season or a day some weeks off is named, by its first day. refused: only what does not suit is
    named. words: how many of the text's words speak of times.
    """

    wish: TimeWish = ANY_TIME
    far: bool = False
    refused: bool = False
    words: int = 0


def read_times(items: list[Item], half: HalfHour, moment: Moment, idle: frozenset[int] = frozenset()) -> ReadTimes:
    """Read the times out of a text's items.

    half: the language's use of "half" before an hour. idle: places of words like "not" that deny nothing.
    """
    walk = Walk.begin(items, half, moment, idle)
    while walk.at < len(walk.pieces):
        walk.take()
    bounds = walk.said.together()
    wish = TimeWish(dates=walk.days.together(), earliest=bounds.earliest, latest=bounds.latest)
    return ReadTimes(
        wish=wish,
        far=walk.days.is_far,
        refused=walk.days.refuses_only,
        words=sum(1 for item in items if item.kind not in _SAYS_NOTHING),
    )
