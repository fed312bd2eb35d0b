"""Messages as bots send, edit, copy, forward and delete them."""

from tests.botapi import errors
from tests.botapi.entities import UnreadableFormatError, formatted
from tests.botapi.files import MOST_UPLOADED, MOST_UPLOADED_PHOTO, MediaKind, StoredFile
from tests.botapi.hub import BotAccount, Hub, handles, must_be_open
from tests.botapi.model import Access, GroupRoom, Json, Message, Right, Room, Topic
from tests.botapi.schema import Upload

GENERAL_TOPIC = 1
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
NOT_COPIED = frozenset({"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"})
SIZES: dict[MediaKind, Json] = {
    MediaKind.PHOTO: {"width": 640, "height": 480},
    MediaKind.VIDEO: {"width": 640, "height": 480, "duration": 1},
    MediaKind.VOICE: {"duration": 1},
    MediaKind.AUDIO: {"duration": 1},
    MediaKind.STICKER: {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False},
    MediaKind.DOCUMENT: {},
}


def read_text(params: Json) -> Json:
    """Read the text of a message and its entities. Raises ApiError."""
    try:
        text, entities = formatted(params, params["text"], "entities")
    except UnreadableFormatError as error:
        raise errors.bad_request(str(error)) from error
    if not text.strip():
        raise errors.MESSAGE_IS_EMPTY
    if len(text) > LONGEST_TEXT:
        raise errors.MESSAGE_TOO_LONG
    return {"text": text} | ({"entities": entities} if entities else {})


def read_caption(params: Json) -> Json:
    """Read the caption of a file and its entities. Raises ApiError."""
    if not params.get("caption"):
        return {}
    try:
        text, entities = formatted(params, params["caption"], "caption_entities")
    except UnreadableFormatError as error:
        raise errors.bad_request(str(error)) from error
    if len(text) > LONGEST_CAPTION:
        raise errors.CAPTION_TOO_LONG
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def read_file(hub: Hub, bot: BotAccount, kind: MediaKind, given: object) -> StoredFile:
    """Take an upload, or find a file that this bot knows. Raises ApiError."""
    if isinstance(given, Upload):
        most = MOST_UPLOADED_PHOTO if kind is MediaKind.PHOTO else MOST_UPLOADED
        if len(given.content) > most:
            raise errors.TOO_LARGE
        if not given.content:
            raise errors.bad_request("file must be non-empty")
        return hub.shelf.keep(kind, name=given.name, media_type=given.media_type, content=given.content)
    known = hub.shelf.find(bot.id, str(given))
    if known is None:
        raise errors.WRONG_FILE
    return known


def topic_of(bot: BotAccount, room: Room, thread: int | None) -> Topic | None:
    """Find the topic a message goes to; None where there are no topics, or in the general one. Raises ApiError."""
    if not isinstance(room, GroupRoom) or thread is None or not room.is_forum:
        return None
    topic = room.topics.get(thread)
    if thread == GENERAL_TOPIC or topic is None or topic.is_deleted:
        raise errors.THREAD_NOT_FOUND
    if topic.is_closed and not room.membership(bot.account).may(Right.MANAGE_TOPICS):
        raise errors.TOPIC_CLOSED
    return topic


def replied_to(room: Room, params: Json) -> Message | None:
    """Find the message that is answered. Raises ApiError."""
    wanted = params.get("reply_parameters")
    if not wanted:
        return None
    found = room.open_message(wanted["message_id"])
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise errors.NOTHING_TO_REPLY_TO
    return found


def post(
    hub: Hub, bot: BotAccount, params: Json, content: Json, file: StoredFile | None = None, details: Json | None = None
) -> Message:
    """Put a bot's message where its parameters say. Raises ApiError."""
    room = hub.room_for(bot, params["chat_id"])
    if hub.limits is not None:
        hub.limits.count(bot.id, room.id)
    topic = topic_of(bot, room, params.get("message_thread_id"))
    message = Message(
        id=next(room.ids),
        room=room,
        sender=bot.account,
        date=hub.seconds(),
        content=content,
        file=file,
        details=details or {},
        topic=topic,
        markup=params.get("reply_markup"),
        reply_to=replied_to(room, params),
        is_protected=bool(params.get("protect_content")),
    )
    return hub.add_message(message)


