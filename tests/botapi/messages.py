"""Messages as bots send, edit, copy, forward and delete them."""

from tests.botapi import errors
from tests.botapi.entities import UnreadableFormatError, formatted
from tests.botapi.files import MOST_UPLOADED, MOST_UPLOADED_PHOTO, MediaKind, StoredFile
from tests.botapi.handling import handles, must_be_open
from tests.botapi.hub import BotAccount, Hub
from tests.botapi.model import GroupRoom, Json, Message, Right, Room, Topic
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
