"""Understanding by word lists and rules alone: the first implementation of the port.

Everything is loaded and compiled when it is made; reading a text touches nothing outside.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.judgement import SAFETY, Judgement
from bot.understanding.matcher import Evidence, cut, match
from bot.understanding.normal import capitalised, normalise
from bot.understanding.port import Reading
from bot.understanding.time_walk import Moment
from bot.understanding.time_words import Item, Kind
from bot.understanding.times import ReadTimes, read_times
from bot.understanding.tongue import tongue_of
from bot.understanding.words import Words, load_words
from flows.meaning import Meaning
from flows.vocabulary import Language

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\W\d_]{2,24}")
_PHONE = re.compile(r"(?:\+|\b0|\b[78])\d[\d ().\-/]{6,24}\d")
_FEWEST_DIGITS, _MOST_DIGITS = 9, 15


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleUnderstander:
    """Reads texts by the word lists of some languages."""

    vocabularies: Mapping[Language, Words]

    @classmethod
    def load(cls, *languages: Language) -> "RuleUnderstander":
        """Load the words of some languages, of all where none is given. Raises WordsError."""
        return cls(vocabularies={language: load_words(language) for language in languages or Language})

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Return what a text means; `reading.language` is one of the loaded ones."""
        folded = normalise(text)
        words, evidence = self._read(text, folded, reading.language)
        has_contact = _has_contact(folded)
        items = words.times.items(evidence.tokens)
        times = ReadTimes() if has_contact else _times(items, evidence, words, reading)
        judgement = Judgement(
            evidence=evidence,
            times=times,
            reading=reading,
            has_contact=has_contact,
            coverage=(times.words + evidence.courtesies) / max(1, len(evidence.tokens.words)),
        )
        return judgement.conclude()

    def courtesies(self, language: Language) -> frozenset[str]:
        """Return the courtesies of one word; a word of a longer one may mean something by itself."""
        return frozenset(phrase[0] for phrase in self.vocabularies[language].courtesies.phrases if len(phrase) == 1)

    def _read(self, text: str, folded: str, setting: Language) -> tuple[Words, Evidence]:
        """Read a text in the language it seems to be in; danger and refusal are heard in the patient's own too."""
        names = capitalised(text)
        tongue = tongue_of(folded, setting, self.vocabularies)
        words = self.vocabularies[tongue]
        evidence = match(cut(folded, words), words, names)
        if tongue is not setting and not evidence.shows(*SAFETY):
            own = self.vocabularies[setting]
            heard = match(cut(folded, own), own, names)
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