@handles("sendMessage")
def send_message(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Send a text."""
    return post(hub, bot, params, read_text(params)).shown(bot.id, hub.shelf)


def send_file(hub: Hub, bot: BotAccount, params: Json, kind: MediaKind) -> Json:
    """Send a file of some kind."""
    file = read_file(hub, bot, kind, params[kind.value])
    return post(hub, bot, params, read_caption(params), file, SIZES[kind]).shown(bot.id, hub.shelf)


@handles(*(f"send{kind.value}" for kind in MediaKind))
def send_file_of_kind(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Send a file of the kind that the method's name ends with."""
    return send_file(hub, bot, params, MediaKind(params["_method"].removeprefix("send")))


@handles("sendVenue")
def send_venue(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Send a place with its name."""
    location = {"latitude": params["latitude"], "longitude": params["longitude"]}
    venue = {"location": location, "title": params["title"], "address": params["address"]}
    return post(hub, bot, params, {"venue": venue, "location": location}).shown(bot.id, hub.shelf)


@handles("sendLocation")
def send_location(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Send a place."""
    location = {"latitude": params["latitude"], "longitude": params["longitude"]}
    return post(hub, bot, params, {"location": location}).shown(bot.id, hub.shelf)


@handles("sendContact")
def send_contact(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Send a contact."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: params[name] for name in names if name in params}
    return post(hub, bot, params, {"contact": contact}).shown(bot.id, hub.shelf)


@handles("sendChatAction")
def send_chat_action(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Show that the bot is busy."""
    topic_of(bot, hub.room_for(bot, params["chat_id"]), params.get("message_thread_id"))
    return True


@handles("copyMessage")
def copy_message(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Send a message again without its origin."""
    source = must_be_open(
        hub.room_for(bot, params["from_chat_id"]).messages.get(params["message_id"]), errors.NOTHING_TO_COPY
    )
    if source.is_protected or NOT_COPIED & source.content.keys():
        raise errors.CANNOT_COPY
    content = read_caption(params) if source.file and "caption" in params else dict(source.content)
    return {"message_id": post(hub, bot, params, content, source.file, source.details).id}


@handles("forwardMessage")
def forward_message(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Send a message on, with its origin."""
    room = hub.room_for(bot, params["from_chat_id"])
    source = must_be_open(room.messages.get(params["message_id"]), errors.NOTHING_TO_FORWARD)
    if source.is_protected:
        raise errors.PROTECTED
    message = post(hub, bot, params, dict(source.content), source.file, source.details)
    message.forward_origin = {"type": "user", "date": source.date, "sender_user": source.sender.shown()}
    return message.shown(bot.id, hub.shelf)


def edit(hub: Hub, bot: BotAccount, params: Json, content: Json | None, file: StoredFile | None = None) -> Json:
    """Change a bot's own message. content: None leaves it as it is. Raises ApiError."""
    if "chat_id" not in params or "message_id" not in params:
        raise errors.bad_request("message identifier is not specified")
    room = hub.room_for(bot, params["chat_id"])
    message = must_be_open(room.messages.get(params["message_id"]), errors.NOTHING_TO_EDIT)
    if message.sender is not bot.account:
        raise errors.CANNOT_EDIT
    markup = params.get("reply_markup")
    if markup == {"inline_keyboard": []}:
        markup = None
    new_content = message.content if content is None else content
    if new_content == message.content and markup == message.markup and file is None:
        raise errors.NOT_MODIFIED
    message.content, message.markup = new_content, markup
    if file is not None:
        message.file, message.details = file, SIZES[file.kind]
    hub.edit_message(message)
    return message.shown(bot.id, hub.shelf)


@handles("editMessageText")
def edit_text(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Change a text."""
    _must_have(hub, bot, params, "text", errors.NO_TEXT_TO_EDIT)
    return edit(hub, bot, params, read_text(params))


@handles("editMessageCaption")
def edit_caption(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Change a caption."""
    _must_have(hub, bot, params, "caption", errors.NO_CAPTION_TO_EDIT)
    return edit(hub, bot, params, read_caption(params))


@handles("editMessageReplyMarkup")
def edit_markup(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Change the buttons."""
    return edit(hub, bot, params, None)


@handles("editMessageMedia")
def edit_media(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Change the file."""
    media = params["media"]
    file = read_file(hub, bot, MediaKind(media["type"]), media["media"])
    return edit(hub, bot, params, read_caption(media), file)


def _must_have(hub: Hub, bot: BotAccount, params: Json, part: str, otherwise: errors.ApiError) -> None:
    if "chat_id" not in params or "message_id" not in params:
        raise errors.bad_request("message identifier is not specified")
    message = hub.room_for(bot, params["chat_id"]).open_message(params["message_id"])
    if message is not None and message.sender is bot.account:
        has_part = message.file is not None if part == "caption" else part in message.content
        if not has_part:
            raise otherwise


@handles("deleteMessage")
def delete_message(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Delete a message."""
    room = hub.room_for(bot, params["chat_id"])
    message = must_be_open(room.messages.get(params["message_id"]), errors.NOTHING_TO_DELETE)
    foreign = message.sender is not bot.account
    if foreign and isinstance(room, GroupRoom) and not room.membership(bot.account).may(Right.DELETE_MESSAGES):
        raise errors.CANNOT_DELETE
    message.access = Access.DELETED
    hub.changed()
    return True


@handles("deleteMessages")
def delete_messages(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Delete messages; those that cannot be found are skipped."""
    room = hub.room_for(bot, params["chat_id"])
    for message_id in params["message_ids"]:
        if room.open_message(message_id) is not None:
            delete_message(hub, bot, {"chat_id": params["chat_id"], "message_id": message_id})
    return True


@handles("answerCallbackQuery")
def answer_press(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Answer a press on a button; once, and in time."""
    press = hub.presses.get(params["callback_query_id"])
    foreign = press is None or press.message.sender is not bot.account
    if press is None or foreign or press.answer is not None or press.is_expired:
        raise errors.QUERY_TOO_OLD
    press.answer = params.get("text", "")
    press.is_alert = bool(params.get("show_alert"))
    hub.changed()
    return True


@handles("setMessageReaction", "pinChatMessage", "unpinChatMessage")
def mark_message(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """React to a message, or pin it: there must be such a message, no more is kept."""
    room = hub.room_for(bot, params["chat_id"])
    if "message_id" in params and room.open_message(params["message_id"]) is None:
        raise errors.bad_request("message to react not found" if "reaction" in params else "message to pin not found")
    return True
