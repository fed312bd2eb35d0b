"""A bookable time of one provider, and a visit that exists.

Instants are aware UTC datetimes; a slot's end is exclusive.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.ids import AppointmentId, ProviderId, VisitTypeId


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Slot:
    """A bookable interval of one provider for one type of visit; slots sort by their start."""

    starts_at: datetime
    ends_at: datetime
    provider_id: ProviderId
    visit_type_id: VisitTypeId

    @property
    def length(self) -> timedelta:
        """The chair time the slot takes."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, kw_only=True, slots=True)
class BookedVisit:
    """An appointment as dialogs see it."""

    appointment_id: AppointmentId
    slot: Slot
    provider_name: str
