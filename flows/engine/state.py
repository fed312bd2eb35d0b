"""Where a chat stands: the base of all dialog states, the envelope around them, and their JSON form.

A state is a frozen dataclass whose fields are plain data, so that every state survives a restart as versioned JSON.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, ClassVar, get_type_hints

from flows.engine.plain import PlainDataError, from_plain, to_plain
from flows.meaning import Expecting

CHAT_VERSION = 1


class UnreadableChatError(ValueError):
    """The stored chat was written by another version, or damaged; lead the patient back politely."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A point of a dialog. The name is stored: renaming one needs a step in the reader below."""

    name: ClassVar[str] = ""
    expecting: ClassVar[Expecting] = Expecting.NOTHING

    def __init_subclass__(cls, *, name: str = "", expecting: Expecting = Expecting.NOTHING) -> None:
        """Give the state its stored name, `dialog.point`, and say what kind of answer it waits for."""
        super().__init_subclass__()
        cls.name = name
        cls.expecting = expecting


@dataclass(frozen=True, kw_only=True)
class Idle(State, name="idle"):
    """Nothing is asked; whatever comes is read on its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A conversation as stored: its state, the number of the last question, and misunderstandings in a row."""

    state: State
    asked: int = 0
    misunderstood: int = 0

    def to_json(self) -> dict[str, Any]:
        """Write the chat as JSON-ready data."""
        values = {field.name: to_plain(getattr(self.state, field.name)) for field in fields(self.state)}
        return {
            "v": CHAT_VERSION,
            "state": self.state.name,
            "values": values,
            "asked": self.asked,
            "misunderstood": self.misunderstood,
        }

    @classmethod
    def from_json(cls, raw: object) -> "Chat":
        """Read a stored chat.

        Raises UnreadableChatError if it is not one, or of a version or state this code does not know.
        """
        match raw:
            case {
                "v": 1,
                "state": str(name),
                "values": dict(values),
                "asked": int(asked),
                "misunderstood": int(misunderstood),
            }:
                return cls(state=_read_state(name, values), asked=asked, misunderstood=misunderstood)
            case _:
                message = "stored chat has an unknown form"
                raise UnreadableChatError(message)


FRESH_CHAT = Chat(state=Idle())


def every_state(root: type[State] = State) -> Iterator[type[State]]:
    """Walk all states declared in the modules imported so far (`flows.dialogs` imports them all)."""
    for state in root.__subclasses__():
        if state.name:
            yield state
        yield from every_state(state)


def _read_state(name: str, values: dict[str, object]) -> State:
    kinds = {kind.name: kind for kind in every_state()}
    if name not in kinds:
        message = f"stored chat is in an unknown state: {name}"
        raise UnreadableChatError(message)
    kind = kinds[name]
    hints = get_type_hints(kind)
    try:
        read = {field.name: from_plain(hints[field.name], values[field.name]) for field in fields(kind)}
    except (KeyError, PlainDataError) as broken:
        message = f"stored chat has unreadable values in state {name}"
        raise UnreadableChatError(message) from broken
    return kind(**read)
