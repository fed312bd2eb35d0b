"""Not now: when to write again."""

from dataclasses import dataclass
from datetime import date

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class WhenAgain(Text, key="later.when"):
    """Not now is fine. When may we write again? Buttons with three months' names follow; a date may be written too."""


@dataclass(frozen=True, kw_only=True)
class WhichDate(Text, key="later.which_date"):
    """The patient's answer held no date that lies ahead. Asks for a month or a date, with an example ("in March")."""


@dataclass(frozen=True, kw_only=True)
class PausedUntil(Text, key="later.paused"):
    """Agreed: we do not write about a check-up before that day; until then, write here at any time. until: that day."""

    until: date
