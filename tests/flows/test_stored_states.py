"""What was once stored must be read for ever: a corpus of chats and presses as earlier versions wrote them.

Files are added, never changed: a new version of the form gets a folder of its own beside `v1`.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.services.talk import Talk
from flows.dialogs import BOOK, STRANGERS
from flows.engine.choices import Choice, Payload
from flows.engine.state import CHAT_VERSION, Chat, Idle, UnreadableChatError, every_state

CORPUS = Path(__file__).parent / "stored_states"
SUMS, PRESSES = "SHA256SUMS", "payloads.json"
VERSIONS = sorted(folder for folder in CORPUS.iterdir() if folder.is_dir())
TALKS = sorted(file for folder in VERSIONS for file in folder.glob("*.json") if file.name != PRESSES)
EVERY_TALK = pytest.mark.parametrize("file", TALKS, ids=lambda file: f"{file.parent.name}/{file.stem}")


def read(file: Path) -> dict[str, Any]:
    """A stored talk, as the database gives it."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(raw, dict)
    return raw


def missing(stored: object, written: object, where: str = "") -> list[str]:
    """What was stored and is not written any more, or differently; what a later version adds does not matter."""
    if isinstance(stored, Mapping) and isinstance(written, Mapping):
        gone = [f"{where}.{name}" for name in stored if name not in written]
        kept = [name for name in stored if name in written]
        return gone + [each for name in kept for each in missing(stored[name], written[name], f"{where}.{name}")]
    if isinstance(stored, list) and isinstance(written, list) and len(stored) == len(written):
        pairs = enumerate(zip(stored, written, strict=True))
        return [each for place, (old, new) in pairs for each in missing(old, new, f"{where}[{place}]")]
    return [] if stored == written else [where]


def test_every_state_has_its_file_in_the_newest_version() -> None:
    newest = CORPUS / f"v{CHAT_VERSION}"
    stored = {read(file)["chat"]["state"] for file in newest.glob("*.json") if file.name != PRESSES}
    # Other tests make states of their own.
    assert stored == {state.name for state in every_state() if state.__module__.startswith("flows.")}


@EVERY_TALK
def test_a_stored_chat_is_read_whole(file: Path) -> None:
    raw = read(file)
    chat = Chat.from_json(raw["chat"])
    assert missing(raw["chat"], chat.to_json() | {"v": raw["chat"]["v"]}) == []
    assert Chat.from_json(json.loads(json.dumps(chat.to_json()))) == chat


@EVERY_TALK
def test_a_stored_talk_keeps_its_buttons(file: Path) -> None:
    raw = read(file)
    talk = Talk.from_json(raw)
    assert talk.chat == Chat.from_json(raw["chat"])
    assert [{"label": each.label, "payload": each.payload} for each in talk.buttons] == raw["buttons"]
    assert Talk.from_json(json.loads(json.dumps(talk.to_json()))) == talk
    for button in talk.buttons:
        assert Payload.decode(button.payload).asked == talk.chat.asked


@EVERY_TALK
def test_a_stored_state_still_has_dialogs(file: Path) -> None:
    state = Chat.from_json(read(file)["chat"]).state
    rules = (*BOOK.rules.values(), *STRANGERS.rules.values())
    assert any(rule.state is type(state) for rule in rules) or isinstance(state, Idle)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda folder: folder.name)
def test_a_press_that_was_once_shown_still_means_the_same(version: Path) -> None:
    for name, payload in read(version / PRESSES).items():
        press = Payload.decode(payload)
        assert (press.choice.value, press.argument, press.asked) == (name, 3, 12)


def test_every_choice_has_its_press_in_the_newest_version() -> None:
    assert set(read(CORPUS / f"v{CHAT_VERSION}" / PRESSES)) == {choice.value for choice in Choice}


@EVERY_TALK
def test_a_state_that_was_renamed_or_removed_would_be_noticed(file: Path) -> None:
    chat = read(file)["chat"]
    with pytest.raises(UnreadableChatError):
        Chat.from_json(chat | {"state": f"{chat['state']}_of_old"})


@EVERY_TALK
def test_a_field_that_was_renamed_or_removed_would_be_noticed(file: Path) -> None:
    chat = read(file)["chat"]
    removed = chat | {"values": chat["values"] | {"of_old": 1}}
    assert missing(removed, Chat.from_json(removed).to_json()) == [".values.of_old"]
    for name, value in chat["values"].items():
        others = {key: kept for key, kept in chat["values"].items() if key != name}
        renamed = chat | {"values": others | {"of_old": value}}
        try:
            assert missing(renamed, Chat.from_json(renamed).to_json()) == [".values.of_old"]
        except UnreadableChatError:
            continue


@pytest.mark.parametrize("version", VERSIONS, ids=lambda folder: folder.name)
def test_the_corpus_is_as_it_was_written(version: Path) -> None:
    sums = (version / SUMS).read_text(encoding="utf-8").splitlines()
    files = sorted(version.glob("*.json"))
    assert sums == [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files]
