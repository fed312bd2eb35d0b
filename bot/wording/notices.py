"""The notices patients read before they say yes: each text with its version, never changed once it was shown.

A yes in the ledger names its notice as "<language>/<name>@<version>#<hash>"; old versions stay in the file, so that
what somebody agreed to can be read for as long as the yes is kept.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import IO
from unicodedata import normalize

from flows.vocabulary import Language, Purpose
from locales import language_file

NOTICES = "notices.toml"
KEY = "notice."
"""How the key of a typed text begins whose words are a notice; the name of the notice follows."""

HASH_LENGTH = 12


class NoticeError(ValueError):
    """A file of notices cannot be used; the message names the file and the notice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One version of a notice in one language."""

    language: Language
    name: str
    version: int
    text: str

    @property
    def title(self) -> str:
        """Which notice it is, whatever it says."""
        return f"{self.language}/{self.name}@{self.version}"

    @property
    def reference(self) -> str:
        """Which notice it is and what it says, as the ledger keeps it; line breaks and spaces do not count."""
        plain = " ".join(normalize("NFC", self.text).split())
        return f"{self.title}#{hashlib.sha256(plain.encode()).hexdigest()[:HASH_LENGTH]}"


def read_notices(source: IO[bytes], language: Language) -> tuple[Notice, ...]:
    """Read all versions of a language's notices. Raises NoticeError."""
    label = f"{language}/{NOTICES}"
    try:
        raw = tomllib.load(source)
        notices = tuple(_notice(language, **each) for each in raw["notice"])
    except (KeyError, TypeError, ValueError) as broken:
        raise NoticeError(f"{label}: {broken}") from broken
    titles = [notice.title for notice in notices]
    if twice := {title for title in titles if titles.count(title) > 1}:
        raise NoticeError(f"{label}: {min(twice)} is there twice")
    return notices


def newest(notices: Iterable[Notice]) -> Mapping[str, Notice]:
    """Choose the newest version of each notice, by name: the one that is shown."""
    return {notice.name: notice for notice in sorted(notices, key=lambda notice: notice.version)}


@cache
def shown(language: Language) -> Mapping[str, Notice]:
    """Give the notices that are shown in a language, by name. Raises NoticeError."""
    with language_file(language, NOTICES).open("rb") as source:
        return newest(read_notices(source, language))


def reference_for(language: Language, purpose: Purpose) -> str:
    """Name the notice that is shown when a purpose is asked about; "" where there is none."""
    notice = shown(language).get(purpose.value)
    return "" if notice is None else notice.reference


def _notice(language: Language, *, name: str, version: int, text: str) -> Notice:
    if type(version) is not int or version < 1:
        raise ValueError(f"{name}: a version is a whole number from 1")
    return Notice(language=language, name=name, version=version, text=text.strip())
