"""Invitations of the recall programme: one real reason, words of care, one or two named times, a way out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class FirstInvitation(Text, key="recall.first", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The first message to a patient who has not been here for long, sent by the practice's automatic assistant.

    Level 0: clinic, "writing automatically", it is time for the next visit, the two times, how to end the messages.
    Level 1: {greeting}, {clinic}, writing automatically, last here {last_visit}, {dentist} would like to see you
    again, the two times we could keep, which suits better? Ends with: "stop" ends these messages. first, second:
    the times.
    """

    first: datetime
    second: datetime


@dataclass(frozen=True, kw_only=True)
class FirstInvitationOneTime(Text, key="recall.first_one", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the first invitation, when only one time is free: would it suit? first: that time."""

    first: datetime


@dataclass(frozen=True, kw_only=True)
class FirstInvitationInMind(Text, key="recall.first_in_mind", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The first message in other words, so that one can tell which brings more people back.

    Same parts: automatic, clinic, two times, a question, "stop". Level 0: we have two times in mind for your next
    visit. Level 1: {greeting}, {dentist} last saw you {last_visit}, and we have two times in mind for you. Nothing is
    reserved, so it does not say so. first, second: the times.
    """

    first: datetime
    second: datetime


@dataclass(frozen=True, kw_only=True)
class FirstInvitationInMindOneTime(Text, key="recall.first_in_mind_one", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the first message in other words, when only one time is free. first: that time."""

    first: datetime


@dataclass(frozen=True, kw_only=True)
class SecondInvitation(Text, key="recall.second", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """Some days after the first, with another reason: the regular check-up is due, and a look now is short and simple.

    No reproach for not answering, no alarm. Same parts as the first: automatic, clinic, two times, a question,
    "stop". Level 1 may use {greeting} and {dentist}. first, second: the times.
    """

    first: datetime
    second: datetime


@dataclass(frozen=True, kw_only=True)
class SecondInvitationOneTime(Text, key="recall.second_one", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the second invitation, when only one time is free. first: that time."""

    first: datetime


@dataclass(frozen=True, kw_only=True)
class SecondInvitationOtherDays(Text, key="recall.second_other_days", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The second message in other words: these two times are free, and early, late or another day can be had too.

    No reproach for not answering, no alarm. Automatic, clinic, two times, a question, "stop". Level 1 may use
    {greeting} and {dentist}. first, second: the times.
    """

    first: datetime
    second: datetime


@dataclass(frozen=True, kw_only=True)
class SecondInvitationOtherDaysOneTime(Text, key="recall.second_other_days_one", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the second message in other words, when only one time is free. first: that time."""

    first: datetime


@dataclass(frozen=True, kw_only=True)
class ThirdInvitation(Text, key="recall.third", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The last invitation for now, and says so: we do not want to be a bother; two times are free all the same.

    Automatic, clinic, two times, a question, "stop". Level 1 may use {greeting}. first, second: the times.
    """

    first: datetime
    second: datetime


@dataclass(frozen=True, kw_only=True)
class ThirdInvitationOneTime(Text, key="recall.third_one", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the third invitation, when only one time is free. first: that time."""

    first: datetime


@dataclass(frozen=True, kw_only=True)
class OffersPassed(Text, key="recall.offers_passed"):
    """The patient comes back to an offer whose times are over.

    "The times we offered have passed by now. Shall we look for new ones?".
    """


class Wording(NamedTuple):
    """The words of an invitation, with two times and with one."""

    two_times: Callable[..., Text]
    one_time: Callable[..., Text]


INVITATIONS: Mapping[str, Wording] = {
    FirstInvitation.key: Wording(FirstInvitation, FirstInvitationOneTime),
    FirstInvitationInMind.key: Wording(FirstInvitationInMind, FirstInvitationInMindOneTime),
    SecondInvitation.key: Wording(SecondInvitation, SecondInvitationOneTime),
    SecondInvitationOtherDays.key: Wording(SecondInvitationOtherDays, SecondInvitationOtherDaysOneTime),
    ThirdInvitation.key: Wording(ThirdInvitation, ThirdInvitationOneTime),
}
"""The wordings a programme may name, by the key of the one with two times."""
