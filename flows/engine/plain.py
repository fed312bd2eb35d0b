"""The JSON form of typed values: dataclasses, tuples, sets, enums, dates, times and what JSON knows itself.

Reading what was written gives an equal value; reading anything else raises PlainDataError, never a half-made value.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, TypeAlias, Union, get_args, get_origin, get_type_hints

Read: TypeAlias = Callable[[Any], Any]
"""Reads JSON data as one type. Raises PlainDataError when they have another form."""

_PLAIN = (bool, int, float, str, NoneType)
"""Types whose values JSON knows itself."""


class PlainDataError(ValueError):
    """The JSON value does not have the form of the type it should be read as."""


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Turn a typed value into JSON-ready data. Raises TypeError for a kind of value that has no plain form."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(to_plain(item) for item in value)
    if is_dataclass(kind):
        return {name: to_plain(getattr(value, name)) for name in _names_of(kind)}
    message = f"no plain form for {type(value).__name__}"
    raise TypeError(message)


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def from_plain(wanted: Any, raw: object) -> Any:  # noqa: ANN401 - the type is known only to the caller
    """Read JSON data as the wanted type. Raises PlainDataError when it has another form."""
    return reading(wanted)(raw)


@cache
def reading(wanted: Any) -> Read:  # noqa: ANN401 - see from_plain
    """Make what reads a type, once: a turn reads the same few again and again."""
    while isinstance(wanted, NewType):
        wanted = wanted.__supertype__
    origin = get_origin(wanted)
    if origin in (Union, UnionType):
        return _one_of([reading(option) for option in get_args(wanted) if option is not NoneType], wanted)
    if origin in (tuple, frozenset):
        return _several(origin, reading(get_args(wanted)[0]))
    if not isinstance(wanted, type):
        return _refusing(wanted)
    if issubclass(wanted, Enum):
        return _guarded(wanted, wanted)
    if wanted in (datetime, date, time):
        return _guarded(wanted, wanted.fromisoformat, str)
    if is_dataclass(wanted):
        return _guarded(wanted, _record(wanted), dict)
    return _as_it_is(wanted)


def readings_of(kind: type[Any]) -> Mapping[str, Read]:
    """Make what reads each field of a dataclass."""
    hints = get_type_hints(kind)
    return {field.name: reading(hints[field.name]) for field in fields(kind)}


def _one_of(options: list[Read], wanted: Any) -> Read:  # noqa: ANN401 - see from_plain
    may_be_none = NoneType in get_args(wanted)

    def read(raw: object) -> object:
        if raw is None and may_be_none:
            return None
        for option in options:
            try:
                return option(raw)
            except PlainDataError:
                continue
        message = f"no reading of {type(raw).__name__} as {wanted}"
        raise PlainDataError(message)

    return read


def _several(made: Callable[[Iterable[Any]], Any], read_one: Read) -> Read:
    def read(raw: object) -> object:
        if not isinstance(raw, list):
            message = f"expected a list, found {type(raw).__name__}"
            raise PlainDataError(message)
        return made([read_one(item) for item in raw])

    return read


def _refusing(wanted: object) -> Read:
    def read(raw: object) -> object:
        message = f"cannot read {wanted} from {type(raw).__name__}"
        raise PlainDataError(message)

    return read


def _record(wanted: type[Any]) -> Read:
    parts = readings_of(wanted)
    return lambda raw: wanted(**{name: read_part(raw[name]) for name, read_part in parts.items()})


def _guarded(wanted: type[Any], make: Read, form: type[Any] = object) -> Read:
    """Turn what a constructor says of data that are not its own into our error. form: of the data it can take."""

    def read(raw: object) -> object:
        if not isinstance(raw, form):
            message = f"expected {form.__name__} for {wanted.__name__}, found {type(raw).__name__}"
            raise PlainDataError(message)
        try:
            return make(raw)
        except (KeyError, ValueError) as broken:
            message = f"unreadable {wanted.__name__}"
            raise PlainDataError(message) from broken

    return read


def _as_it_is(wanted: type[Any]) -> Read:
    def read(raw: object) -> object:
        if type(raw) is wanted and wanted in _PLAIN:
            return raw
        if wanted is float and type(raw) is int:
            # JSON writers elsewhere may drop ".0".
            return float(raw)
        message = f"expected {wanted.__name__}, found {type(raw).__name__}"
        raise PlainDataError(message)

    return read
