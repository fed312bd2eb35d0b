"""How the Bot API says no: the error answers a bot must know what to do with.

The descriptions are the protocol's own, since bots tell errors apart by them.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True, eq=False)
class ApiError(Exception):
    """An error answer. parameters: as in ResponseParameters."""

    code: int
    description: str
    parameters: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.description

    def answer(self) -> dict[str, Any]:
        """Give the answer's body."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(what: str) -> ApiError:
    """Say that a request cannot be carried out."""
    return ApiError(code=400, description=f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """Say that a bot may not do this."""
    return ApiError(code=403, description=f"Forbidden: {what}")


def too_many(seconds: int) -> ApiError:
    """Ask to wait."""
    return ApiError(
        code=429, description=f"Too Many Requests: retry after {seconds}", parameters={"retry_after": seconds}
    )


def migrated(chat_id: int) -> ApiError:
    """Tell the id of the supergroup that a group became."""
    return ApiError(
        code=400,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": chat_id},
    )


UNAUTHORIZED = ApiError(code=401, description="Unauthorized")
NO_SUCH_METHOD = ApiError(code=404, description="Not Found: method not found")
POLLED_ELSEWHERE = ApiError(
    code=409,
    description="Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK_CAME = ApiError(code=409, description="Conflict: terminated by setWebhook request")
WEBHOOK_IS_SET = ApiError(
    code=409,
    description="Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first",
)
TOO_LARGE = ApiError(code=413, description="Request Entity Too Large")

BLOCKED = forbidden("bot was blocked by the user")
DEACTIVATED = forbidden("user is deactivated")
CANNOT_WRITE_TO_USER = forbidden("bot can't send messages to the user")
NEVER_STARTED = forbidden("bot can't initiate conversation with a user")
KICKED = forbidden("bot was kicked from the supergroup chat")
NO_MEMBER = forbidden("bot is not a member of the supergroup chat")

CHAT_NOT_FOUND = bad_request("chat not found")
THREAD_NOT_FOUND = bad_request("message thread not found")
TOPIC_CLOSED = bad_request("TOPIC_CLOSED")
TOPIC_DELETED = bad_request("TOPIC_DELETED")
TOPIC_UNKNOWN = bad_request("TOPIC_ID_INVALID")
TOPIC_NOT_MODIFIED = bad_request("TOPIC_NOT_MODIFIED")
NO_FORUM = bad_request("the chat is not a forum")
NO_RIGHT_TO_CREATE_TOPIC = bad_request("not enough rights to create a topic")
NO_RIGHT_TO_EDIT_TOPIC = bad_request("not enough rights to edit the topic")
NO_RIGHT_TO_CLOSE_TOPIC = bad_request("not enough rights to close or open the topic")
NO_RIGHT_TO_WRITE = bad_request("not enough rights to send text messages to the chat")
MESSAGE_IS_EMPTY = bad_request("message text is empty")
MESSAGE_TOO_LONG = bad_request("message is too long")
CAPTION_TOO_LONG = bad_request("message caption is too long")
NOT_MODIFIED = bad_request(
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
NOTHING_TO_EDIT = bad_request("message to edit not found")
CANNOT_EDIT = bad_request("message can't be edited")
NO_TEXT_TO_EDIT = bad_request("there is no text in the message to edit")
NO_CAPTION_TO_EDIT = bad_request("there is no caption in the message to edit")
NOTHING_TO_DELETE = bad_request("message to delete not found")
CANNOT_DELETE = bad_request("message can't be deleted")
NOTHING_TO_COPY = bad_request("message to copy not found")
NOTHING_TO_FORWARD = bad_request("message to forward not found")
PROTECTED = bad_request("message can't be forwarded")
CANNOT_COPY = bad_request("the message can't be copied")
NOTHING_TO_REPLY_TO = bad_request("message to be replied not found")
QUERY_TOO_OLD = bad_request("query is too old and response timeout expired or query ID is invalid")
WRONG_FILE = bad_request("wrong file identifier/HTTP URL specified")
INVALID_FILE_ID = bad_request("invalid file_id")
FILE_TOO_BIG = bad_request("file is too big")
PHONE_IN_PRIVATE = bad_request("phone number can be requested in private chats only")
PLACE_IN_PRIVATE = bad_request("location can be requested in private chats only")
APP_IN_PRIVATE = bad_request("BUTTON_TYPE_INVALID")
WEBHOOK_PORT = bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
NO_MEMBER_FOUND = bad_request("member not found")
