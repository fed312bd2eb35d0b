"""A person with a telephone: what tests let people do in a private chat with a bot."""

import asyncio
from dataclasses import dataclass, field

from tests.botapi.entities import found
from tests.botapi.files import MediaKind
from tests.botapi.hub import BotAccount, Hub, Press
from tests.botapi.messages import SIZES
from tests.botapi.model import Access, Account, Json, Membership, Message, PrivateRoom, Standing
from tests.botapi.seen import PATIENCE, Look, Seen, on_screen, until

GUESSED_TYPES = {
    MediaKind.PHOTO: ("photo.jpg", "image/jpeg"),
    MediaKind.DOCUMENT: ("letter.pdf", "application/pdf"),
    MediaKind.VOICE: ("voice.ogg", "audio/ogg"),
    MediaKind.VIDEO: ("video.mp4", "video/mp4"),
    MediaKind.AUDIO: ("song.mp3", "audio/mpeg"),
    MediaKind.STICKER: ("sticker.webp", "image/webp"),
}


@dataclass(kw_only=True)
class Pressed:
    """A press, for a test to look at. answer: None while the bot has not answered it."""

    hub: Hub
    press: Press

    @property
    def answer(self) -> str | None:
        """The words of the answer."""
        return self.press.answer

    def expire(self) -> None:
        """Let the time for an answer run out."""
        self.press.is_expired = True

    async def until_answered(self, seconds: float = PATIENCE) -> str:
        """Wait for the answer; gives its words."""
        async with asyncio.timeout(seconds):
            while self.press.answer is None:
                await self.hub.next_change()
        return self.press.answer


