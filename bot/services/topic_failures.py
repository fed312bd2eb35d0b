"""What follows from a call to the forum group that failed.

Invariant: what surely did not happen is to be done still; what may have happened is marked and not done again; what
cannot work until a person has seen to it stops the group, with its reason.
"""

import logging
from datetime import datetime, timedelta
from enum import StrEnum

from bot.services.topic_ports import (
    BoardBusyError,
    BoardError,
    BoardNotReachedError,
    BoardRefusedError,
    CardGoneError,
    GroupMovedError,
    NoForumError,
    NotAdminError,
    TopicClosedError,
    TopicGoneError,
)
from bot.services.topic_steps import Repeat, Step
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import GroupProblem, PostKind

log = logging.getLogger(__name__)

A_BREATH = timedelta(seconds=10)
"""So long the group is left alone after a call that did not get through."""


class Aftermath(StrEnum):
    """Whether the next call may be made."""

    GO_ON = "go_on"
    STOP = "stop"


OF_THE_TOPIC = (TopicGoneError, TopicClosedError, CardGoneError, BoardRefusedError)
"""Failures that say nothing about the next call."""


def note_failure(uow: UnitOfWork, step: Step, failure: BoardError, group: int, now: datetime) -> Aftermath:
    """Write down what became of a call (now: aware UTC). group: the messenger's id, under which it was made."""
    if isinstance(failure, OF_THE_TOPIC):
        _of_the_topic(uow, step, failure)
        return Aftermath.GO_ON
    if isinstance(failure, GroupMovedError | NoForumError | NotAdminError | BoardBusyError | BoardNotReachedError):
        _undo(uow, step)
        _of_the_group(uow, failure, group, now)
        return Aftermath.STOP
    _unknown(uow, step, now)
    return Aftermath.STOP


def _of_the_topic(uow: UnitOfWork, step: Step, failure: BoardError) -> None:
    if isinstance(failure, CardGoneError):
        _card_gone(uow, step)
        return
    if isinstance(failure, BoardRefusedError):
        _give_up(uow, step)
        log.error("the messenger refuses a call as it is", extra={"topic": step.topic_id})
        return
    _undo(uow, step)
    if step.topic_id is not None and isinstance(failure, TopicGoneError):
        uow.topics.forget_thread(step.topic_id)
    elif step.topic_id is not None:
        uow.topics.change(step.topic_id, {"closed": True})


def _of_the_group(uow: UnitOfWork, failure: BoardError, group: int, now: datetime) -> None:
    match failure:
        case GroupMovedError(chat_id=moved_to):
            uow.desk_groups.moved(group, moved_to)
        case BoardBusyError(wait=wait):
            uow.desk_groups.wait_until(now + wait)
        case BoardNotReachedError():
            uow.desk_groups.wait_until(now + A_BREATH)
        case _:
            none = isinstance(failure, NoForumError)
            uow.desk_groups.set_problem(GroupProblem.NO_FORUM if none else GroupProblem.NOT_ADMIN, now=now)
            log.error("nothing can be posted in the forum group", extra={"kind": type(failure).__name__})


def _undo(uow: UnitOfWork, step: Step) -> None:
    # An edit that was begun stays begun: the next round makes it again.
    if step.post_id is not None and step.repeat is Repeat.NEVER:
        uow.topic_posts.undo(step.post_id)
    elif step.post_id is not None and uow.topic_posts.kind_of(step.post_id) is PostKind.FACE:
        uow.topic_posts.drop(step.post_id)


def _card_gone(uow: UnitOfWork, step: Step) -> None:
    """A message of ours is no more: the card is posted anew, and so are the lines that stood in another."""
    if step.post_id is not None:
        uow.topic_posts.undo(step.post_id)
    elif step.topic_id is not None:
        uow.topics.change(step.topic_id, {"card_id": None, "card": None})


def _give_up(uow: UnitOfWork, step: Step) -> None:
    step.given_up(uow, None)
    if step.post_id is not None:
        uow.topic_posts.unknown(step.post_id)
    if step.topic_id is not None:
        uow.topics.change(step.topic_id, {"uncertain": True})


def _unknown(uow: UnitOfWork, step: Step, now: datetime) -> None:
    uow.desk_groups.wait_until(now + A_BREATH)
    if step.repeat is Repeat.FREELY:
        _undo(uow, step)
    elif step.post_id is not None:
        if uow.topic_posts.kind_of(step.post_id) is not PostKind.TOPIC and step.topic_id is not None:
            uow.topics.change(step.topic_id, {"uncertain": True})
        uow.topic_posts.unknown(step.post_id)
