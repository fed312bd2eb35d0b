"""What the Bot API takes and gives, read from `methods.toml` and `types.toml`, and whether a value is so.

The data is written by hand from the published specification; `test_schema.py` compares it with both libraries.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LIMITS = re.compile(r"(?P<least>-?\d*)\.\.(?P<most>-?\d*)(?P<unit>[be]?)")
# Exactly one of these makes a button of an inline keyboard what it is.
BUTTON_ACTIONS = (
    "callback_data",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "url",
    "web_app",
)
MOST_BUTTONS = 100
"""Under one message, in all rows together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file as a bot sent it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What a value may be. choices: words, names of plain kinds or types, or the kind of a list's elements.

    unit: "" characters (or a number's value, or a list's length), "b" bytes, "e" characters once entities were parsed.
    """

    choices: "tuple[str | Kind, ...]"
    least: float | None = None
    most: float | None = None
    unit: str = ""
    optional: bool = False

    def includes(self, name: str) -> bool:
        """Whether a plain kind or type is among the choices."""
        return name in self.choices


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method: what it takes, and gives."""

    name: str
    parameters: Mapping[str, Kind]
    returns: Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """All methods, by their names in lower letters (the API does not mind case), and all types."""

    methods: Mapping[str, Method]
    types: Mapping[str, Mapping[str, Kind]]

    def problems(self, kind: Kind, value: object, path: str) -> Iterator[str]:
        """Tell each way in which a value is not of a kind; path: how the value is called in the sentences."""
        found: list[str] | None = None
        for choice in kind.choices:
            new = list(self._problems_of_choice(choice, value, path))
            if not new:
                yield from _beyond_limits(kind, value, path)
                return
            if found is None or len(new) < len(found):
                found = new
        yield from found or ()

    def _problems_of_choice(self, choice: "str | Kind", value: object, path: str) -> Iterator[str]:
        if isinstance(choice, Kind):
            if not isinstance(value, list):
                yield f"{path} is no list"
                return
            for place, each in enumerate(value):
                yield from self.problems(choice, each, f"{path}[{place}]")
        elif choice in self.types:
            yield from self._problems_of_object(choice, value, path)
        elif not _is_plain(choice, value):
            yield f"{path} is not {choice}: {value!r}"[:200]

    def _problems_of_object(self, name: str, value: object, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} is no {name}"
            return
        fields = self.types[name]
        yield from self.problems_of_fields(fields, value, f"{path} ({name})")
        if name == "InlineKeyboardButton" and sum(action in value for action in BUTTON_ACTIONS) != 1:
            yield f"{path} (InlineKeyboardButton) must have exactly one action"
        if name == "InlineKeyboardMarkup" and (many := _buttons_in(value)) > MOST_BUTTONS:
            yield f"{path} (InlineKeyboardMarkup) has {many} buttons, allowed are {MOST_BUTTONS}"

    def problems_of_fields(self, fields: Mapping[str, Kind], values: Mapping[str, Any], path: str) -> Iterator[str]:
        """Tell what is missing, what is unknown and what is wrong among named values."""
        for name in values.keys() - fields.keys():
            yield f"{path} has an unknown {name}"
        for name, kind in fields.items():
            if name in values:
                yield from self.problems(kind, values[name], f"{path}.{name}")
            elif not kind.optional:
                yield f"{path} lacks {name}"


def _buttons_in(markup: Mapping[str, Any]) -> int:
    rows = markup.get("inline_keyboard")
    return sum(len(row) for row in rows if isinstance(row, list)) if isinstance(rows, list) else 0


def _is_plain(choice: str, value: object) -> bool:
    match choice:
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "bool":
            return isinstance(value, bool)
        case "true":
            return value is True
        case "str":
            return isinstance(value, str)
        case "file":
            return isinstance(value, Upload)
        case _:
            return value == choice.removeprefix("'").removesuffix("'")


def _beyond_limits(kind: Kind, value: object, path: str) -> Iterator[str]:
    if kind.unit == "e" or isinstance(value, Upload):
        return
    match value:
        case bool():
            return
        case int() | float():
            size: float = value
        case str():
            size = len(value.encode()) if kind.unit == "b" else len(value)
        case list():
            size = len(value)
        case _:
            return
    if (kind.least is not None and size < kind.least) or (kind.most is not None and size > kind.most):
        unit = " bytes" if kind.unit == "b" else ""
        yield f"{path} is {size}{unit}, allowed are {kind.least} to {kind.most}"


def read_kind(text: str) -> Kind:
    """Read a kind as it is written in the data."""
    body, optional = (text[:-1].rstrip(), True) if text.endswith("?") else (text, False)
    parts = body.rsplit(" ", 1)
    limits = LIMITS.fullmatch(parts[-1]) if len(parts) > 1 else None
    if limits:
        body = parts[0]
    return Kind(
        choices=tuple(_read_choices(body)),
        least=float(limits["least"]) if limits and limits["least"] else None,
        most=float(limits["most"]) if limits and limits["most"] else None,
        unit=limits["unit"] if limits else "",
        optional=optional,
    )


def _read_choices(body: str) -> Iterator["str | Kind"]:
    depth = start = 0
    for place, letter in enumerate(f"{body}|"):
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            choice = body[start:place]
            start = place + 1
            yield read_kind(choice[1:-1]) if choice.startswith("[") else choice


def convert(kind: Kind, text: str) -> object:
    """Read a value out of a form's text; text that cannot be read so stays text, and is found wrong later."""
    if kind.includes("int") and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind.includes("float") and re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text):
        return float(text)
    if kind.includes("bool") and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind.includes("str") or all(isinstance(choice, str) and choice.startswith("'") for choice in kind.choices):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


@cache
def published() -> Schema:
    """Read the data, once."""
    sections = tomllib.loads((FOLDER / "methods.toml").read_text(encoding="utf-8"))
    types = tomllib.loads((FOLDER / "types.toml").read_text(encoding="utf-8"))
    methods = {name.lower(): _read_method(name, sections) for name in sections if not name.startswith("_")}
    return Schema(
        methods=methods,
        types={name: {field: read_kind(text) for field, text in fields.items()} for name, fields in types.items()},
    )


def _read_method(name: str, sections: Mapping[str, Mapping[str, Any]]) -> Method:
    def gathered(section: str) -> dict[str, Any]:
        own = dict(sections[section])
        lines: dict[str, Any] = {}
        for like in own.pop("_like", ()):
            lines |= gathered(like)
        return lines | own

    lines = gathered(name)
    returns = read_kind(lines.pop("_returns"))
    return Method(name=name, parameters={each: read_kind(text) for each, text in lines.items()}, returns=returns)
