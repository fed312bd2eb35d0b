"""What must be worded: every typed message and every page text, as the catalogues list them.

The order is that of the modules and of the declarations in them, so that a catalogue never changes by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from inspect import getdoc
from operator import attrgetter

import flows.messages
from bot.wording.notices import KEY
from bot.wording.pages import PAGE_ENTRIES
from bot.wording.po_files import Place
from flows.messages.text import Text, every_text

MESSAGES = "messages.po"
PAGES = "pages.po"
ROOM = flows.messages.__name__ + "."


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """One text at one level (pages: None). `parameters`: name → kind as declared; `counts` chooses the plural form."""

    place: Place
    note: str
    parameters: Mapping[str, str]
    counts: str | None


def declared() -> Mapping[str, tuple[Declared, ...]]:
    """List all texts by the catalogue file they belong to."""
    return {
        MESSAGES: tuple(
            _of_message(text, level) for text in _texts() if not text.key.startswith(KEY) for level in text.levels
        ),
        PAGES: tuple(
            Declared(
                place=(page.key, None),
                note=page.note,
                parameters=dict.fromkeys(sorted(page.parameters), "words"),
                counts=page.counts,
            )
            for page in PAGE_ENTRIES.values()
        ),
    }


def declared_notices() -> tuple[Declared, ...]:
    """List the typed messages whose words are notices."""
    return tuple(_of_message(text, level) for text in _texts() if text.key.startswith(KEY) for level in text.levels)


def _texts() -> Sequence[type[Text]]:
    return sorted((text for text in every_text() if text.__module__.startswith(ROOM)), key=attrgetter("__module__"))


def _of_message(text: type[Text], level: int) -> Declared:
    return Declared(
        place=(text.key, level),
        note=" ".join((getdoc(text) or "").split()),
        parameters={field.name: _kind(field.type) for field in fields(text)},
        counts=text.counts,
    )


KINDS: Mapping[object, str] = {"str": "words", "int": "number", "date": "day", "datetime": "instant", "Money": "amount"}


def _kind(annotation: object) -> str:
    name = annotation.__name__ if isinstance(annotation, type) else annotation
    return KINDS[name]
