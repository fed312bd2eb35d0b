"""Which language a text is in: the patient's own setting, unless another fits the words plainly better.

A single doubtful word never changes the language.
"""

import re
from collections.abc import Mapping

from bot.understanding.normal import split
from bot.understanding.words import Words
from flows.vocabulary import Language

_CYRILLIC = re.compile("[\u0430-\u045f]")
_LATIN = re.compile("[a-z]")
_WORDS_ENOUGH = 40


def tongue_of(folded: str, setting: Language, vocabularies: Mapping[Language, Words]) -> Language:
    """Return the language to read a normalised text in. `vocabularies` holds at least the setting's."""
    known_here, words = _known(folded, vocabularies[setting])
    if words == 0 or known_here * 2 > words:
        return setting
    counts = {language: _known(folded, found)[0] for language, found in vocabularies.items()}
    best = max(counts, key=counts.__getitem__)
    if counts[best] > known_here + 1 or (known_here == 0 and counts[best]):
        return best
    return _by_script(folded, setting, vocabularies)


def _known(folded: str, words: Words) -> tuple[int, int]:
    tokens = [token for token in split(folded, words.apostrophe).words[:_WORDS_ENOUGH] if token[0].isalpha()]
    return sum(1 for token in tokens if words.lexicon.knows(token)), len(tokens)


def _by_script(folded: str, setting: Language, vocabularies: Mapping[Language, Words]) -> Language:
    cyrillic, latin = len(_CYRILLIC.findall(folded)), len(_LATIN.findall(folded))
    if setting is not Language.RU and cyrillic > latin and Language.RU in vocabularies:
        return Language.RU
    return setting
