"""Which of the times in a text are named because they do not suit: "not Friday", "vendredi je ne peux pas".

A "not" refuses what follows it in its clause; where nothing follows, what stands before it there.
"""

from bisect import bisect_left, bisect_right

from bot.understanding.clock import TIMES
from bot.understanding.dates import Days, Piece
from bot.understanding.normal import goes_on
from bot.understanding.time_items import Item, Kind

_DIRECTIONS = frozenset({Kind.FROM, Kind.UNTIL, Kind.BEFORE})
_LISTS = frozenset({Kind.OR, Kind.AND})
_LONGEST_LIST = 14
_FURTHEST = 3
"""Places from one day of a list to the next: "Monday and not Tuesday"."""
_REFUSED_LISTS = _LISTS | {Kind.NOT}
"""What stands between the days of a list that is refused, "ni" and "nor" among it."""
_LINKS = frozenset({Kind.OR, Kind.AND, Kind.AT})
_NEXT_CLAUSE = 2
"""Numbers of clauses: how far on the next one is at most."""


def refused_places(pieces: list[Piece], idle: frozenset[int]) -> frozenset[int]:
    """Return the places of what is refused; of a direction ("before ten") the direction alone.

    idle: places, among the words of the text, of negations that deny nothing.
    """
    targets = [place for place in range(len(pieces)) if _is_target(pieces, place)]
    nots = [place for place, piece in enumerate(pieces) if isinstance(piece, Item) and piece.kind is Kind.NOT]
    refused: set[int] = set()
    looked_back: set[int] = set()
    for at, piece in enumerate(pieces):
        if isinstance(piece, Days) or piece.kind not in {Kind.NOT, Kind.EXCEPT} or piece.last in idle:
            continue
        after = _target_after(pieces, at, targets, nots)
        if after is not None and after in refused and _continues(pieces, at, after, refused):
            continue
        known = bisect_left(targets, at)
        if after is not None:
            refused |= _chain(pieces, after)
            if piece.kind is Kind.NOT and _joins(pieces, at, after):
                refused |= _before(pieces, at, targets[:known])
        elif piece.kind is Kind.NOT and known not in looked_back:
            # A hundred negations in a row have the same times before them: one look is enough for all.
            looked_back.add(known)
            refused |= _before(pieces, at, targets[:known])
    return frozenset(refused)


def _continues(pieces: list[Piece], at: int, after: int, refused: set[int]) -> bool:
    """Tell whether a "nor" only links two days of a list that has been read as a whole."""
    before = at - 1 - _is_link(pieces[at - 1], _LISTS)
    return after == at + 1 and before in refused and isinstance(pieces[before], Days)


def _is_target(pieces: list[Piece], at: int) -> bool:
    piece = pieces[at]
    if isinstance(piece, Days):
        return True
    if piece.kind in _DIRECTIONS:
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        return isinstance(following, Days) or (isinstance(following, Item) and following.kind in {*TIMES, Kind.PART})
    return piece.kind in TIMES or piece.kind is Kind.PART


def _target_after(pieces: list[Piece], at: int, targets: list[int], nots: list[int]) -> int | None:
    here = pieces[at]
    # What "except" takes out may stand behind a colon.
    reach = 0 if isinstance(here, Days) or here.kind is Kind.NOT else _NEXT_CLAUSE
    following = bisect_right(targets, at)
    if following == len(targets) or pieces[targets[following]].clause - here.clause > reach:
        return None
    stop = bisect_right(nots, at)
    return targets[following] if stop == len(nots) or targets[following] < nots[stop] else None


def _joins(pieces: list[Piece], at: int, after: int) -> bool:
    """Tell whether an "and" stands between: "Wednesday I can't and Thursday neither" refuses both."""
    return any(isinstance(piece, Item) and piece.kind is Kind.AND for piece in pieces[at:after])


def _chain(pieces: list[Piece], first: int) -> set[int]:
    head = pieces[first]
    before_a_wish = _list_before_a_wish(pieces, first)
    if before_a_wish:
        return before_a_wish
    listed = _list_of_days(pieces, first)
    chain = {first, *listed}
    if not isinstance(head, Days):
        return chain | (_parts_after(pieces, first) if head.kind is Kind.PART else set())
    at = max(chain) + 1
    while at < len(pieces) and pieces[at].clause == pieces[max(chain)].clause:
        piece = pieces[at]
        if isinstance(piece, Days) or piece.kind is Kind.PART or piece.kind in TIMES:
            chain.add(at)
        elif piece.kind not in _LINKS:
            break
        at += 1
    return chain


