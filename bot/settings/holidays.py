"""Public holidays of a country and of its parts, so that nobody is written to on one."""

from datetime import date
from functools import cache

from holidays import country_holidays
from holidays.registry import COUNTRIES

YEARS = range(2020, 2081)
"""Those whose holidays are known; a rehearsal may leap far ahead."""

_KNOWN = frozenset(code for _, *codes in COUNTRIES.values() for code in codes)


@cache
def public_holidays(residence: str) -> frozenset[date]:
    """The public holidays where somebody lives; none where nobody wrote them down.

    residence: ISO 3166-1 alpha-2, or with "-" and a subdivision, whose own holidays count too if they are known.
    """
    country, _, subdivision = residence.partition("-")
    if country not in _KNOWN:
        return frozenset()
    part = subdivision if subdivision in country_holidays(country).subdivisions else None
    return frozenset(country_holidays(country, subdiv=part, years=YEARS))
