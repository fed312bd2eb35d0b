"""Says what each failure of the Bot API means for the desk, and what for whoever fetches updates.

Descriptions are those of the Bot API server and of Telegram behind it, compared without regard to case.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus

from telegram.error import TelegramError

from bot.desk.telegram.request import NeverLeftError, RefusedByTelegramError
from bot.services.intake_ports import BusyError, IntakeError, OutOfReachError, PolledElsewhereError, TokenRevokedError
from bot.services.topic_ports import (
    BoardBusyError,
    BoardError,
    BoardNotReachedError,
    BoardRefusedError,
    BoardUnknownError,
    CardGoneError,
    GroupMovedError,
    NoForumError,
    NotAdminError,
    TopicClosedError,
    TopicGoneError,
)

UNREADABLE = (AttributeError, ArithmeticError, LookupError, OSError, RecursionError, TypeError, ValueError)
"""What the library raises over data of another shape than it expects: it checks nothing by itself."""
UNTOLD_WAIT = 5
"""Seconds to wait where somebody on the way asks to, without saying how long."""
NOTHING_TO_CHANGE = ("message is not modified", "message_not_modified", "topic_not_modified")
WORDS: tuple[tuple[type[BoardError], tuple[str, ...]], ...] = (
    (TopicGoneError, ("message thread not found", "topic not found", "topic_id_invalid", "topic_deleted")),
    (TopicClosedError, ("topic_closed",)),
    (NoForumError, ("not a forum", "channel_forum_missing")),
    (
        CardGoneError,
        (
            "message to edit not found",
            "message can't be edited",
            "message_id_invalid",
            "no text in the message to edit",
            "no caption in the message to edit",
        ),
    ),
    (
        NotAdminError,
        (
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "chat_admin_required",
            "write_forbidden",
            "right_forbidden",
            "chat_restricted",
            "chat not found",
            "channel_private",
            "group chat was deactivated",
        ),
    ),
)
TOKEN_UNKNOWN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND})
"""404 is what a token that cannot be one is answered with."""


@contextmanager
def as_board_errors() -> Iterator[None]:
    """Let failures leave as the desk knows them."""
    try:
        yield
    except TelegramError as failure:
        raise board_error(failure) from failure
    except UNREADABLE as strange:
        raise BoardUnknownError(type(strange).__name__) from strange


@contextmanager
def as_errors_of_asking() -> Iterator[None]:
    """Let failures of a question leave as the desk knows them: asking changes nothing, so it may be done again."""
    try:
        with as_board_errors():
            yield
    except BoardUnknownError as lost:
        raise BoardNotReachedError(*lost.args) from lost


@contextmanager
def as_intake_errors() -> Iterator[None]:
    """Let failures leave as intake knows them."""
    try:
        yield
    except TelegramError as failure:
        # The library's own error of a refused token quotes it: it goes no further.
        raise intake_error(failure) from None
    except UNREADABLE as strange:
        raise OutOfReachError(type(strange).__name__) from strange


@contextmanager
def unchanged_is_done() -> Iterator[None]:
    """Take it as done that there was nothing to change."""
    try:
        yield
    except RefusedByTelegramError as refused:
        if not _says(refused, NOTHING_TO_CHANGE):
            raise


def board_error(failure: TelegramError) -> BoardError:
    """Say what a failure means for the desk."""
    if isinstance(failure, NeverLeftError):
        return BoardNotReachedError(failure.message)
    if not isinstance(failure, RefusedByTelegramError):
        return BoardUnknownError(failure.message)
    if failure.moved_to is not None:
        return GroupMovedError(failure.moved_to)
    if _is_busy(failure):
        return BoardBusyError(_wait(failure))
    if failure.code in TOKEN_UNKNOWN:
        return BoardNotReachedError("token")
    if failure.code == HTTPStatus.FORBIDDEN:
        return NotAdminError(failure.description)
    meant = next((kind for kind, words in WORDS if _says(failure, words)), BoardRefusedError)
    return meant(failure.description)


def intake_error(failure: TelegramError) -> IntakeError:
    """Say what a failure means for whoever fetches updates or asks about the bot."""
    if not isinstance(failure, RefusedByTelegramError):
        return OutOfReachError(type(failure).__name__)
    if _is_busy(failure):
        return BusyError(_wait(failure))
    if failure.code in TOKEN_UNKNOWN:
        return TokenRevokedError(failure.description)
    if failure.code == HTTPStatus.CONFLICT:
        return PolledElsewhereError(failure.description)
    return IntakeError(failure.description)


def _is_busy(refused: RefusedByTelegramError) -> bool:
    return refused.retry_after is not None or refused.code == HTTPStatus.TOO_MANY_REQUESTS


def _wait(refused: RefusedByTelegramError) -> timedelta:
    return timedelta(seconds=UNTOLD_WAIT if refused.retry_after is None else max(refused.retry_after, 0))


def _says(refused: RefusedByTelegramError, words: tuple[str, ...]) -> bool:
    description = refused.description.lower()
    return any(word in description for word in words)
