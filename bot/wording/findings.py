"""What a check of the catalogues may find, and where."""

from dataclasses import dataclass
from enum import StrEnum

from bot.wording.po_files import Place
from flows.vocabulary import Language


class Weight(StrEnum):
    """Whether a finding fails the check."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that is wrong with one text."""

    language: Language
    place: Place
    what: str
    weight: Weight = Weight.ERROR

    def __str__(self) -> str:
        """One line: language, key, level, what."""
        key, level = self.place
        where = key if level is None else f"{key} (level {level})"
        return f"{self.weight}: {self.language}: {where}: {self.what}"
