"""Reads and writes JSON as messengers bring and take it.

What Python's own reader understands is understood here, too, as half a character; it only takes longer. A whole number
beyond 64 bits, which no messenger has, is read as a floating one. What is written is JSON data already.
"""

import json
from typing import Any

import orjson


def read_json(content: bytes | str) -> Any:  # noqa: ANN401 - JSON
    """Read JSON. Raises ValueError: it is none; RecursionError: it is nested too deeply."""
    try:
        return orjson.loads(content)
    except ValueError:
        return json.loads(content)


def write_json(data: object) -> bytes:
    """Write JSON data; half a character in a text, too. Raises TypeError for what neither writer knows."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return json.dumps(data).encode()
