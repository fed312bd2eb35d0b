"""Everything that depends on a language, one folder per language: texts, formats, phrases, word lists. Data only."""

from importlib import resources
from importlib.resources.abc import Traversable


def language_file(language: str, name: str) -> Traversable:
    """Find a file of a language: the folder's name ("fr") and the file's ("style.toml")."""
    return resources.files("locales") / language / name
