"""Whom the programme itself leaves alone, whatever their rights: held out, off the list, or for the reason they gave.

Each no of it is one of the gate's reasons; the gate asks for it like for every other.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.outreach.bands import add_months
from flows.outreach.hours import local_day
from flows.outreach.programme import Next, Programme
from flows.outreach.verdict import Refusal
from flows.vocabulary import StayingAway


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where somebody stands in the programme; instants aware UTC.

    lot: of the drawing HOLD_OUT. staying_away_at: when the reason was given. off_list_at: when the programme gave them
    up, None for whoever came since. heard_at: when they last wrote.
    """

    lot: int
    staying_away: StayingAway | None
    staying_away_at: datetime | None
    off_list_at: datetime | None
    heard_at: datetime | None


def withheld(place: Place, programme: Programme, *, held_out: int, now: datetime, zone: ZoneInfo) -> Refusal | None:
    """Why the programme leaves somebody alone at `now` (aware UTC); None if it does not.

    held_out: below which lot people are held out. zone: the clinic's.
    """
    if place.lot < held_out:
        return Refusal.HELD_OUT
    if _is_off_the_list(place):
        return Refusal.OFF_LIST
    match programme.next_for(place.staying_away):
        case Next.NOTHING | Next.UNTIL_CLEARED:
            return Refusal.REASON_GIVEN
        case Next.REST if _rests(place, programme, local_day(now, zone), zone):
            return Refusal.REASON_GIVEN
        case _:
            return None


def _is_off_the_list(place: Place) -> bool:
    """Who writes is back on it."""
    off, heard = place.off_list_at, place.heard_at
    return off is not None and (heard is None or heard < off)


def _rests(place: Place, programme: Programme, today: date, zone: ZoneInfo) -> bool:
    """Whether the rest is not over; of a reason without a date nobody knows that it is."""
    given = place.staying_away_at
    return given is None or today < add_months(local_day(given, zone), programme.rest_months)
