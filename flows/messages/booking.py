"""A visit was booked or moved: the confirmation, with a calendar file."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class Booked(Text, key="booking.booked", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The visit is booked; the calendar file is attached.

    Level 0: clinic, date and time. Level 1: also with whom ({provider}) and where ({address}). Ends by saying that
    a reminder will come and that it can be changed here. starts_at: the visit; provider: the name of the one who
    treats, as "Dr Vos".
    """

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class BookedBring(Text, key="booking.booked_bring", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As `booking.booked`, for a clinic that wrote what to bring: the sentence {clinic_bring} stands on its own in it.

    starts_at: the visit; provider: the name of the one who treats.
    """

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class BookedSoon(Text, key="booking.booked_soon", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As `booking.booked`, for a visit that no reminder will come for, most often because it is so near.

    Says nothing of a reminder. starts_at: the visit; provider: the name of the one who treats.
    """

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class BookedBringSoon(Text, key="booking.booked_bring_soon", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As `booking.booked_soon`, for a clinic that wrote what to bring: {clinic_bring} stands on its own in it.

    starts_at: the visit; provider: the name of the one who treats.
    """

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class Rebooked(Text, key="booking.moved", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The visit has a new time; the old one is given up; the new calendar file is attached. Level 1 adds {provider}.

    starts_at: the new time; provider: the name of the one who treats.
    """

    starts_at: datetime
    provider: str
