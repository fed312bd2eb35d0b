"""What a dialog decides: the next state, what is said, and what the house is asked to do."""

from dataclasses import dataclass, field
from enum import StrEnum

from flows.engine.choices import Choice
from flows.engine.requests import Request
from flows.engine.state import Chat, State
from flows.messages.text import Text
from flows.vocabulary import Language, Reach


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """Something to press; `argument` tells one of several apart."""

    choice: Choice
    label: Text
    argument: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Something offered under a reply, in a language of its own."""

    language: Language
    text: Text
    buttons: tuple[Button, ...]


class Attachment(StrEnum):
    """What travels with a reply."""

    CALENDAR_FILE = "calendar_file"
    RECEIPT = "receipt"
    VENUE = "venue"


class Keyboard(StrEnum):
    """What the patient's keyboard offers beside writing, where the channel has such a thing.

    SHARE_PHONE: a button that shares the own phone number, the reply's own buttons below it. NONE: what was there goes.
    """

    SHARE_PHONE = "share_phone"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One message: its text, the ways to go on, and what is attached.

    `reach` is ALWAYS only for the emergency text and the confirmation of a stop. foot: lines under the text, each
    by itself. keyboard: None leaves it as it is; keyboard_label: the words on the button that shares the phone.
    offer: stands below all that, its buttons after the reply's.
    """

    text: Text
    buttons: tuple[Button, ...] = ()
    attachment: Attachment | None = None
    reach: Reach = Reach.BOT_ONLY
    foot: tuple[Text, ...] = ()
    keyboard: Keyboard | None = None
    keyboard_label: Text | None = None
    offer: Offer | None = None

    @property
    def shown(self) -> tuple[Button, ...]:
        """All that can be pressed under this message."""
        return self.buttons if self.offer is None else (*self.buttons, *self.offer.buttons)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What one rule of a dialog decides; `asks` adds the question of the state reached after the replies."""

    state: State
    replies: tuple[Reply, ...] = ()
    requests: tuple[Request, ...] = ()
    asks: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What one step of a chat comes to."""

    chat: Chat
    replies: tuple[Reply, ...] = field(default=())
    requests: tuple[Request, ...] = field(default=())


def go(state: State, *replies: Reply, requests: tuple[Request, ...] = ()) -> Outcome:
    """Say it in one line: the next state, the replies, the requests."""
    return Outcome(state=state, replies=replies, requests=requests)


def ask(state: State, *replies: Reply, requests: tuple[Request, ...] = ()) -> Outcome:
    """Say it in one line: the next state, the replies, then its question; the shorter one where the state stays."""
    return Outcome(state=state, replies=replies, requests=requests, asks=True)
