"""A row of items looked at from one place on; beyond its end stand words that say nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.understanding.time_items import Item, Kind

NOTHING = Item(Kind.WORD, "", -1, -1)


class Row(NamedTuple):
    """Items, and the place one stands at."""

    items: Sequence[Item]
    at: int = 0

    def item(self, ahead: int = 0) -> Item:
        """Return the item so many places ahead."""
        items, at = self
        place = at + ahead
        return items[place] if 0 <= place < len(items) else NOTHING

    def kind(self, ahead: int = 0) -> Kind:
        """Return the kind of the item so many places ahead."""
        items, at = self
        place = at + ahead
        return items[place].kind if 0 <= place < len(items) else NOTHING.kind

    def number(self, ahead: int = 0) -> int:
        """Return the number of the item so many places ahead, 0 where it has none."""
        value = self.item(ahead).value
        return value if isinstance(value, int) else 0

    def after(self, taken: int) -> "Row":
        """Return the row from so many places further on."""
        return Row(self.items, self.at + taken)
