"""Reads and writes the catalogues: gettext PO files whose message ids are keys.

A text marked fuzzy counts as missing: a guess is never said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po, write_po

from flows.vocabulary import Language

WIDTH = 110
LEVEL = "level "

Place: TypeAlias = tuple[str, int | None]
"""A key and a level; texts of pages have no level."""

Forms: TypeAlias = tuple[str, ...]
"""A text: one form, or one for each plural form of the language."""

NAMES: Mapping[Language, str] = {
    Language.EN: "English",
    Language.FR: "French",
    Language.NL: "Dutch",
    Language.RU: "Russian",
}


class CatalogueFileError(ValueError):
    """A PO file cannot be read; the message names the file and, if known, the line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An entry as it is written. `forms` is empty where the text is still missing."""

    place: Place
    counts: str | None
    comments: tuple[str, ...]
    forms: Forms


def read_rows(source: IO[bytes], name: str) -> dict[Place, Forms]:
    """Read the texts of a PO file; missing and fuzzy ones are left out.

    Raises CatalogueFileError; `name` is how the file is called in it.
    """
    try:
        catalog = read_po(source, abort_invalid=True, charset="utf-8")
        return {_place(message): _forms(message) for message in catalog if message.id and _is_said(message)}
    except (PoFileError, ValueError) as broken:
        raise CatalogueFileError(f"{name}: {broken}") from broken


def write_rows(rows: Iterable[Row], language: Language) -> bytes:
    """Write a PO file; the same rows give the same bytes."""
    catalog = Catalog(locale=language.value)
    for row in rows:
        key, level = row.place
        catalog.add(
            (key, key) if row.counts else key,
            _strings(row, catalog.num_plurals),
            auto_comments=row.comments,
            context=None if level is None else f"{LEVEL}{level}",
        )
    body = BytesIO()
    write_po(body, catalog, width=WIDTH, omit_header=True)
    return _header(language).encode() + body.getvalue().rstrip(b"\n") + b"\n"


def _strings(row: Row, plurals: int) -> str | tuple[str, ...]:
    """Give the forms in the number gettext expects; a text whose number of forms changed is written anew by hand."""
    wanted = plurals if row.counts else 1
    forms = row.forms if len(row.forms) == wanted else ("",) * wanted
    return forms if row.counts else forms[0]


def _header(language: Language) -> str:
    return (
        f"# {NAMES[language]} texts of recare: only the msgstr lines are written by hand,\n"
        "# the rest by `python -m bot.wording.extract`. msgid is the key, msgctxt the level.\n"
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {language.value}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {get_plural(language.value).plural_forms}\\n"\n'
        "\n"
    )


def _place(message: Message) -> Place:
    key = message.id if isinstance(message.id, str) else message.id[0]
    if message.context is None:
        return key, None
    if not message.context.startswith(LEVEL):
        raise ValueError(f"{key}: unknown msgctxt “{message.context}”")
    return key, int(message.context.removeprefix(LEVEL))


def _forms(message: Message) -> Forms:
    strings = message.string or ""
    return (strings,) if isinstance(strings, str) else tuple(strings)


def _is_said(message: Message) -> bool:
    return not message.fuzzy and all(_forms(message))
