"""Bounds that stand behind what they bound ("4 at the latest", "15 h max") are put before it."""

from bot.understanding.clock import TIMES
from bot.understanding.dates import Days, Piece
from bot.understanding.time_items import Item, Kind

_EITHER_SIDE = {Kind.EARLIEST: Kind.FROM, Kind.LATEST: Kind.UNTIL}
_CHOICES = frozenset({Kind.OR, Kind.AND})
_DIRECTIONS = frozenset({Kind.FROM, Kind.UNTIL, Kind.BEFORE})


def settle_bounds(pieces: list[Piece]) -> list[Piece]:
    """Turn every bound into a plain "from" or "until" before what it bounds; drop an "at" behind a direction."""
    settled: list[Piece] = []
    for at, piece in enumerate(_trailing_marked(pieces)):
        before = settled[-1] if settled else None
        following = next((later for later in pieces[at + 1 : at + 3] if _kind(later) is not Kind.AT), None)
        kind = _kind(piece)
        if kind is Kind.AT and _kind(before) in _DIRECTIONS and _is_bounded(following):
            continue
        if kind is Kind.WEAK_FROM and isinstance(piece, Item):
            if _is_bounded(following):
                settled.append(piece._replace(kind=Kind.FROM, value=0))
            continue
        if kind not in _EITHER_SIDE or not isinstance(piece, Item):
            settled.append(piece)
            continue
        bound = piece._replace(kind=_EITHER_SIDE[kind], value=0)
        if not _is_bounded(before) or (isinstance(before, Days) and _kind(following) in TIMES):
            settled.append(bound)
        elif _kind(next(iter(settled[-2:-1]), None)) not in _DIRECTIONS:
            settled.insert(len(settled) - 1, bound)
    return settled


def _trailing_marked(pieces: list[Piece]) -> list[Piece]:
    """Mark the "or after" of "4 or after" as standing behind what it bounds."""
    marked = list(pieces)
    for at in range(1, len(pieces) - 1):
        piece, following = pieces[at + 1], pieces[at + 2] if at + 2 < len(pieces) else None
        behind = _kind(pieces[at]) in _CHOICES and _is_bounded(pieces[at - 1]) and not _is_bounded(following)
        if behind and isinstance(piece, Item) and piece.kind in _DIRECTIONS and _kind(following) is not Kind.AT:
            marked[at + 1] = piece._replace(kind=Kind.EARLIEST if piece.kind is Kind.FROM else Kind.LATEST)
            marked[at] = marked[at + 1]
    return marked


def _kind(piece: Piece | None) -> Kind | None:
    return piece.kind if isinstance(piece, Item) else None


def _is_bounded(piece: Piece | None) -> bool:
    return isinstance(piece, Days) or _kind(piece) in {*TIMES, Kind.PART}
