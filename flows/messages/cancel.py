"""Calling things off: a visit, the messages, or neither. Asked back, never guessed."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class CancelSure(Text, key="cancel.sure"):
    """Asked before a visit is cancelled: cancel it, move it, or keep it? starts_at: the visit."""

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class Cancelled(Text, key="cancel.done"):
    """The visit is cancelled; thank you for telling us.

    Shall we look for another time? starts_at: the visit that was.
    """

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class CancelledMessagesOff(Text, key="cancel.done_messages_off"):
    """The visit is cancelled.

    While asking we also switched off our invitations to check-ups: should they stay off? A plain question, which "yes"
    and "no" answer. starts_at: the visit that was.
    """

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitKept(Text, key="cancel.kept"):
    """The visit stays as it was booked. starts_at: the visit."""

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class AlreadyGone(Text, key="cancel.gone"):
    """There is no such visit any more: it is past, or was moved or cancelled before. Nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class CancelWhich(Text, key="cancel.which"):
    """The patient wrote just "cancel" and has a visit: is it the visit, our messages, or neither?

    Says that invitations to check-ups are switched off until they answer. starts_at: the visit.
    """

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class CancelMessages(Text, key="cancel.messages"):
    """The patient wrote just "cancel" and has no visit: should our messages end?

    Says that invitations to check-ups are switched off until they answer.
    """


@dataclass(frozen=True, kw_only=True)
class MessagesKept(Text, key="cancel.messages_kept"):
    """The patient allowed us, by a button or a word, to go on writing about check-ups.

    We go on, and "stop" ends it at any time.
    """
