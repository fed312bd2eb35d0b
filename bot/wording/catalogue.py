"""All texts of all languages, read and cut into templates once at start, then only looked up.

A text that cannot be read stops the start; a text that is missing cannot be said.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from gettext import c2py
from importlib import resources
from importlib.resources.abc import Traversable

from babel.messages.plurals import get_plural

from bot.wording.names import all_titles
from bot.wording.notices import KEY, NOTICES, NoticeError, newest, read_notices
from bot.wording.po_files import CatalogueFileError, Forms, Place, read_rows
from bot.wording.style import MomentStyle, Style, load_style
from bot.wording.templates import Template, TemplateError, read_template
from flows.messages.text import LOCK_SCREEN, Text
from flows.vocabulary import Language

FILES = ("messages.po", "pages.po")
STYLES = frozenset(style.value for style in MomentStyle)


class CatalogueError(ValueError):
    """The catalogues cannot be used; the message names the file and the key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A text in its plural forms; one form where nothing is counted.

    plain: the text, if nothing is put into it, as on nearly all buttons, of which each turn has several.
    """

    forms: tuple[Template, ...]
    plain: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """One language: its manner, its plural rule and its texts."""

    style: Style
    titles: Mapping[str, str]
    plural: Callable[[int], int]
    entries: Mapping[Place, Entry]

    def form(self, entry: Entry, count: int | None) -> Template:
        """Choose the plural form for a count; without a count there is one form only."""
        if count is None or len(entry.forms) == 1:
            return entry.forms[0]
        return entry.forms[self.plural(abs(count))]


class Catalogue:
    """The lexicons of all languages."""

    def __init__(self, lexicons: Mapping[Language, Lexicon]) -> None:
        """Hold what `load` read."""
        self._lexicons = lexicons

    @classmethod
    def load(cls, folder: Traversable | None = None) -> "Catalogue":
        """Read every language's style and texts from a folder (default: the one recare ships).

        Raises CatalogueError or StyleError.
        """
        root = folder or resources.files("locales")
        styles = {language: load_style(language) for language in Language}
        titles = all_titles(styles.values())
        return cls(
            {
                language: Lexicon(
                    style=style,
                    titles=titles,
                    plural=c2py(get_plural(language.value).plural_expr),
                    entries=_entries(root / language.value, language),
                )
                for language, style in styles.items()
            }
        )

    def lexicon(self, language: Language) -> Lexicon:
        """Give one language."""
        return self._lexicons[language]

    def require(self, texts: Iterable[type[Text]]) -> None:
        """Check at start that each text exists in every language at each of its levels. Raises CatalogueError."""
        places = [(text.key, level) for text in texts for level in text.levels]
        for language, lexicon in self._lexicons.items():
            missing = [place for place in places if place not in lexicon.entries]
            if missing:
                key, level = missing[0]
                raise CatalogueError(f"{language}: {key} is missing at level {level}, and {len(missing) - 1} more")


def _entries(folder: Traversable, language: Language) -> dict[Place, Entry]:
    entries: dict[Place, Entry] = {}
    for name in FILES:
        file = folder / name
        if not file.is_file():
            continue
        label = f"{language}/{name}"
        try:
            with file.open("rb") as source:
                rows = read_rows(source, label)
        except CatalogueFileError as broken:
            raise CatalogueError(str(broken)) from broken
        entries |= {place: _entry(forms, f"{label}: {place[0]}") for place, forms in rows.items()}
    return entries | _notices(folder, language)


def _notices(folder: Traversable, language: Language) -> dict[Place, Entry]:
    file = folder / NOTICES
    if not file.is_file():
        return {}
    try:
        with file.open("rb") as source:
            notices = newest(read_notices(source, language))
    except NoticeError as broken:
        raise CatalogueError(str(broken)) from broken
    return {
        (f"{KEY}{name}", LOCK_SCREEN): _entry((notice.text,), f"{language}/{NOTICES}: {name}")
        for name, notice in notices.items()
    }


def _entry(forms: Forms, where: str) -> Entry:
    try:
        templates = tuple(read_template(form) for form in forms)
    except TemplateError as broken:
        raise CatalogueError(f"{where}: {broken}") from broken
    for template in templates:
        unknown = {gap.style for gap in template.gaps if gap.style} - STYLES
        if unknown:
            raise CatalogueError(f"{where}: there is no style “{min(unknown)}”")
    return Entry(forms=templates, plain=templates[0].plain if len(templates) == 1 else None)
