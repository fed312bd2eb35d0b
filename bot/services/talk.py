"""What a turn reads and writes of a conversation: the chat and the buttons last shown, as one stored value.

Reading a chat needs every state of the dialogs; importing one of them here brings them all.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.services.ports import OutgoingButton
from flows.dialogs.states import Idle
from flows.engine.state import Chat, UnreadableChatError
from storage.records.talks import ConversationSnapshot

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A conversation's state and the buttons its patient can press now.

    opened: they were greeted when they came. staff_spoke: staff have written to them since they took the chat.
    """

    chat: Chat
    buttons: tuple[OutgoingButton, ...] = ()
    opened: bool = False
    staff_spoke: bool = False

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON-ready data."""
        return {
            "chat": self.chat.to_json(),
            "buttons": [{"label": button.label, "payload": button.payload} for button in self.buttons],
            "opened": self.opened,
            "staff_spoke": self.staff_spoke,
        }

    def after(self, chat: Chat, shown: tuple[OutgoingButton, ...] | None) -> "Talk":
        """The talk once the chat has moved on; `shown`: the buttons of the last reply, None if nothing was said."""
        if shown is None:
            shown = self.buttons if chat.asked == self.chat.asked else ()
        return Talk(chat=chat, buttons=shown, opened=self.opened, staff_spoke=self.staff_spoke)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any] | None) -> "Talk":
        """Read it; nothing stored is a fresh chat, and what this version cannot read begins afresh.

        A chat of an unknown version is led back politely: the question is lost, and whatever the patient says next
        is read on its own. The loss is logged by its kind.
        """
        if raw is None:
            return cls(chat=Chat(state=Idle()))
        opened, staff_spoke = raw.get("opened") is True, raw.get("staff_spoke") is True
        try:
            chat = Chat.from_json(raw.get("chat"))
        except UnreadableChatError as unreadable:
            log.warning("stored chat begins afresh", extra={"why": str(unreadable)})
            return cls(chat=Chat(state=Idle()), opened=opened, staff_spoke=staff_spoke)
        return cls(chat=chat, buttons=read_buttons(raw), opened=opened, staff_spoke=staff_spoke)


def read_buttons(body: Mapping[str, Any]) -> tuple[OutgoingButton, ...]:
    """Read the buttons of a stored body or talk."""
    return tuple(OutgoingButton(label=each["label"], payload=each["payload"]) for each in body.get("buttons", ()))


def read_talk(snapshot: ConversationSnapshot) -> Talk:
    """Read the talk of a snapshot."""
    return Talk.from_json(snapshot.state)
