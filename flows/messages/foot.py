"""Closing lines of a message: each says one thing, by itself, under whatever was said. They are public, so level 0.

Those that the law of a place asks for stand where the policy of the patient says so; when somebody is back, where
something is passed on while the practice is closed.
"""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class ClinicAddress(Text, key="foot.address"):
    """Where the practice can be written to and called: {address}, {phone}. One short line."""


@dataclass(frozen=True, kw_only=True)
class Advertising(Text, key="foot.advertising"):
    """The mark of an advertisement, in the one word that the law or custom of the language uses."""


@dataclass(frozen=True, kw_only=True)
class RiskWarning(Text, key="foot.risk_warning"):
    """The warning under advertising of medical services, in sober words: contraindications, ask a specialist.

    In Russian the wording of 38-ФЗ, article 24 part 7, as it is used everywhere.
    """


@dataclass(frozen=True, kw_only=True)
class WeAreBack(Text, key="foot.we_are_back"):
    """Under an answer that says the team will see to it: the practice is closed now. back_at: when it opens again.

    One short sentence by itself; what was passed on is said above it.
    """

    back_at: datetime
