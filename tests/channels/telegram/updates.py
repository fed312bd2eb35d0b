"""Updates of plainly synthetic people, as Telegram writes them."""

from itertools import count
from typing import Any

from tests.channels.telegram.scripted import BOT_ID, BOT_NAME

PERSON = 501
GROUP = -1001
AT = 1_790_000_000

RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)

_ids = count(1)


def private(person: int = PERSON) -> dict[str, Any]:
    """A private chat."""
    return {"id": person, "type": "private", "first_name": "Synthetic"}


def group() -> dict[str, Any]:
    """A group."""
    return {"id": GROUP, "type": "supergroup", "title": "Synthetic group"}


def user(person: int = PERSON, language: str | None = "fr") -> dict[str, Any]:
    """Somebody; language: what their Telegram is set to."""
    told = {} if language is None else {"language_code": language}
    return {"id": person, "is_bot": False, "first_name": "Synthetic", **told}


def bot() -> dict[str, Any]:
    """Our bot, as a sender."""
    return {"id": BOT_ID, "is_bot": True, "first_name": "Recare", "username": BOT_NAME}


def update(kind: str, event: dict[str, Any]) -> dict[str, Any]:
    """An update with a number of its own."""
    return {"update_id": next(_ids), kind: event}


def message(kind: str = "message", **content: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A message in the private chat, or wherever `chat` says."""
    return update(kind, {"message_id": 77, "date": AT, "chat": private(), "from": user(), **content})


def question(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A question of ours with two buttons."""
    rows = [
        [{"text": "Tue 24 Nov, 9:30", "callback_data": "1:slot:0:4"}],
        [{"text": "Other", "callback_data": "1:other:0:4"}],
    ]
    asked = {
        "message_id": 70,
        "date": AT,
        "chat": private(),
        "from": bot(),
        "text": "Which suits you?",
        "reply_markup": {"inline_keyboard": rows},
    }
    return {name: value for name, value in (asked | changed).items() if value is not None}


def tap(data: str | None = "1:slot:0:4", *, by: int = PERSON, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A tap on a button."""
    query = {"id": "9", "from": user(by), "chat_instance": "3", "data": data, "message": question(), **changed}
    return update("callback_query", {name: value for name, value in query.items() if value is not None})


def membership(chat: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    """What became of our bot in a chat."""

    def member(status: str) -> dict[str, Any]:
        more: dict[str, Any] = {"until_date": 0} if status == "kicked" else {}
        if status == "administrator":
            more = dict.fromkeys(RIGHTS, False)
        return {"user": bot(), "status": status, **more}

    change = {
        "chat": chat,
        "from": user(),
        "date": AT,
        "old_chat_member": member(before),
        "new_chat_member": member(after),
    }
    return update("my_chat_member", change)