@dataclass(kw_only=True)
class Person:
    """Somebody with a telephone. Each act is at once known to the bot; `until_sees` looks at what came since."""

    hub: Hub
    account: Account
    bot: BotAccount | None = None
    marks: dict[int, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The account's id, which is the private chat's id as well."""
        return self.account.id

    @property
    def room(self) -> PrivateRoom:
        """The chat with the bot talked with last."""
        if self.bot is None:
            raise AssertionError("start a bot first")
        return self.hub.private_room(self.bot, self.account)

    def talk_to(self, bot: BotAccount) -> None:
        """Turn to a bot that was started before."""
        self.bot = bot

    def start(self, bot: BotAccount, payload: str = "") -> Message:
        """Open a bot's link (t.me/<bot>?start=<payload>) and tap "Start"."""
        self.bot = bot
        self.room.is_open = True
        if self.room.is_blocked:
            self.unblock()
        return self.write(f"/start {payload}".rstrip())

    def write(self, text: str, reply_to: int | None = None) -> Message:
        """Write a text. reply_to: the id of the message that is answered."""
        entities = found(text)
        return self._say(
            {"text": text} | ({"entities": entities} if entities else {}),
            reply_to=self.room.messages.get(reply_to) if reply_to is not None else None,
        )

    def edit(self, message: Message, text: str) -> None:
        """Change what was written."""
        self._remember()
        message.content = message.content | {"caption" if message.file else "text": text}
        self.hub.edit_message(message)

    def forward(self, text: str, of: Account | None = None) -> Message:
        """Send on what somebody else wrote; of: None hides who."""
        origin: Json = {"date": self.hub.seconds() - 60}
        origin |= (
            {"type": "user", "sender_user": of.shown()}
            if of
            else {"type": "hidden_user", "sender_user_name": "Somebody"}
        )
        return self._say({"text": text}, forward_origin=origin)

    def press(self, label: str, message: Message | Seen | None = None) -> Pressed:
        """Press a button under a message; message: the newest that has it."""
        target, data = self._button(label, message)
        return self.press_data(target, data)

    def press_data(self, message: Message, data: str) -> Pressed:
        """Press with data of one's own making, as a forger would."""
        assert self.bot is not None
        self._remember()
        press = self.hub.new_press(self.account, message, data)
        body = {
            "id": press.id,
            "from": self.account.shown(),
            "message": message.shown(self.bot.id, self.hub.shelf),
            "chat_instance": str(message.room.id),
            "data": data,
        }
        self.hub.tell(self.bot, "callback_query", body)
        return Pressed(hub=self.hub, press=press)

    def _button(self, label: str, message: Message | Seen | None) -> tuple[Message, str]:
        if isinstance(message, Seen):
            message = message.message
        among = (
            [message] if message is not None else sorted(self.room.messages.values(), key=lambda each: -each.version)
        )
        for each in among:
            if each.access is Access.DELETED:
                continue
            for row in (each.markup or {}).get("inline_keyboard", ()):
                for button in row:
                    if button["text"] == label and "callback_data" in button:
                        return each, button["callback_data"]
        raise AssertionError(f"no button {label!r}; there are {[each.buttons for each in self.sees()]}")

    def tap(self, label: str) -> Message:
        """Tap a button of the keyboard below the input field, which writes its label or shares the phone."""
        for button in self.keyboard():
            if button == label or (isinstance(button, dict) and button["text"] == label):
                asks_phone = isinstance(button, dict) and button.get("request_contact")
                return self.share_phone() if asks_phone else self.write(label)
        raise AssertionError(f"no key {label!r}; there are {self.keyboard()}")

    def keyboard(self) -> list[Json | str]:
        """List the keys below the input field."""
        for message in sorted(self.room.messages.values(), key=lambda each: -each.id):
            markup = message.markup or {}
            if "remove_keyboard" in markup:
                return []
            if "keyboard" in markup:
                return [button for row in markup["keyboard"] for button in row]
        return []

    def share_phone(self) -> Message:
        """Share the own phone by the key that asks for it."""
        assert any(isinstance(key, dict) and key.get("request_contact") for key in self.keyboard()), "nobody asked"
        return self.share_contact(self.account)

    def share_contact(self, whose: Account, forwarded_from: Account | None = None) -> Message:
        """Send a contact card, one's own or another's, or one that somebody else had sent."""
        card = {"phone_number": whose.phone or "+32470000000", "first_name": whose.first_name, "user_id": whose.id}
        origin: Json | None = None
        if forwarded_from is not None:
            origin = {"type": "user", "date": self.hub.seconds(), "sender_user": forwarded_from.shown()}
        return self._say({"contact": card}, forward_origin=origin)

    def send(
        self, kind: MediaKind, content: bytes = b"bytes", *, name: str = "", caption: str = "", size: int | None = None
    ) -> Message:
        """Send a file. size: lets it be larger than its content."""
        guessed, media_type = GUESSED_TYPES[kind]
        file = self.hub.shelf.keep(kind, name=name or guessed, media_type=media_type, content=content, size=size)
        return self._say({"caption": caption} if caption else {}, file=file, details=SIZES[kind])

    def send_location(self, latitude: float = 50.85, longitude: float = 4.35) -> Message:
        """Send a place."""
        return self._say({"location": {"latitude": latitude, "longitude": longitude}})

    def block(self) -> None:
        """Block the bot."""
        self._change_standing(Standing.KICKED)

    def unblock(self) -> None:
        """Let the bot write again."""
        self._change_standing(Standing.MEMBER)

    def _change_standing(self, standing: Standing) -> None:
        assert self.bot is not None
        before = Standing.KICKED if self.room.is_blocked else Standing.MEMBER
        self.room.is_blocked = standing is Standing.KICKED
        body = {
            "chat": self.room.shown(),
            "from": self.account.shown(),
            "date": self.hub.seconds(),
            "old_chat_member": Membership(account=self.bot.account, standing=before).shown(),
            "new_chat_member": Membership(account=self.bot.account, standing=standing).shown(),
        }
        self.hub.tell(self.bot, "my_chat_member", body)

    def delete_account(self) -> None:
        """Leave the messenger for good; no bot is told."""
        self.account.is_deactivated = True

    def delete(self, message: Message | Seen) -> None:
        """Delete a message; the bot is not told."""
        (message.message if isinstance(message, Seen) else message).access = Access.DELETED

    def forget_history(self) -> None:
        """Let all messages so far be too old for the bot to see: presses come with an inaccessible message."""
        for message in self.room.messages.values():
            message.access = Access.INACCESSIBLE

    def sees(self) -> tuple[Seen, ...]:
        """List what the chat with the bot shows, oldest first."""
        return on_screen(self.room.messages.values())

    def news(self) -> tuple[Seen, ...]:
        """List what the bot wrote or changed since the person's last act."""
        return tuple(each for each in self.sees() if each.by_bot and each.message.version > self.mark)

    @property
    def mark(self) -> int:
        """The version of the messenger at the last act in this chat."""
        return self.marks.get(id(self.room), 0)

    async def until_sees(self, text: str | None = None, seconds: float = PATIENCE) -> Seen:
        """Wait for a message of the bot, new or changed since the last act, with `text` in it (None: any)."""
        look = Look(messages=self.room.messages, text=text, after=self.mark)
        return await until(self.hub, look, text or "anything new", seconds)

    def _remember(self) -> None:
        self.marks[id(self.room)] = self.hub.version

    def _say(self, content: Json, **more: object) -> Message:
        if self.room.is_blocked:
            raise AssertionError("unblock the bot first")
        message = Message(
            id=next(self.room.ids),
            room=self.room,
            sender=self.account,
            date=self.hub.seconds(),
            content=content,
            **more,  # type: ignore[arg-type]  # fields of Message, as each act names them
        )
        self.hub.add_message(message)
        self._remember()
        return message