def _list_of_days(pieces: list[Piece], first: int) -> set[int]:
    """Return the places of "Monday, Tuesday or Friday" from its first, without the days that more is said of.

    What follows says it: "not Monday, Tuesday works" refuses Monday, and so does "not Monday, Tuesday after 3". Commas
    alone make a list only where it is the end of the sentence.
    """
    places, linked = _days_in_a_row(pieces, first, refuses=_is_not(pieces, first - 1), links=_REFUSED_LISTS)
    last = max(places)
    if last + 1 >= len(pieces) or not goes_on(pieces[last].clause, pieces[last + 1].clause):
        return places
    if pieces[last + 1].clause == pieces[last].clause:
        places = {place for place in places if pieces[place].clause != pieces[last].clause}
        linked = any(_is_link(pieces[place - 1], _REFUSED_LISTS) for place in places - {first})
    return places if linked else set()


def _list_before_a_wish(pieces: list[Piece], first: int) -> set[int]:
    """Return the places of the list in "not Monday or Tuesday and Friday after 3", which asks for Friday; else none."""
    places, _ = _days_in_a_row(pieces, first, refuses=_is_not(pieces, first - 1), links=_REFUSED_LISTS)
    *others, last = sorted(places)
    link, following = pieces[last - 1], pieces[last + 1] if last + 1 < len(pieces) else None
    wishes = isinstance(following, Item) and (following.kind in _DIRECTIONS or following.kind in TIMES)
    listed = any(_is_link(pieces[place - 1], _REFUSED_LISTS) for place in others[1:])
    return set(others) if wishes and listed and _is_link(link, frozenset({Kind.AND})) else set()


def _days_in_a_row(
    pieces: list[Piece], first: int, *, refuses: bool = False, links: frozenset[Kind] = _LISTS
) -> tuple[set[int], bool]:
    """Return the places of days with nothing but links between them, and whether there is such a link.

    refuses: a "not" stands right before the first.
    """
    places, linked = {first}, False
    at = first
    while at + 1 < len(pieces) and len(places) < _LONGEST_LIST:
        step = 1
        while step < _FURTHEST and at + step < len(pieces) and _is_link(pieces[at + step], links):
            step += 1
        following = pieces[at + step] if at + step < len(pieces) else None
        if not isinstance(following, Days):
            break
        if step == 1 and not _lists_on(pieces[at], following, refuses=refuses):
            break
        linked |= step > 1
        at += step
        places.add(at)
    return places, linked


def _is_not(pieces: list[Piece], at: int) -> bool:
    return at >= 0 and _is_link(pieces[at], frozenset({Kind.NOT}))


def _lists_on(day: Piece, following: Piece, *, refuses: bool = False) -> bool:
    """Tell whether a list goes on where no word links two days: a full stop ends it, a comma does not.

    refuses: a "not" stands right before the list. "не в среду, в четверг" has one day refused and the next asked for:
    what leads each makes it no list. Nor is "next week, Christmas" one.
    """
    if not isinstance(day, Days) or not isinstance(following, Days) or day.feast is not following.feast:
        return False
    if refuses and day.led and following.led and following.clause != day.clause:
        return False
    return goes_on(day.clause, following.clause)


def _is_link(piece: Piece, links: frozenset[Kind]) -> bool:
    return isinstance(piece, Item) and piece.kind in links


def _parts_after(pieces: list[Piece], first: int) -> set[int]:
    chain = set()
    for at in range(first + 2, len(pieces), 2):
        link, part = pieces[at - 1], pieces[at]
        linked = isinstance(link, Item) and link.kind in {Kind.OR, Kind.AND}
        if not linked or not isinstance(part, Item) or part.kind is not Kind.PART:
            break
        chain.add(at)
    return chain


def _before(pieces: list[Piece], at: int, targets: list[int]) -> set[int]:
    places = {place for place in targets if pieces[place].clause == pieces[at].clause}
    directions = {place for place in places if isinstance(piece := pieces[place], Item) and piece.kind in _DIRECTIONS}
    if directions or not places:
        return directions
    first = min(places)
    while first and isinstance(earlier := pieces[first - 1], Days) and _lists_on(earlier, pieces[first]):
        first -= 1
    listed, linked = _days_in_a_row(pieces, first)
    # "Monday, Tuesday I can't": where nothing else was said before, commas make a list too.
    from_the_start = all(isinstance(piece, Item) and piece.kind is Kind.AT for piece in pieces[:first])
    return places | listed if linked or from_the_start else places
