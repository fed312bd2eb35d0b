"""Where a patient lives, as lists write it: a code or a name of a country, as the code that decides the rules.

A word that names no country is not guessed at.
"""

import re
from functools import cache

from babel import Locale

from flows.vocabulary import Language
from storage.imports.problems import CellError
from storage.imports.words import plain_word

_CODE = re.compile(r"([a-z]{2})(-[a-z0-9]{1,3})?")
_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes of groups, tests and unknown places."""

_ALSO = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "holland": "NL",
    "the netherlands": "NL",
    "рф": "RU",
    "quebec": "CA-QC",
    "québec": "CA-QC",
    "квебек": "CA-QC",
}


def read_country(text: str) -> str | None:
    """Read a country as its ISO 3166-1 alpha-2 code, with a subdivision where one is written: "NL", "CA-QC".

    Names are known in every language recare speaks.

    Raises:
        CellError: it is none.
    """
    word = plain_word(text)
    if not word:
        return None
    if word in _ALSO:
        return _ALSO[word]
    code = _CODE.fullmatch(word)
    if code and code[1].upper() in _countries().values():
        return word.upper()
    if word in _countries():
        return _countries()[word]
    raise CellError("is no country", 'write its code, like "NL", or "CA-QC" for Quebec')


@cache
def _countries() -> dict[str, str]:
    """By its name in any language recare speaks, the code of each country."""
    return {
        plain_word(name): code
        for language in Language
        for code, name in Locale(language.value).territories.items()
        if len(code) == len("NL") and code.isalpha() and code not in _NO_COUNTRY
    }
