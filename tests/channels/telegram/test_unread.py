"""Who said an update that was not taken: their own chat counts, nothing that was said elsewhere, whatever came in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.channels.telegram import PatientsBot
from bot.channels.telegram.unread import said_in
from bot.services.intake_ports import Said, UnreadableUpdateError
from tests.channels.telegram.updates import (
    PERSON,
    group,
    membership,
    message,
    private,
    question,
    tap,
    update,
    user,
)

THEIRS = Said(account=str(PERSON))
BROKEN = {"date": "this morning"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (message(**BROKEN, text="It hurts"), Said(account=str(PERSON), words="It hurts")),
        (message("edited_message", **BROKEN, text="It hurts"), Said(account=str(PERSON), words="It hurts")),
        (message(**BROKEN, photo={}, caption="Here"), Said(account=str(PERSON), words="Here")),
        (message(**BROKEN, text={"words": 1}), THEIRS),
        (message(**BROKEN, text="/start abc_-9"), THEIRS),
        (message(**BROKEN, text="Hi", **{"from": "nobody"}), Said(account=str(PERSON), words="Hi")),
        (tap(chat_instance=3), THEIRS),
        (tap(chat_instance=3, message=None), THEIRS),
    ],
    ids=["text", "edit", "caption", "odd words", "a link's secret", "odd sender", "tap", "tap on what is forgotten"],
)
async def test_what_cannot_be_read_is_told_by_its_chat(patients: PatientsBot, raw: dict[str, Any], said: Said) -> None:
    with pytest.raises(UnreadableUpdateError):
        await patients.handle(raw)
    assert patients.said(raw) == said


@pytest.mark.parametrize(
    "raw",
    [
        message(chat=group(), text="Hi"),
        message(chat={"id": PERSON}, text="Hi"),
        message(chat={"type": "private"}, text="Hi"),
        message(chat={"id": True, "type": "private"}, text="Hi"),
        message(chat="private", text="Hi"),
        update("message", {"from": user(), "text": "Hi"}),
        update("message", {"text": "Hi"}),
        tap(message=question(chat=group())),
        tap(by=502),
        tap(message="Which suits you?"),
        tap(message=None, inline_message_id="1"),
        update("callback_query", {"from": {}, "message": question()}),
        membership(private(), "member", "kicked"),
        update("something_new", {"chat": private(), "from": user()}),
        {"update_id": 1, "message": "Hi", "callback_query": []},
        {},
    ],
    ids=lambda raw: str(list(raw)[1:]),
)
def test_what_is_not_plainly_said_in_private_is_nobodys(raw: dict[str, Any]) -> None:
    assert said_in(raw) is None


ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda part: some.lists(part) | some.dictionaries(some.sampled_from(["chat", "from", "id", "type", "text"]), part),
)
KINDS = some.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"])


@given(some.dictionaries(KINDS, ANY_JSON))
def test_any_update_has_an_answer(raw: dict[str, Any]) -> None:
    said = said_in(raw)
    assert said is None or said.account
