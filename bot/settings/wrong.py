"""Says what is wrong with a `clinic.toml`: the line, the key, what it must be, and the remedy, in plain words.

Never quotes a value: one of them may hold a password.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.toml_lines import Place, find_line

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_TABLE_TWICE = re.compile(r"Cannot declare \((.+)\) twice")
_NAME = re.compile(r"'([^']*)'")
_OF_A_DICTIONARY_KEY = "[key]"

_SEE_EXAMPLE = "the file that `recare init` writes shows how"
_WORDS = {
    "value_error": "{error}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "string_type": 'must be a text; put it into quotation marks, like "so"',
    "string_too_short": "is empty; fill it in, or remove the key if it may be left out",
    "string_too_long": "is longer than {max_length} characters; shorten it",
    "too_short": "is empty; name at least one",
    "tuple_type": 'must be a list; put its entries into square brackets, like ["one", "two"]',
    "dict_type": "must be a table of keys and values",
    "model_type": "must be a table of keys and values",
    "bool_type": "must be true or false, without quotation marks",
    "bool_parsing": "must be true or false, without quotation marks",
    "int_type": "must be a whole number, without quotation marks",
    "int_parsing": "must be a whole number, without quotation marks",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number, like 0.5, without quotation marks",
    "float_parsing": "must be a number, like 0.5, without quotation marks",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "multiple_of": "must be a multiple of {multiple_of:g}",
    "date_type": "must be a date; write it as 2026-12-25",
    "date_parsing": "must be a date; write it as 2026-12-25",
    "date_from_datetime_parsing": "must be a date that exists, written as 2026-12-25",
    "date_from_datetime_inexact": "must be a date without a time; write it as 2026-12-25",
}
"""By pydantic's name of an error, our words for it; they follow the name of the key."""


def explain_syntax(source: str, broken: tomllib.TOMLDecodeError) -> str:
    """Say in one line where a file stops being TOML."""
    said = str(broken)
    found = _AT.search(said)
    line = f", line {found[1]}" if found and found[1] else ", at its end" if found else ""
    what = _AT.sub("", said)
    twice = _TABLE_TWICE.fullmatch(what)
    if twice is not None:
        return f"{source}{line}: [{'.'.join(_NAME.findall(twice[1]))}] stands there twice; keep one"
    return f"{source}{line}: not valid TOML: {what[:1].lower()}{what[1:]}; mind quotation marks, brackets and commas"


def explain(source: str, text: str, broken: ValidationError, tables: Mapping[str, type[BaseModel]]) -> str:
    """Say in one line what is wrong first, and how much else is.

    tables: by the name of a table, what it may hold; "" for the whole file.
    """
    errors = broken.errors(include_url=False, include_input=False)
    # A misspelt key is an unknown one and a missing one; the first of the two shows the mistake.
    first = next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])
    place = _plain(first["loc"])
    line = find_line(text, place)
    where = source if line is None else f"{source}, line {line}"
    what = " ".join(part for part in (_name(place), _what(first, place, tables)) if part)
    others = len(errors) - 1
    return f"{where}: {what}" + (f" (and {others} more)" if others else "")


def _what(error: ErrorDetails, place: Place, tables: Mapping[str, type[BaseModel]]) -> str:
    if error["type"] == "missing":
        return f"is missing; add it under {_header(place)}" if len(place) > 1 else f"is missing; {_SEE_EXAMPLE}"
    if error["type"] == "extra_forbidden":
        table = tables.get(str(place[0]) if len(place) > 1 else "")
        near = get_close_matches(str(place[-1]), table.model_fields if table else (), n=1)
        return f"is not known; did you mean {near[0]}?" if near else "is not known; remove it, or mind the spelling"
    details: dict[str, Any] = error.get("ctx", {})
    words = _WORDS.get(error["type"])
    return words.format_map(details) if words else f"cannot be used ({error['type']}); {_SEE_EXAMPLE}"


def _header(place: Place) -> str:
    return f"[[{place[0]}]]" if isinstance(place[1], int) else f"[{place[0]}]"


def _plain(location: Sequence[int | str]) -> Place:
    """The place without the library's marks: a wrong name of a key is the place of that key."""
    return tuple(part for part in location if part != _OF_A_DICTIONARY_KEY)


def _name(place: Place) -> str:
    """Name a place as people count: `provider no. 2, hours.monday no. 1`."""
    name = ""
    for part in place:
        if isinstance(part, int):
            name += f" no. {part + 1},"
        else:
            name += f" {part}" if name.endswith(",") else f".{part}"
    return name.removeprefix(".").rstrip(",")
