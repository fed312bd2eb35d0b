"""The fold of a person's ledger into rights: the same events give the same rights, in whatever order they were stored.

What narrows (a no, a freeze, a block, a pause) counts at once, even if its clock runs ahead; what widens only from its
own time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.standing import EVERYWHERE, NO_RIGHTS, NOES, Ended, Right, Rights, Scope, Standing
from flows.vocabulary import Purpose

__all__ = ["EVERYWHERE", "FOREVER", "NO_RIGHTS", "Ended", "Right", "Rights", "Scope", "Standing", "rights"]

FOREVER = datetime.max.replace(tzinfo=UTC)
"""The end of a pause that names none."""

STOPPED_BY_A_STOP = (Purpose.RECALL, Purpose.POSTVISIT, Purpose.OFFER)
"""What a no without a purpose ends; messages about a booked visit go on unless refused by name (DESIGN.md)."""

PAUSED_BY_A_PAUSE = (Purpose.RECALL, Purpose.OFFER)
"""What a pause without a purpose rests: the recall programme; a check-in belongs to a visit they came to since."""

_PATIENT_SIDE = frozenset({ActedBy.SELF, ActedBy.GUARDIAN})
_CLOSING = frozenset({Act.BLOCKED, Act.BOUNCED, Act.WRONG_PERSON})


def rights(events: Iterable[LedgerEvent], now: datetime) -> Rights:
    """Fold one person's events into what they allow, as known at `now` (UTC).

    Laws (DOMAIN.md): a no beats a yes of the same time; a yes of an import (or of the system) never undoes a no; a no
    about recall, offers or check-ins holds on every channel; a yes of staff or an import needs evidence; nobody but the
    patient's side opens what they blocked, nobody but staff clears a freeze or, with evidence, takes back a death or a
    wrong person; an own yes after a no permits again.
    """
    history = sorted(set(events), key=lambda event: (event.at, event.id))
    return Rights(
        given=tuple(right for event in reversed(history) for right in _given(event, now)),
        ended=tuple(end for event in reversed(history) for end in _ended(event)),
        pauses=_pauses(history, now),
        closed=_closed(history, now),
        frozen_by=_frozen_by(history, now),
        deceased=_deceased(history, now),
    )


def _given(event: LedgerEvent, now: datetime) -> tuple[Right, ...]:
    if event.act is not Act.PERMIT or event.at > now or event.purpose is None or event.basis is None:
        return ()
    if not _may_permit(event, event.basis):
        return ()
    right = Right(
        id=event.id,
        purpose=event.purpose,
        basis=event.basis,
        acted_by=event.acted_by,
        at=event.at,
        scope=_scope(event),
        evidence=event.evidence,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
    )
    return (right,)


def _may_permit(event: LedgerEvent, basis: Basis) -> bool:
    """Whether this actor can give this yes: others than the patient need evidence, the system cannot consent at all."""
    if event.acted_by in _PATIENT_SIDE:
        return True
    if event.acted_by is ActedBy.SYSTEM and basis is Basis.EXPRESS_CONSENT:
        return False
    return bool(event.evidence.strip())


def _ended(event: LedgerEvent) -> tuple[Ended, ...]:
    if event.act not in NOES and event.act is not Act.EXPIRE:
        return ()
    unnamed = STOPPED_BY_A_STOP if event.act in NOES else tuple(Purpose)
    purposes = unnamed if event.purpose is None else (event.purpose,)
    return tuple(
        Ended(id=event.id, purpose=purpose, act=event.act, at=event.at, scope=_reach(event, purpose))
        for purpose in purposes
    )


def _reach(event: LedgerEvent, purpose: Purpose) -> Scope:
    """How far an end holds: a stop on one channel stops the programme on all."""
    return EVERYWHERE if event.act in NOES and purpose in STOPPED_BY_A_STOP else _scope(event)


def _pauses(history: Sequence[LedgerEvent], now: datetime) -> tuple[tuple[Purpose, datetime], ...]:
    """The pause of each purpose: the patient's own latest word, which nobody else can shorten."""
    paused = [event for event in history if event.act is Act.PAUSE]
    if not paused:
        return ()
    found = ((purpose, _pause([event for event in paused if _rests(event, purpose)], now)) for purpose in Purpose)
    return tuple((purpose, until) for purpose, until in found if until is not None)


def _rests(event: LedgerEvent, purpose: Purpose) -> bool:
    return purpose in PAUSED_BY_A_PAUSE if event.purpose is None else purpose is event.purpose


def _pause(paused: Sequence[LedgerEvent], now: datetime) -> datetime | None:
    """The end of the pause; of pauses of the same time the longest counts."""
    own = [event.at for event in paused if event.acted_by in _PATIENT_SIDE and event.at <= now]
    since = max(own, default=None)
    standing = [event.valid_until or FOREVER for event in paused if since is None or event.at >= since]
    return max(standing, default=None)


def _closed(history: Sequence[LedgerEvent], now: datetime) -> frozenset[Scope]:
    later = [event for event in history if event.at <= now]
    return frozenset(
        _scope(event)
        for event in history
        if event.act in _CLOSING and not any(other.at > event.at and _opens(other, event) for other in later)
    )


def _opens(event: LedgerEvent, closing: LedgerEvent) -> bool:
    """Whether `event` opens again what `closing` closed: the patient never a wrong person's, staff never a block."""
    if event.act is Act.UNBLOCKED:
        theirs = event.acted_by in _PATIENT_SIDE and closing.act is not Act.WRONG_PERSON
        return theirs and _scope(event).covers(_scope(closing))
    return closing.act is not Act.BLOCKED and _corrects(event, _scope(closing))


def _corrects(event: LedgerEvent, where: Scope) -> bool:
    """Whether staff take back, on some proof, what was recorded about exactly this place."""
    proven = event.acted_by is ActedBy.STAFF and bool(event.evidence.strip())
    return event.act is Act.CORRECTED and proven and _scope(event) == where


def _frozen_by(history: Sequence[LedgerEvent], now: datetime) -> frozenset[str]:
    cleared = [
        event.at for event in history if event.act is Act.CLEAR and event.acted_by is ActedBy.STAFF and event.at <= now
    ]
    return frozenset(
        event.collected for event in history if event.act is Act.FREEZE and not any(at > event.at for at in cleared)
    )


def _deceased(history: Sequence[LedgerEvent], now: datetime) -> bool:
    reported = max((event.at for event in history if event.act is Act.DECEASED), default=None)
    if reported is None:
        return False
    return not any(reported < event.at <= now and _corrects(event, EVERYWHERE) for event in history)


def _scope(event: LedgerEvent) -> Scope:
    return Scope(channel=event.channel, address_id=event.address_id)
