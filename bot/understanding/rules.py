"""Understanding by word lists and rules alone, and what every understander stands on: what they show in a text.

Everything is loaded and compiled when it is made; reading a text touches nothing outside.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.asides import with_asides
from bot.understanding.features import Heard
from bot.understanding.judgement import SAFETY, Judgement
from bot.understanding.known_times import Moment
from bot.understanding.letters import Letters, Written
from bot.understanding.matcher import Evidence, cut, match
from bot.understanding.normal import capitalised
from bot.understanding.port import Reading
from bot.understanding.time_items import Item, Kind
from bot.understanding.times import ReadTimes, read_times
from bot.understanding.words import Words, load_words
from flows.meaning import Meaning
from flows.vocabulary import Language

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\W\d_]{2,24}")
_PHONE = re.compile(r"(?:\+|\b0|\b[78])\d[\d ().\-/]{6,24}\d")
_FEWEST_DIGITS, _MOST_DIGITS = 9, 15


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleUnderstander:
    """Reads texts by the word lists of some languages."""

    letters: Letters
    vocabularies: Mapping[Language, Words]

    @classmethod
    def load(cls, *languages: Language) -> "RuleUnderstander":
        """Load the words of some languages, of all where none is given. Raises WordsError."""
        chosen = languages or tuple(Language)
        return cls(letters=Letters.load(*chosen), vocabularies={language: load_words(language) for language in chosen})

    @property
    def is_quick(self) -> bool:
        """Tell that a short text is read within a millisecond."""
        return True

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Return what a text means."""
        heard, written = self.hear(text, reading)
        judged = Judgement(heard=heard, reading=reading).conclude()
        return with_asides(judged, heard, written, self.vocabularies[written.language])

    def courtesies(self, language: Language) -> frozenset[str]:
        """Return the courtesies of one word; a word of a longer one may mean something by itself."""
        return frozenset(phrase[0] for phrase in self.vocabularies[language].courtesies.phrases if len(phrase) == 1)

    def hear(self, text: str, reading: Reading) -> tuple[Heard, Written]:
        """Tell what the word lists find in a text, and the language it is in."""
        written = self.letters.read(text, reading.language)
        words, evidence = self._match(written, reading.language)
        has_contact = _has_contact(written.folded)
        times = ReadTimes() if has_contact else _times(words.times.items(evidence.tokens), evidence, words, reading)
        coverage = (times.words + evidence.courtesies) / max(1, len(evidence.tokens.words))
        heard = Heard(text=written.text, evidence=evidence, times=times, has_contact=has_contact, coverage=coverage)
        return heard, written

    def _match(self, written: Written, setting: Language | None) -> tuple[Words, Evidence]:
        """Read a text in the language it seems to be in; danger and refusal are heard in the patient's own too."""
        names = capitalised(written.text)
        words = self.vocabularies[written.language]
        evidence = match(cut(written.folded, words), words, names)
        if setting is not None and written.language is not setting and not evidence.shows(*SAFETY):
            own = self.vocabularies[setting]
            heard = match(cut(written.folded, own), own, names)
            if heard.shows(*SAFETY):
                return own, heard
        return words, evidence


def _times(items: list[Item], evidence: Evidence, words: Words, reading: Reading) -> ReadTimes:
    if all(item.kind is Kind.WORD for item in items):
        return ReadTimes()
    moment = Moment(now=reading.now, zone=reading.zone, offers=reading.offers, visit=reading.visit)
    return read_times(items, words.half, moment, evidence.idle)


def _has_contact(folded: str) -> bool:
    if "@" in folded and _EMAIL.search(folded):
        return True
    found = _PHONE.search(folded)
    digits = sum(map(str.isdecimal, found.group())) if found else 0
    return _FEWEST_DIGITS <= digits <= _MOST_DIGITS
