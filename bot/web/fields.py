"""Owns reading the body of a request: a JSON object of strings, or a plain form; nothing else is taken.

A field that a form sends several times (boxes that are ticked) holds its values with a space between. What comes out
is text that every later step can store: valid Unicode, no NUL, lines ending in a newline.
"""

import json
from urllib.parse import parse_qsl

MOST_FIELDS = 20
MOST_VALUES = 200
"""Of a form, all fields together."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class UnsupportedError(ValueError):
    """The body is of a kind we do not take."""


class UnreadableError(ValueError):
    """The body is not what its type says."""


def read_fields(content_type: str, body: bytes) -> dict[str, str]:
    """Read a body by its type. Raises UnsupportedError or UnreadableError."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == JSON:
        fields = _read_json(body)
    elif kind == FORM:
        fields = _read_form(body)
    else:
        raise UnsupportedError(kind)
    return {_clean(name): _clean(value) for name, value in fields.items()}


def _read_json(body: bytes) -> dict[str, str]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise UnreadableError from broken
    if not isinstance(data, dict) or len(data) > MOST_FIELDS:
        raise UnreadableError
    if not all(isinstance(value, str) for value in data.values()):
        raise UnreadableError
    return data


def _read_form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_VALUES)
    except ValueError as broken:
        raise UnreadableError from broken
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    if len(fields) > MOST_FIELDS:
        raise UnreadableError
    return {name: " ".join(values) for name, values in fields.items()}


def _clean(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as broken:
        raise UnreadableError from broken
    if "\0" in text:
        raise UnreadableError
    return text.replace("\r\n", "\n")
