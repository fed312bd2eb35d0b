"""What a person allows: every yes and no of their ledger, and the questions one may ask of them.

Doubt narrows: a no counts at once and as widely as it can be meant, a yes only where, when and by whom it was given.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.ids import AddressId, LedgerEventId
from flows.outreach.ledger import Act, ActedBy, Basis
from flows.vocabulary import Channel, Purpose

CANNOT_OVERRULE_A_NO = frozenset({ActedBy.IMPORT, ActedBy.SYSTEM})
"""A yes of theirs counts only where nobody ever said no."""


class Standing(StrEnum):
    """How a purpose stands with a person."""

    PERMITTED = "permitted"
    NEVER_GIVEN = "never_given"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    DECEASED = "deceased"


_NO = {
    Act.DENY: Standing.DENIED,
    Act.WITHDRAW: Standing.WITHDRAWN,
    Act.OBJECT: Standing.OBJECTED,
    Act.ERASED: Standing.SUPPRESSED,
    Act.SUPPRESSED: Standing.SUPPRESSED,
}
NOES = frozenset(_NO)
"""The acts by which somebody says no, or is taken out for good."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Where a yes or a no holds; None is everywhere."""

    channel: Channel | None = None
    address_id: AddressId | None = None

    def covers(self, other: "Scope") -> bool:
        """Whether all of `other` lies within this scope."""
        return self.channel in {None, other.channel} and self.address_id in {None, other.address_id}


EVERYWHERE = Scope()


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """A yes, as it was given. at, valid_from, valid_until: aware UTC; valid_until is exclusive, None has no end."""

    id: LedgerEventId
    purpose: Purpose
    basis: Basis
    acted_by: ActedBy
    at: datetime
    scope: Scope
    evidence: str
    valid_from: datetime
    valid_until: datetime | None

    def is_current(self, now: datetime) -> bool:
        """Whether `now` (UTC) lies in the time it was given for."""
        return max(self.at, self.valid_from) <= now and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What ends a yes: a no (of NOES), or the plain end of its time (EXPIRE)."""

    id: LedgerEventId
    purpose: Purpose
    act: Act
    at: datetime
    scope: Scope

    @property
    def is_no(self) -> bool:
        """Whether somebody said no, other than time having passed."""
        return self.act in _NO

    def ends(self, right: Right, where: Scope) -> bool:
        """Whether `right` is over `where`; at equal time the no wins."""
        return self.at >= right.at and (self.scope.covers(where) or self.scope.covers(right.scope))


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a person allows, as the ledger tells it.

    given: every yes of somebody entitled to it, latest first; ended: everything that ends one, latest first. What
    stands is asked of `standing`, `candidates`, `permitted`. pauses: purposes and until when (UTC) they are paused,
    past or not. closed: where nothing may be sent. frozen_by: why everything waits for a person: the reasons of the
    tickets (emergency, complaint or alike) that nobody has cleared. deceased: nothing is sent, not even about a visit.
    """

    given: tuple[Right, ...]
    ended: tuple[Ended, ...]
    pauses: tuple[tuple[Purpose, datetime], ...]
    closed: frozenset[Scope]
    frozen_by: frozenset[str]
    deceased: bool

    @property
    def frozen(self) -> bool:
        """Whether anything waits for a person."""
        return bool(self.frozen_by)

    @property
    def suppressed(self) -> bool:
        """Whether the person was erased, or came by an address of somebody erased, and nobody gave a yes since."""
        ends = [end.at for end in self.ended if _NO.get(end.act) is Standing.SUPPRESSED]
        yeses = [right.at for right in self.given if right.acted_by not in CANNOT_OVERRULE_A_NO]
        return bool(ends) and not any(at > max(ends) for at in yeses)

    @property
    def paused_until(self) -> datetime | None:
        """Until when (UTC) recall is paused, past or not; None if it never was."""
        return self.pause_of(Purpose.RECALL)

    def pause_of(self, purpose: Purpose) -> datetime | None:
        """Until when (UTC) the purpose is paused, past or not; None if it never was."""
        return next((until for paused, until in self.pauses if paused is purpose), None)

    def paused(self, purpose: Purpose, now: datetime) -> bool:
        """Whether the purpose is paused at `now` (UTC)."""
        until = self.pause_of(purpose)
        return until is not None and now < until

    def candidates(self, purpose: Purpose, now: datetime, where: Scope = EVERYWHERE) -> tuple[Right, ...]:
        """The rights that hold at `now` (UTC) for `purpose` in all of `where` (EVERYWHERE: anywhere), latest first."""
        if self.deceased:
            return ()
        return tuple(right for right in self._unrevoked(purpose, where) if right.is_current(now))

    def permitted(self, purpose: Purpose, now: datetime, where: Scope = EVERYWHERE) -> LedgerEventId | None:
        """The latest right that holds, whatever a policy thinks of it; None if there is none."""
        return next((right.id for right in self.candidates(purpose, now, where)), None)

    def standing(self, purpose: Purpose, now: datetime, where: Scope = EVERYWHERE) -> Standing:
        """How the purpose stands at `now` (UTC), and so why it is not permitted."""
        if self.deceased:
            return Standing.DECEASED
        if self.candidates(purpose, now, where):
            return Standing.PERMITTED
        given = self._entitled(purpose, where)
        no = self._last_no(purpose, where, given)
        if no is not None and not any(right.at > no.at for right in given):
            return _NO[no.act]
        began = any(max(right.at, right.valid_from) <= now for right in given)
        ran_out = any(end.purpose is purpose and not end.is_no and end.scope.covers(where) for end in self.ended)
        return Standing.EXPIRED if began or ran_out else Standing.NEVER_GIVEN

    def is_closed(self, channel: Channel, address_id: AddressId | None) -> bool:
        """Whether this channel or address is closed to us."""
        where = Scope(channel=channel, address_id=address_id)
        return any(scope.covers(where) for scope in self.closed)

    def _last_no(self, purpose: Purpose, where: Scope, given: tuple[Right, ...]) -> Ended | None:
        """The latest no about the purpose that holds in all of `where`, or took one of the yeses given for it."""
        noes = (end for end in self.ended if end.purpose is purpose and end.is_no)
        return next(
            (no for no in noes if no.scope.covers(where) or any(no.ends(right, where) for right in given)), None
        )

    def _entitled(self, purpose: Purpose, where: Scope) -> tuple[Right, ...]:
        """The yeses given for all of `where`, less those a no forbids to count at all."""
        refused = any(no.purpose is purpose and no.is_no for no in self.ended)
        return tuple(
            right
            for right in self.given
            if right.purpose is purpose
            and (where == EVERYWHERE or right.scope.covers(where))
            and not (refused and right.acted_by in CANNOT_OVERRULE_A_NO)
        )

    def _unrevoked(self, purpose: Purpose, where: Scope) -> tuple[Right, ...]:
        ends = [end for end in self.ended if end.purpose is purpose]
        return tuple(
            right for right in self._entitled(purpose, where) if not any(end.ends(right, where) for end in ends)
        )


NO_RIGHTS = Rights(given=(), ended=(), pauses=(), closed=frozenset(), frozen_by=frozenset(), deceased=False)
"""What a person allows of whom no ledger tells anything."""
