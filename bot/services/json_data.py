"""Reads and writes JSON as messengers bring and take it.

Invariant: what Python's own reader and writer understand is understood here, too, as half a character or a number
without end; it only takes longer.
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
    """Write JSON data. Raises TypeError: it is none."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return json.dumps(data).encode()
