"""The JSON form of typed values: dataclasses, tuples, sets, enums, dates, times and what JSON knows itself.

Reading what was written gives an equal value; reading anything else raises PlainDataError, never a half-made value.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

_resolved: dict[type[Any], dict[str, Any]] = {}


class PlainDataError(ValueError):
    """The JSON value does not have the form of the type it should be read as."""


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Turn a typed value into JSON-ready data. Raises TypeError for a kind of value that has no plain form."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(to_plain(item) for item in value)
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    message = f"no plain form for {type(value).__name__}"
    raise TypeError(message)


def from_plain(wanted: Any, raw: object) -> Any:  # noqa: ANN401 - the type is known only to the caller
    """Read JSON data as the wanted type. Raises PlainDataError when it has another form."""
    wanted = _without_new_type(wanted)
    origin = get_origin(wanted)
    if origin in (Union, UnionType):
        return _read_union(wanted, raw)
    if origin is tuple and isinstance(raw, list):
        return tuple(from_plain(get_args(wanted)[0], item) for item in raw)
    if origin is frozenset and isinstance(raw, list):
        return frozenset(from_plain(get_args(wanted)[0], item) for item in raw)
    if isinstance(wanted, type):
        return _read_one(wanted, raw)
    message = f"cannot read {wanted} from {type(raw).__name__}"
    raise PlainDataError(message)


def _without_new_type(wanted: Any) -> Any:  # noqa: ANN401 - see from_plain
    while isinstance(wanted, NewType):
        wanted = wanted.__supertype__
    return wanted


def _read_union(wanted: Any, raw: object) -> Any:  # noqa: ANN401 - see from_plain
    options = get_args(wanted)
    if raw is None and NoneType in options:
        return None
    for option in options:
        if option is not NoneType:
            try:
                return from_plain(option, raw)
            except PlainDataError:
                continue
    message = f"no reading of {type(raw).__name__} as {wanted}"
    raise PlainDataError(message)


def _read_one(wanted: type[Any], raw: object) -> object:
    try:
        if issubclass(wanted, Enum):
            return wanted(raw)
        if wanted in (datetime, date, time) and isinstance(raw, str):
            return wanted.fromisoformat(raw)
        if is_dataclass(wanted) and isinstance(raw, Mapping):
            hints = type_hints(wanted)
            return wanted(**{field.name: from_plain(hints[field.name], raw[field.name]) for field in fields(wanted)})
    except (KeyError, ValueError) as broken:
        message = f"unreadable {wanted.__name__}"
        raise PlainDataError(message) from broken
    if wanted in (int, float, str, bool) and type(raw) is wanted:
        return raw
    if wanted is float and type(raw) is int:
        # JSON writers elsewhere may drop ".0".
        return float(raw)
    message = f"expected {wanted.__name__}, found {type(raw).__name__}"
    raise PlainDataError(message)


def type_hints(kind: type[Any]) -> dict[str, Any]:
    """Resolve the types of a dataclass's fields, once."""
    if kind not in _resolved:
        _resolved[kind] = get_type_hints(kind)
    return _resolved[kind]
