"""Which of the offers on the table a text points at, as the time it means."""

from collections.abc import Sequence
from datetime import datetime

from bot.understanding.port import Reading
from flows.meaning import Meaning, TimeWish


def named_offer(meaning: Meaning, reading: Reading) -> TimeWish:
    """Return the times a text means: those of the offer it points at, or else those it names.

    Where it names a day as well ("Tuesday, the second one"), the place may be one among that day's offers. An offer's
    time is in the clinic's zone, and exact: from then to then.
    """
    pointed = _at(reading.offers, meaning.ordinal)
    if pointed is None:
        return meaning.times
    if meaning.times.names_something:
        named = [offer for offer in reading.offers if _is_within(offer, meaning.times, reading)]
        if pointed not in named:
            pointed = _at(named, meaning.ordinal) or pointed
    local = pointed.astimezone(reading.zone)
    start = local.time()
    return TimeWish(dates=(local.date(),), earliest=start, latest=start)


def _at(offers: Sequence[datetime], place: int | None) -> datetime | None:
    return offers[place] if place is not None and -len(offers) <= place < len(offers) else None


def _is_within(offer: datetime, wish: TimeWish, reading: Reading) -> bool:
    local = offer.astimezone(reading.zone)
    start = local.time()
    return (
        (wish.dates is None or local.date() in wish.dates)
        and (wish.earliest is None or start >= wish.earliest)
        and (wish.latest is None or start <= wish.latest)
    )
