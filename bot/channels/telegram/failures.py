"""Owns what an error of aiogram means: for a message that was to be sent, and for a call that fetches or sets up.

Invariant: only what surely had no effect is told as such; everything in doubt is unknown.
"""

from collections.abc import Callable
from datetime import timedelta

from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.channels.telegram.wire import NotLeftError
from bot.services.intake_ports import BusyError, IntakeError, OutOfReachError, PolledElsewhereError, TokenRevokedError
from bot.services.ports import (
    AddressClosedError,
    Busy,
    ChannelError,
    NotSentError,
    OutcomeUnknownError,
    RefusedError,
)

UNREACHED_WAIT = timedelta(seconds=5)
BUSY_WAIT = timedelta(seconds=5)
TOKEN_WAIT = timedelta(minutes=5)
FORBIDDEN_WAIT = timedelta(minutes=30)
"""Telegram's "can't send messages to the user" may pass by itself."""

GONE = ("blocked by the user", "user is deactivated", "can't initiate conversation", "bot was kicked", "to bots")
NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "input_user_deactivated")
UNCHANGED = "message is not modified"
NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message",
    "no caption in",
)
NO_PICTURE = ("photo_", "image_process_failed", "wrong type of the web page content")
TOO_OLD = "query is too old"
TOO_MANY = "too many requests"
"""A 429 whose answer does not say how long to wait."""


def says(failure: AiogramError, *words: str) -> bool:
    """Tell whether the server's description holds one of some words (in lower case)."""
    description = str(failure.message).lower() if isinstance(failure, TelegramAPIError) else ""
    return any(word in description for word in words)


def channel_error(failure: AiogramError, refused: Callable[[], Busy]) -> ChannelError:
    """Tell what is known of a message. refused: told that Telegram takes no more, says whom that concerns."""
    match failure:
        case TelegramRetryAfter(retry_after=seconds):
            return NotSentError("busy", wait=timedelta(seconds=seconds), busy=refused())
        case NotLeftError():
            return NotSentError("out_of_reach", wait=UNREACHED_WAIT, busy=Busy.CHANNEL)
        case TelegramUnauthorizedError() | TelegramNotFound():
            return NotSentError("token", wait=TOKEN_WAIT, busy=Busy.CHANNEL)
        case TelegramNetworkError() | TelegramServerError() if not isinstance(failure, TelegramEntityTooLarge):
            return OutcomeUnknownError(type(failure).__name__)
        case TelegramAPIError():
            return _refusal(failure, refused)
        case _:
            return OutcomeUnknownError(type(failure).__name__)


def _refusal(failure: TelegramAPIError, refused: Callable[[], Busy]) -> ChannelError:
    """What Telegram says no to, which surely had no effect."""
    if isinstance(failure, TelegramForbiddenError) and not says(failure, *GONE):
        return NotSentError("forbidden", wait=FORBIDDEN_WAIT)
    if isinstance(failure, TelegramForbiddenError) or says(failure, *NOBODY_THERE):
        return AddressClosedError("closed")
    if says(failure, TOO_MANY):
        return NotSentError("busy", wait=BUSY_WAIT, busy=refused())
    return RefusedError(type(failure).__name__)


def intake_error(failure: AiogramError) -> IntakeError:
    """Tell what a call means to whoever fetches updates or sets the bot up."""
    match failure:
        case TelegramUnauthorizedError() | TelegramNotFound():
            return TokenRevokedError("the messenger does not know the token")
        case TelegramConflictError():
            return PolledElsewhereError("somebody else fetches, or a webhook is set")
        case TelegramRetryAfter(retry_after=seconds):
            return BusyError(timedelta(seconds=seconds))
        case TelegramBadRequest(message=words) | TelegramForbiddenError(message=words):
            return IntakeError(words)
        case _:
            return OutOfReachError(type(failure).__name__)
