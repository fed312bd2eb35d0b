"""Says a typed text to a reader: chooses the level, fills the gaps, greets.

No text leaves above the level it was asked for; if none fits, nothing is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.wording.catalogue import Catalogue, Entry, Lexicon
from bot.wording.facts import NOBODY, PERSONAL, ClinicVoice, Reader
from bot.wording.moments import Calendar
from bot.wording.names import greeting
from bot.wording.style import Style
from bot.wording.templates import Gap
from bot.wording.values import show_value
from flows.messages.text import LOCK_SCREEN, Parameter, Text
from flows.vocabulary import Language


class LevelError(Exception):
    """No wording of the text may be said at this level; nothing is said."""


class _UnknownFactError(Exception):
    """The wording names something that is not known of this reader or clinic."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Worded:
    """A text as it is said, and the level it says it at."""

    text: str
    level: int


class Wording:
    """Words the texts of one clinic."""

    def __init__(self, *, catalogue: Catalogue, clinic: ClinicVoice) -> None:
        """Keep the catalogue and the clinic's own facts."""
        self._catalogue = catalogue
        self._clinic = clinic

    def word(self, text: Text, *, language: Language, level_limit: int, reader: Reader, now: datetime) -> Worded:
        """Say a text at the highest level that exists, is allowed, and whose facts are all known.

        level_limit: the highest level that may be said here. now: aware UTC; it decides where a year is shown.
        Raises LevelError.
        """
        lexicon = self._catalogue.lexicon(language)
        for level in sorted(text.levels, reverse=True):
            entry = lexicon.entries.get((text.key, level)) if level <= level_limit else None
            if entry is None:
                continue
            if entry.plain is not None:
                return Worded(text=entry.plain, level=level)
            try:
                return Worded(text=self._fill(entry, text, level, lexicon, reader, now), level=level)
            except _UnknownFactError:
                continue
        raise LevelError(f"{text.key} cannot be said in {language} at level {level_limit}")

    def _fill(self, entry: Entry, text: Text, level: int, lexicon: Lexicon, reader: Reader, now: datetime) -> str:
        template = lexicon.form(entry, getattr(text, text.counts) if text.counts else None)
        calendar = Calendar.at(now, self._clinic.zone)
        told: Mapping[str, Parameter] = vars(text)

        def show(gap: Gap) -> str:
            name = gap.name
            value = told[name] if name in told else self._ambient(name, level, lexicon, reader)
            return show_value(value, gap.style, lexicon.style, calendar)

        return template.fill(show)

    def _ambient(self, name: str, level: int, lexicon: Lexicon, reader: Reader) -> Parameter:
        if name == "greeting":
            known = NOBODY if level == LOCK_SCREEN else reader
            return greeting(known, lexicon.style.address, lexicon.titles)
        if name in PERSONAL and level == LOCK_SCREEN:
            raise _UnknownFactError
        find = AMBIENT_VALUES.get(name)
        value = find(self._clinic, reader, lexicon.style) if find else None
        if not value:
            raise _UnknownFactError
        return value


def _own(part: str) -> Callable[[ClinicVoice, Reader, Style], Parameter | None]:
    return lambda clinic, _reader, style: getattr(clinic.own_words(style.language), part)


AMBIENT_VALUES: Mapping[str, Callable[[ClinicVoice, Reader, Style], Parameter | None]] = {
    "clinic": lambda clinic, _reader, style: clinic.name_in(style.language),
    "phone": lambda clinic, _reader, _style: clinic.phone,
    "address": lambda clinic, _reader, _style: clinic.address,
    "emergency": lambda clinic, _reader, _style: clinic.emergency,
    "out_of_hours": lambda clinic, _reader, _style: clinic.out_of_hours,
    "crisis_line": lambda clinic, _reader, _style: clinic.crisis_line,
    "dentist": lambda _clinic, reader, _style: reader.dentist,
    "last_visit": lambda _clinic, reader, _style: reader.last_visit_on,
    "clinic_fees": _own("fees"),
    "clinic_payment": _own("payment"),
    "clinic_fear": _own("fear"),
    "clinic_bring": _own("bring"),
}
"""Where each ambient value comes from; the greeting is made, not found."""
