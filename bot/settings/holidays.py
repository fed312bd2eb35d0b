"""Public holidays of a country and of its parts, so that nobody is written to on one."""

from datetime import date
from functools import cache

from holidays import country_holidays

YEARS = range(2020, 2081)
"""Those whose holidays are known; a rehearsal may leap far ahead."""


@cache
def public_holidays(residence: str) -> frozenset[date]:
    """The public holidays where somebody lives; none where nobody wrote them down.

    residence: ISO 3166-1 alpha-2, or with "-" and a subdivision, whose own holidays count too if they are known.
    """
    country, _, subdivision = residence.partition("-")
    try:
        return frozenset(country_holidays(country, subdiv=subdivision or None, years=YEARS))
    except NotImplementedError:  # the library's word for a country or a part of one that it does not know
        return public_holidays(country) if subdivision else frozenset()
