"""The pieces of a text, days and times among them, looked at from one place on."""

from dataclasses import dataclass

from bot.understanding.clock import TIMES
from bot.understanding.dates import Days, Piece
from bot.understanding.time_items import Bounds, Item, Kind

_LINKS = frozenset({Kind.AND, Kind.UNTIL, Kind.TO, Kind.AT, Kind.OR})
_THROUGH = frozenset({Kind.UNTIL, Kind.TO})


@dataclass(kw_only=True, slots=True)
class PieceRow:
    """Pieces, the places of those that are refused, and the place one stands at."""

    pieces: list[Piece]
    refused: frozenset[int]
    at: int = 0

    def is_refused(self) -> bool:
        """Tell whether the piece here is named because it does not suit."""
        return self.at in self.refused

    def ahead(self, by: int = 1) -> Piece | None:
        """Return the piece so many places ahead."""
        return self.pieces[self.at + by] if 0 <= self.at + by < len(self.pieces) else None

    def time_ahead(self, by: int) -> Item | None:
        """Return the time of day so many places ahead."""
        piece = self.ahead(by)
        return piece if isinstance(piece, Item) and piece.kind in TIMES else None

    def link_ahead(self, by: int) -> bool:
        """Tell whether a word stands so many places ahead that may link the ends of a stretch."""
        piece = self.ahead(by)
        return isinstance(piece, Item) and piece.kind in _LINKS

    def through_ahead(self, by: int) -> bool:
        """Tell whether a "to" or "until" stands ahead: "Monday to Wednesday", "9u tot 11u"."""
        piece = self.ahead(by)
        return isinstance(piece, Item) and piece.kind in _THROUGH and self.at + by not in self.refused

    def end_ahead(self, by: int) -> Item | None:
        """Return the end of a stretch: a time, or the beginning of a part of the day ("entre 10 h et midi")."""
        piece = self.ahead(by)
        if isinstance(piece, Item) and piece.kind is Kind.PART and isinstance(piece.value, Bounds):
            earliest = piece.value.earliest
            return piece._replace(kind=Kind.CLOCK, value=earliest) if earliest else None
        return self.time_ahead(by)

    def last_of_feasts(self, days: Days) -> Days:
        """Return the last feast of "after Christmas and New Year", and stand at the one before."""
        while days.feast:
            link, further = self.ahead(2), self.ahead(3)
            joined = isinstance(link, Item) and link.kind is Kind.AND
            if not (joined and isinstance(further, Days) and further.feast):
                break
            self.at += 2
            days = further
        return days

    def is_pointed_at(self) -> bool:
        """Tell whether the day here points at an offer: "the Thursday one", "celui de jeudi"."""
        before, following = self.ahead(-1), self.ahead()
        if isinstance(before, Item) and before.kind is Kind.THE_ONE:
            return True
        if not isinstance(following, Item) or following.kind is not Kind.NUMBER:
            return False
        return following.value == 1 and not following.figures
