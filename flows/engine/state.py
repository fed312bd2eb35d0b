"""Where a chat stands: the base of all dialog states, the envelope around them, and their JSON form.

A state is a frozen dataclass whose fields are plain data, so that every state survives a restart as versioned JSON.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from flows.engine.plain import PlainDataError, Read, reading, readings_of, to_plain
from flows.meaning import Expecting, Intent, Meaning
from flows.vocabulary import Language

CHAT_VERSION = 1

_by_name: dict[str, type[Any]] = {}


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
        if name:
            _by_name[name] = cls


@dataclass(frozen=True, kw_only=True)
class Idle(State, name="idle"):
    """Nothing is asked; whatever comes is read on its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Words that were not understood, kept until the patient says which reading was meant."""

    text: str
    meaning: Meaning

    @property
    def readings(self) -> tuple[Intent, ...]:
        """The likeliest meanings, likeliest first."""
        return (self.meaning.intent, *self.meaning.alternatives)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A conversation as stored.

    asked: the number of the last question. misunderstood: misunderstandings in a row. doubt: the words the last one was
    about, while buttons offer readings of them. offered: the languages they were offered since they last chose one.
    told_back_at: when somebody would be back (UTC), as they were told last.
    """

    state: State
    asked: int = 0
    misunderstood: int = 0
    doubt: Doubt | None = None
    offered: frozenset[Language] = frozenset()
    told_back_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Write the chat as JSON-ready data."""
        return {
            "v": CHAT_VERSION,
            "state": self.state.name,
            "values": to_plain(self.state),
            "asked": self.asked,
            "misunderstood": self.misunderstood,
            "doubt": to_plain(self.doubt),
            "offered": to_plain(self.offered),
            "told_back_at": to_plain(self.told_back_at),
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
                **others,
            }:
                return cls(
                    state=_read_state(name, values),
                    asked=asked,
                    misunderstood=misunderstood,
                    doubt=_read_doubt(others.get("doubt")),
                    offered=_read(_OFFERED, others.get("offered", [])),
                    told_back_at=_read(_INSTANT, others.get("told_back_at")),
                )
            case _:
                message = "stored chat has an unknown form"
                raise UnreadableChatError(message)


FRESH_CHAT = Chat(state=Idle())
_DOUBT = reading(Doubt | None)
_OFFERED = reading(frozenset[Language])
_INSTANT = reading(datetime | None)


def every_state(root: type[State] = State) -> Iterator[type[State]]:
    """Walk all states declared in the modules imported so far (`flows.dialogs` imports them all)."""
    for state in root.__subclasses__():
        if state.name:
            yield state
        yield from every_state(state)


def _read_state(name: str, values: dict[str, object]) -> State:
    if name not in _by_name:
        message = f"stored chat is in an unknown state: {name}"
        raise UnreadableChatError(message)
    kind = _by_name[name]
    try:
        read = {
            field: read_one(values[field])
            for field, (read_one, required) in _reading(name).items()
            if required or field in values
        }
    except (KeyError, PlainDataError) as broken:
        message = f"stored chat has unreadable values in state {name}"
        raise UnreadableChatError(message) from broken
    state: State = kind(**read)
    return state


@cache
def _reading(name: str) -> Mapping[str, tuple[Read, bool]]:
    """How each field of a state is read, and whether it must be there: what a later version added has a default."""
    kind = _by_name[name]
    reads = readings_of(kind)
    return {each.name: (reads[each.name], each.default is MISSING) for each in fields(kind)}


def _read_doubt(raw: object) -> Doubt | None:
    match raw:
        case {"meaning": dict(meaning), **others}:
            # Earlier versions did not tell the language of a text, nor what it names, nor what is all it says.
            named = {"language": None, "speak": None, "contact": None, "paraphrase": None, "closes": False}
            raw = {**others, "meaning": named | meaning}
    doubt: Doubt | None = _read(_DOUBT, raw)
    return doubt


def _read(reader: Read, raw: object) -> Any:  # noqa: ANN401 - of the type its reader is for
    try:
        return reader(raw)
    except PlainDataError as broken:
        message = "stored chat has something unreadable beside its state"
        raise UnreadableChatError(message) from broken
