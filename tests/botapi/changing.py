"""What bots do with messages that are there: edit, delete, mark; and answer presses on their buttons."""

from tests.botapi import errors
from tests.botapi.files import MediaKind, StoredFile
from tests.botapi.handling import handles, must_be_open
from tests.botapi.hub import BotAccount, Hub
from tests.botapi.messages import SIZES, read_caption, read_file, read_text
from tests.botapi.model import Access, GroupRoom, Json, Right


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
