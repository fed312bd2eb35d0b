"""Where in a TOML text each key stands."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from bot.settings.toml_lines import Place, key_lines, line_of

TEXT = '''\
plain = 1
dotted.key = "x # no comment, y = 2" # [not.a.table]
"quoted.key" = """
a = 1
[nor.this]
"""
day = 1979-05-27 07:32:00

[table]
list = [
    1, # one
    { x = 3, 'y' = [4] },
]
inline = { from = "10:00", to = "19:00" }

[[many]]
name = "first"
[many.below]
key = 1
[[many]]
name = "second"
[many.below]
key = 2
'''

SHIPPED = sorted(str(file) for file in (resources.files("flows.outreach") / "policies").iterdir())


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("plain",), 1),
        (("dotted",), 2),
        (("dotted", "key"), 2),
        (("quoted.key",), 3),
        (("day",), 7),
        (("table",), 9),
        (("table", "list"), 10),
        (("table", "list", 0), 11),
        (("table", "list", 1, "y"), 12),
        (("table", "inline", "to"), 14),
        (("many",), 16),
        (("many", 0, "name"), 17),
        (("many", 0, "below", "key"), 19),
        (("many", 1, "name"), 21),
        (("many", 1, "below", "key"), 23),
    ],
)
def test_a_key_has_the_line_it_begins_on(place: Place, line: int) -> None:
    assert line_of(TEXT, place) == line


def test_a_missing_key_has_the_line_of_its_table() -> None:
    assert line_of(TEXT, ("table", "inline", "missing")) == 14
    assert line_of(TEXT, ("many", 1, "below", "missing")) == 22
    assert line_of(TEXT, ("missing",)) == 1


def test_nothing_inside_a_text_or_a_comment_is_a_key() -> None:
    assert not {("a",), ("nor",), ("not",)} & set(key_lines(TEXT))


@pytest.mark.parametrize("file", [*SHIPPED, str(Path(__file__).parents[2] / "examples" / "clinic.toml")])
def test_every_key_of_a_file_is_found(file: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    assert {place for place, _ in _places(tomllib.loads(text))} <= set(key_lines(text))


def _places(value: object, above: Place = ()) -> Iterator[tuple[Place, object]]:
    entries: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for name, inner in entries:
        yield (*above, name), inner
        yield from _places(inner, (*above, name))
