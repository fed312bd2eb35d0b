"""Chats, groups with their members, and topics, as bots ask for them and change them."""

import secrets

from tests.botapi import errors
from tests.botapi.handling import handles
from tests.botapi.hub import BotAccount, Hub
from tests.botapi.model import (
    Account,
    GroupRoom,
    Json,
    Membership,
    Message,
    PrivateRoom,
    Right,
    Room,
    RoomKind,
    Standing,
    Topic,
)

ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
TOPIC_ICONS = {
    "5417915203100613993": "💬",
    "5377544228505134960": "📣",
    "5312536423851630001": "💡",
    "5237699328843200968": "✅",
    "5379748062124056162": "❗️",
    "5377316857231450742": "❓",
    "5348436127038579546": "📌",
    "5418085807791545980": "📆",
    "5370900768796711127": "⭐️",
    "5310262535021142850": "🦷",
}


@handles("getChat")
def get_chat(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Tell about a chat."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more = {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }  # the value of each key
    chat_id = params["chat_id"]
    person = hub.people.get(chat_id) if isinstance(chat_id, int) else None
    # Reading about a person who blocked the bot is allowed; about one who never wrote it is not.
    known = person is not None and hub.private_room(bot, person).is_open
    room: Room = hub.private_room(bot, person) if person is not None and known else hub.room_for(bot, chat_id)
    return room.shown() | more


@handles("getChatMember")
def get_chat_member(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Tell how somebody stands in a group."""
    group = group_for(hub, bot, params)
    member = group.members.get(params["user_id"])
    if member is not None:
        return member.shown()
    if (person := hub.people.get(params["user_id"])) is None:
        raise errors.NO_MEMBER_FOUND
    return group.membership(person).shown()


@handles("getChatAdministrators")
def get_administrators(hub: Hub, bot: BotAccount, params: Json) -> list[Json]:
    """List the administrators, other bots left out."""
    members = group_for(hub, bot, params).members.values()
    return [
        each.shown()
        for each in members
        if each.standing in {Standing.CREATOR, Standing.ADMINISTRATOR}
        and (not each.account.is_bot or each.account is bot.account)
    ]


@handles("getChatMemberCount")
def get_member_count(hub: Hub, bot: BotAccount, params: Json) -> int:
    """Count the members."""
    members = group_for(hub, bot, params).members.values()
    return sum(each.standing not in {Standing.LEFT, Standing.KICKED} for each in members)


@handles("leaveChat")
def leave_chat(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Leave a group."""
    group_for(hub, bot, params).members.pop(bot.id, None)
    return True


def group_for(hub: Hub, bot: BotAccount, params: Json) -> GroupRoom:
    """Find the group a bot names. Raises ApiError."""
    room = hub.room_for(bot, params["chat_id"])
    if isinstance(room, PrivateRoom) or not isinstance(room, GroupRoom):
        raise errors.bad_request("method is available only for supergroups")
    return room


def forum_for(hub: Hub, bot: BotAccount, params: Json) -> GroupRoom:
    """Find the forum a bot names. Raises ApiError."""
    room = hub.room_for(bot, params["chat_id"])
    if not isinstance(room, GroupRoom) or room.kind is not RoomKind.SUPERGROUP or not room.is_forum:
        raise errors.NO_FORUM
    return room


def serve_notice(hub: Hub, group: GroupRoom, by: Account, topic: Topic | None, content: Json) -> Message:
    """Post what a messenger says by itself: a topic was made, closed, ..."""
    message = Message(
        id=topic.id if topic is not None and "forum_topic_created" in content else next(group.ids),
        room=group,
        sender=by,
        date=hub.seconds(),
        content=content,
        topic=topic,
    )
    return hub.add_message(message)


def new_topic(hub: Hub, group: GroupRoom, by: Account, name: str, color: int | None, icon: str) -> Topic:
    """Make a topic."""
    color = color or ICON_COLORS[len(group.topics) % len(ICON_COLORS)]
    topic = Topic(id=next(group.ids), name=name, icon_color=color, icon_custom_emoji_id=icon, created_by=by)
    group.topics[topic.id] = topic
    content = topic.shown()
    content.pop("message_thread_id")
    serve_notice(hub, group, by, topic, {"forum_topic_created": content})
    return topic


@handles("createForumTopic")
def create_topic(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Make a topic."""
    group = forum_for(hub, bot, params)
    if not group.membership(bot.account).may(Right.MANAGE_TOPICS):
        raise errors.NO_RIGHT_TO_CREATE_TOPIC
    if params.get("icon_color") not in {None, 0, *ICON_COLORS}:
        raise errors.bad_request("TOPIC_ICON_COLOR_INVALID")
    icon = _icon(params)
    if hub.limits is not None:
        hub.limits.count(bot.id, group.id)
    return new_topic(hub, group, bot.account, params["name"], params.get("icon_color"), icon).shown()


def _icon(params: Json) -> str:
    icon = str(params.get("icon_custom_emoji_id", ""))
    if icon and icon not in TOPIC_ICONS:
        raise errors.bad_request("DOCUMENT_INVALID")
    return icon


def _topic_for(hub: Hub, bot: BotAccount, params: Json, refusal: errors.ApiError) -> tuple[GroupRoom, Topic]:
    group = forum_for(hub, bot, params)
    topic = group.topics.get(params["message_thread_id"])
    if topic is None or topic.is_deleted:
        raise errors.TOPIC_UNKNOWN
    if not group.membership(bot.account).may(Right.MANAGE_TOPICS) and topic.created_by is not bot.account:
        raise refusal
    return group, topic


@handles("editForumTopic")
def edit_topic(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Change a topic's name and icon."""
    group, topic = _topic_for(hub, bot, params, errors.NO_RIGHT_TO_EDIT_TOPIC)
    change: Json = {}
    if params.get("name") and params["name"] != topic.name:
        change["name"] = params["name"]
    if "icon_custom_emoji_id" in params and _icon(params) != topic.icon_custom_emoji_id:
        change["icon_custom_emoji_id"] = params["icon_custom_emoji_id"]
    if not change:
        raise errors.TOPIC_NOT_MODIFIED
    topic.name = change.get("name", topic.name)
    topic.icon_custom_emoji_id = change.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
    serve_notice(hub, group, bot.account, topic, {"forum_topic_edited": change})
    return True


@handles("closeForumTopic", "reopenForumTopic")
def close_or_reopen_topic(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Close a topic, or open it again."""
    group, topic = _topic_for(hub, bot, params, errors.NO_RIGHT_TO_CLOSE_TOPIC)
    closes = params["_method"] == "closeforumtopic"
    if topic.is_closed == closes:
        raise errors.TOPIC_NOT_MODIFIED
    topic.is_closed = closes
    serve_notice(hub, group, bot.account, topic, {"forum_topic_closed" if closes else "forum_topic_reopened": {}})
    return True


@handles("deleteForumTopic")
def delete_topic(hub: Hub, bot: BotAccount, params: Json) -> bool:
    """Delete a topic with all that was said there; nobody is told."""
    group, topic = _topic_for(hub, bot, params, errors.bad_request("not enough rights to delete the topic"))
    forget_topic(group, topic)
    hub.changed()
    return True


def forget_topic(group: GroupRoom, topic: Topic) -> None:
    """Take a topic away, and its messages."""
    topic.is_deleted = True
    for message_id in [each.id for each in group.messages.values() if each.topic is topic]:
        del group.messages[message_id]


@handles("getForumTopicIconStickers")
def get_topic_icons(hub: Hub, bot: BotAccount, params: Json) -> list[Json]:  # noqa: ARG001  # every handler takes the same
    """List the icons that anybody may give a topic."""
    common = {"type": "custom_emoji", "width": 100, "height": 100, "is_animated": True, "is_video": False}
    return [
        common | {"file_id": f"icon{place}", "file_unique_id": f"i{place}", "emoji": emoji, "custom_emoji_id": icon}
        for place, (icon, emoji) in enumerate(TOPIC_ICONS.items())
    ]


def join(
    hub: Hub, group: GroupRoom, bot: BotAccount, standing: Standing, rights: frozenset[Right], by: Account
) -> None:
    """Let a bot stand otherwise in a group, and tell it."""
    old = group.membership(bot.account)
    new = Membership(account=bot.account, standing=standing, rights=rights)
    group.members[bot.id] = new
    body = {
        "chat": group.shown(),
        "from": by.shown(),
        "date": hub.seconds(),
        "old_chat_member": old.shown(),
        "new_chat_member": new.shown(),
    }
    hub.tell(bot, "my_chat_member", body)


def new_token(bot_id: int) -> str:
    """Make a token that looks like one."""
    return f"{bot_id}:{secrets.token_urlsafe(26)[:35]:A<35}"
