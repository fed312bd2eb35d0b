"""The schema data agrees with both libraries, and finds what is wrong."""

import inspect
from typing import Any

import aiogram.methods
import aiogram.types
import pytest
import telegram

from tests.botapi.handling import HANDLERS
from tests.botapi.schema import Kind, published, read_kind

# The library adds these to every method: how long to wait, and parameters of other versions.
OWN_OF_PTB = frozenset({"self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs"})
METHODS = sorted(method.name for method in published().methods.values())
TYPES = sorted(published().types)


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def aiogram_fields(model: Any) -> dict[str, Any]:  # noqa: ANN401  # a pydantic model's class
    return {field.alias or name: field for name, field in model.model_fields.items()}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_as_aiogram_has_it(name: str) -> None:
    theirs = aiogram_fields(getattr(aiogram.methods, name[0].upper() + name[1:]))
    ours = published().methods[name.lower()].parameters
    assert ours.keys() <= theirs.keys()
    required = {field for field, info in theirs.items() if info.is_required()}
    # Text may be left out since a message can be rich text; recare sends none.
    assert required <= {field for field, kind in ours.items() if not kind.optional} <= required | {"text"}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_as_python_telegram_bot_has_it(name: str) -> None:
    signature = inspect.signature(getattr(telegram.Bot, snake(name)))
    theirs = signature.parameters.keys() - OWN_OF_PTB
    assert published().methods[name.lower()].parameters.keys() <= theirs


@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_as_aiogram_has_it(name: str) -> None:
    theirs = aiogram_fields(getattr(aiogram.types, name))
    ours = published().types[name]
    assert ours.keys() <= theirs.keys()
    assert {field for field, info in theirs.items() if info.is_required()} <= ours.keys()


@pytest.mark.parametrize("name", TYPES)
def test_every_type_that_is_named_is_described(name: str) -> None:
    plain = {"int", "float", "bool", "true", "str", "file"}

    def names(kind: Kind) -> set[str]:
        return {
            each
            for choice in kind.choices
            for each in (names(choice) if isinstance(choice, Kind) else {choice})
            if not each.startswith("'")
        }

    used = set().union(*(names(kind) for kind in published().types[name].values()))
    assert used - plain <= published().types.keys()


def test_every_method_is_carried_out() -> None:
    assert published().methods.keys() == HANDLERS.keys()


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("str 1..64b", "я" * 40, "80 bytes"),
        ("str 0..200 ?", "x" * 201, "201"),
        ("int", True, "not int"),
        ("int|str", None, "not"),
        ("[int] 1..100", [], "0"),
        ("'HTML'|'Markdown'", "html", "not"),
        ("InlineKeyboardMarkup", {"inline_keyboard": [[{"text": "x"}]]}, "exactly one"),
        (
            "InlineKeyboardMarkup",
            {"inline_keyboard": [[{"text": "x", "url": "u", "callback_data": "d"}]]},
            "exactly one",
        ),
        ("BotCommand", {"command": "start", "description": "", "colour": 1}, "unknown colour"),
        ("User", {"id": 1, "is_bot": False}, "lacks first_name"),
    ],
)
def test_what_is_wrong_is_found(kind: str, value: object, problem: str) -> None:
    assert any(problem in each for each in published().problems(read_kind(kind), value, "it"))


def test_what_is_right_is_let_through() -> None:
    keys = {"inline_keyboard": [[{"text": "x", "callback_data": "я" * 32}]]}
    assert list(published().problems(read_kind("InlineKeyboardMarkup|ForceReply ?"), keys, "it")) == []
