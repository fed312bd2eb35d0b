"""Finds free time: reads opening hours and what is taken, and lets `storage.calendars.search` choose.

Nothing is promised by finding; only a hold or a booking takes the time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from flows.ids import ConversationId, ProviderId, VisitTypeId
from flows.meaning import ANY_TIME, TimeWish
from storage.calendars.free_time import Opening, VisitLength
from storage.calendars.offers import FoundSlots
from storage.calendars.search import STANDARD, OfferRules, Search
from storage.calendars.taken import Taken
from storage.hot import Hot
from storage.models import Clinic, Provider, VisitType, WorkingHours, table_of
from storage.repositories.chair_time import taken_quarters
from storage.scope import Scope

_clinics = table_of(Clinic)
_hours = table_of(WorkingHours)
_providers = table_of(Provider)
_visit_types = table_of(VisitType)

_OPENINGS = Hot(
    select(
        _hours.c.provider_id,
        _hours.c.weekday,
        _hours.c.opens_minute,
        _hours.c.closes_minute,
        _visit_types.c.minutes,
        _clinics.c.zone,
    )
    .join(_providers, (_providers.c.clinic_id == _hours.c.clinic_id) & (_providers.c.id == _hours.c.provider_id))
    .join(_clinics, _clinics.c.clinic_id == _hours.c.clinic_id)
    .join(_visit_types, _visit_types.c.clinic_id == _hours.c.clinic_id)
    .where(
        _hours.c.clinic_id == bindparam("clinic_id"),
        _hours.c.provider_id.in_(bindparam("provider_ids", expanding=True)),
        _providers.c.active,
        _visit_types.c.id == bindparam("visit_type_id"),
    )
)


class FreeTime:
    """Works in one transaction of one clinic. Instants are aware UTC; days and times of wishes are the clinic's."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def free_slots(
        self,
        wish: TimeWish,
        *,
        count: int,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        now: datetime,
        after: datetime | None = None,
        not_held_by: ConversationId | None = None,
        rules: OfferRules = STANDARD,
    ) -> FoundSlots:
        """Find a few good free times.

        Args:
            wish: what the patient would like, in the clinic's zone.
            count: how many at most.
            visit_type_id: the type of visit, and so its length.
            provider_ids: who may treat, the preferred first.
            now: the present.
            after: no start at or before this instant.
            not_held_by: the conversation that asks; what is held for it counts as free.
            rules: how the clinic wants its time offered.

        Returns:
            times within the wish; if there are none, the nearest to it, marked as not exact.
        """
        search = self._search(visit_type_id, provider_ids, now=now, after=after, rules=rules)
        if search is None:
            return FoundSlots(slots=(), exact=False)
        return search.find(wish, count=count, taken=self._taken(search, wish, not_held_by))

    def free_days(
        self,
        *,
        count: int,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        now: datetime,
        after: datetime | None = None,
        not_held_by: ConversationId | None = None,
        rules: OfferRules = STANDARD,
    ) -> tuple[date, ...]:
        """Find the first `count` days with free time, ascending; arguments as for `free_slots`."""
        search = self._search(visit_type_id, provider_ids, now=now, after=after, rules=rules)
        if search is None:
            return ()
        return search.find_days(count=count, taken=self._taken(search, ANY_TIME, not_held_by))

    def free_count(
        self,
        *,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        now: datetime,
        rules: OfferRules = STANDARD,
    ) -> int:
        """Count how many visits of this type still fit into the time of the horizon; arguments as for `free_slots`."""
        search = self._search(visit_type_id, provider_ids, now=now, after=None, rules=rules)
        if search is None:
            return 0
        return search.count(taken=self._taken(search, ANY_TIME, None))

    def _search(
        self,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        *,
        now: datetime,
        after: datetime | None,
        rules: OfferRules,
    ) -> Search | None:
        """Read what a search needs in one statement; None if nobody works."""
        wanted = {"provider_ids": list(provider_ids), "visit_type_id": visit_type_id}
        rows = self._scope.tuples(_OPENINGS, {"clinic_id": self._scope.clinic_id, **wanted})
        if not rows:
            return None
        *_, minutes, zone = rows[0]
        return Search(
            zone=ZoneInfo(zone),
            openings=_openings(tuple(rows), tuple(provider_ids)),
            length=VisitLength(visit_type_id=visit_type_id, minutes=minutes),
            rules=rules,
            now=now,
            after=after,
        )

    def _taken(self, search: Search, wish: TimeWish, not_held_by: ConversationId | None) -> Taken:
        providers = {opening.provider_id for opening in search.openings}
        return taken_quarters(self._scope, providers, search.span(wish), now=search.now, not_held_by=not_held_by)


@lru_cache(maxsize=64)
def _openings(rows: tuple[tuple[Any, ...], ...], provider_ids: tuple[ProviderId, ...]) -> tuple[Opening, ...]:
    """Put opening hours in the order in which providers are preferred; they change seldom."""
    rank = {provider_id: place for place, provider_id in enumerate(provider_ids)}
    openings = [Opening(*row[: len(Opening._fields)]) for row in rows]
    openings.sort(key=lambda opening: (rank[opening.provider_id], opening.weekday, opening.opens_minute))
    return tuple(openings)
