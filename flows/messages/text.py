"""The shape of everything recare may say: a key, the levels it exists in, and typed parameters.

The words stand in `locales/<language>/messages.po`; a class here is the promise that they exist there, with these
parameters, at these levels. A class's docstring is the note its translators read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TypeAlias

LOCK_SCREEN = 0
VERIFIED_CHAT = 1
AGREED_HERE = 2

AMBIENT = frozenset(
    {
        "greeting",
        "clinic",
        "phone",
        "address",
        "dentist",
        "emergency",
        "out_of_hours",
        "crisis_line",
        "last_visit",
        "clinic_fees",
        "clinic_payment",
        "clinic_fear",
        "clinic_bring",
    }
)
"""Parameters every text may use beside its own; whoever words a text fills them in.

greeting: a complete opening ("Hello Anna,"; at level 0 "Hello,"); clinic, phone, address: the practice's own; dentist:
the patient's; emergency, out_of_hours, crisis_line: numbers to call; last_visit: month and year in words; clinic_*:
whole sentences the clinic wrote itself, used only by texts that are chosen when they exist.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Money:
    """An amount in minor units (cents) of an ISO 4217 currency."""

    minor: int
    currency: str


Parameter: TypeAlias = str | int | date | datetime | Money


@dataclass(frozen=True, kw_only=True)
class Text:
    """One thing recare can say. Subclasses add parameters as fields.

    Levels: 0 may appear on a lock screen, 1 only in a verified chat, 2 only to a verified
    person who agreed to receive it there. Instants are aware UTC datetimes, shown in the clinic's zone.
    """

    key: ClassVar[str] = ""
    levels: ClassVar[tuple[int, ...]] = ()
    counts: ClassVar[str | None] = None

    def __init_subclass__(
        cls, *, key: str = "", levels: tuple[int, ...] = (LOCK_SCREEN,), counts: str | None = None
    ) -> None:
        """Name the text; `counts` is the parameter that chooses the plural form, if any."""
        super().__init_subclass__()
        cls.key = key
        cls.levels = levels
        cls.counts = counts


def every_text(root: type[Text] = Text) -> Iterator[type[Text]]:
    """Walk all texts declared in the modules imported so far (`flows.messages` imports them all)."""
    for text in root.__subclasses__():
        yield text
        yield from every_text(text)
