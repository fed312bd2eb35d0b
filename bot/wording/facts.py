"""Whom a text is for and who says it: the values a text may name without being told them.

Nothing here is interpreted; a name is inserted as it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from zoneinfo import ZoneInfo

from flows.vocabulary import Language, Sex

PERSONAL = frozenset({"dentist", "last_visit"})
"""Ambient parameters that are said from level 1 on; a name is another, but a greeting can do without."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """The person a text is for, as far as the form of address and the reason for writing need it."""

    title: str | None = None
    sex: Sex = Sex.UNKNOWN
    first_name: str | None = None
    last_name: str | None = None
    patronymic: str | None = None
    dentist: str | None = None
    last_visit_on: date | None = None


NOBODY = Reader()
"""Nothing is known of the reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnWords:
    """What the clinic itself says, in one language: whole sentences, inserted as they stand."""

    fees: str | None = None
    payment: str | None = None
    fear: str | None = None
    bring: str | None = None


SILENT = OwnWords()


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicVoice:
    """The clinic as its messages name it. Numbers are shown as written; `zone` is where its times are meant.

    names: what it is called in a language, where that differs from `name`.
    """

    name: str
    phone: str
    address: str
    emergency: str
    out_of_hours: str
    crisis_line: str
    zone: ZoneInfo
    says: Mapping[Language, OwnWords] = field(default_factory=dict)
    names: Mapping[Language, str] = field(default_factory=dict)

    def name_in(self, language: Language) -> str:
        """Find what the clinic is called in a language."""
        return self.names.get(language, self.name)

    def own_words(self, language: Language) -> OwnWords:
        """Find what the clinic says itself in a language; another language's words never stand in."""
        return self.says.get(language, SILENT)

    def says_in(self, language: Language) -> frozenset[str]:
        """Name the subjects on which the clinic has words of its own in a language."""
        words = self.own_words(language)
        return frozenset(part.name for part in fields(words) if getattr(words, part.name))
