"""Owns how the list of conversations is laid out: groups by urgency, and what must not be missed.

Every conversation stands in exactly one group; the order inside a group is the service's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from bot.services.views import ConversationRow, ConversationView, StaffMember
from flows.vocabulary import Role, Urgency

MAY_CLEAR = frozenset({Role.DENTIST, Role.MANAGER})
ORDER = {Urgency.NOW: 0, Urgency.TODAY: 1, Urgency.WHEN_FREE: 2, None: 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Conversations of one urgency."""

    urgency: Urgency | None
    rows: tuple[ConversationRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The list as it is shown: groups, and the rows that ring."""

    groups: tuple[Group, ...]
    alarms: tuple[ConversationRow, ...]


def lay_out(rows: Iterable[ConversationRow], *, wanted: str = "") -> Board:
    """Group rows, the most urgent first; `wanted` keeps only names that contain it. Alarms ring whatever is wanted."""
    rows = tuple(rows)
    shown = [row for row in rows if wanted.casefold() in row.patient_name.casefold()]
    shown.sort(key=lambda row: ORDER[row.urgency])
    groups = (
        Group(urgency=urgency, rows=tuple(members)) for urgency, members in groupby(shown, key=lambda row: row.urgency)
    )
    return Board(groups=tuple(groups), alarms=tuple(row for row in rows if row.alarm))


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """What can be done with an opened conversation now; a button is shown for nothing else."""

    take: bool
    answer: bool
    hand_back: bool
    acknowledge: bool
    clear_freeze: bool


def allowed(staff: StaffMember, view: ConversationView) -> Allowed:
    """Tell what this member of staff can do."""
    held_by_colleague = view.holder is not None and not view.held_by_me
    return Allowed(
        take=not view.held_by_me and not held_by_colleague,
        answer=not held_by_colleague,
        hand_back=view.held_by_me or (view.staff_speaks and not held_by_colleague),
        acknowledge=any(ticket.urgency is Urgency.NOW and not ticket.acknowledged for ticket in view.tickets),
        clear_freeze=view.card.frozen and staff.role in MAY_CLEAR,
    )
