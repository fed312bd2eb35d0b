"""What people see on their telephones, and waiting until they see it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from tests.botapi.hub import Hub
from tests.botapi.model import Access, Message, Topic

PATIENCE = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A message as somebody sees it. buttons: labels under the message; keyboard: labels below the input field."""

    id: int
    text: str
    by: str
    by_bot: bool
    buttons: tuple[str, ...]
    keyboard: tuple[str, ...]
    file: str | None
    place: str | None
    is_edited: bool
    message: Message


def seen(message: Message) -> Seen:
    """Look at a message."""
    markup = message.markup or {}
    venue = message.content.get("venue")
    return Seen(
        id=message.id,
        text=message.text,
        by=message.sender.username or message.sender.first_name,
        by_bot=message.sender.is_bot,
        buttons=tuple(button["text"] for row in markup.get("inline_keyboard", ()) for button in row),
        keyboard=tuple(
            button if isinstance(button, str) else button["text"]
            for row in markup.get("keyboard", ())
            for button in row
        ),
        file=message.file.name if message.file else None,
        place=venue["title"] if venue else None,
        is_edited=message.edited_at is not None,
        message=message,
    )


def on_screen(messages: Iterable[Message]) -> tuple[Seen, ...]:
    """List what can be seen, oldest first."""
    return tuple(seen(each) for each in messages if each.access is not Access.DELETED)


async def until(hub: Hub, look: "Look", what: str, seconds: float) -> Seen:
    """Wait until a look finds something. Raises AssertionError with all that is on the screen if it does not."""
    try:
        async with asyncio.timeout(seconds):
            while (found := look.newest()) is None:
                await hub.next_change()
            return found
    except TimeoutError:
        shown = "\n".join(f"  {each.by}: {each.text!r} {each.buttons}" for each in look.all())
        raise AssertionError(f"never saw {what!r}; on the screen:\n{shown or '  nothing'}") from None


@dataclass(kw_only=True)
class Look:
    """A look at a room for something new of a bot. after: the version it must be newer than."""

    messages: dict[int, Message]
    text: str | None
    after: int
    topic: Topic | None = None

    def all(self) -> tuple[Seen, ...]:
        """List what there is."""
        return on_screen(each for each in self.messages.values() if self.topic is None or each.topic is self.topic)

    def newest(self) -> Seen | None:
        """Find the newest that fits."""
        fitting = [
            each
            for each in self.all()
            if each.by_bot and each.message.version > self.after and (self.text is None or self.text in each.text)
        ]
        return max(fitting, key=lambda each: each.message.version, default=None)
