"""Brings the topics of the forum group in step with their conversations, one call at a time.

Invariants: one process posts at a time, under a lease; a call of which nobody knows the outcome is marked on its topic
and never made again by itself; whatever stops the group stops only the group, and is remembered with its reason.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from functools import partial

from bot.services.topic_attention import TopicAttention
from bot.services.topic_failures import Aftermath, note_failure
from bot.services.topic_parts import TopicParts
from bot.services.topic_planning import Place, TopicPlan, notice_step, redo_edit
from bot.services.topic_ports import (
    BoardError,
    BoardNotReachedError,
    BoardUnknownError,
    NoForumError,
    TopicGoneError,
)
from bot.services.topic_reminding import remind
from bot.services.topic_standing import probe
from bot.services.topic_steps import Nothing, Step
from bot.services.topic_words import TopicWords
from flows.ids import ConversationId
from storage.records.topics import DeskGroup, Post
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PostKind, PostState

log = logging.getLogger(__name__)

CALL_SECONDS = 40.0
LEASE = timedelta(seconds=90)
"""Longer than any call, and taken anew before each."""
STEPS_A_ROUND = 60
REMEMBERED = timedelta(days=1)
"""So long a text that could not be posted is still worth posting, and what was posted is of use to anybody."""
MOST_POSTS = 200
LOOKED_FOR_AT_ONCE = 4
"""So many topics are looked for whenever everything is looked at: a group takes only so many edits."""


class Going(StrEnum):
    """Whether a round goes on."""

    ON = "on"
    NEXT_TOPIC = "next_topic"
    OVER = "over"


class TopicSync:
    """The hand that posts."""

    def __init__(self, parts: TopicParts, attention: TopicAttention) -> None:
        """Take the board and what is to be shown on it."""
        self._parts = parts
        self._attention = attention
        self._token = secrets.token_urlsafe(12)
        self._calls = 0

    async def sync(self) -> int:
        """Look after whatever was told of, and from time to time after everything; tells how many calls were made."""
        if not self._attention.is_wanted(self._parts.now):
            return 0
        group = await self._parts.write(self._begin)
        if group is None:
            return 0
        self._calls = 0
        try:
            doubtful = self._attention.is_in_doubt() or group.problem is not None
            if doubtful and not await probe(self._parts, group):
                # What is missing is found when everything is looked at, once all is well again.
                self._attention.take((), self._parts.now)
                return 0
            await self._round(group)
        finally:
            await self._parts.write(lambda uow: uow.desk_groups.release(self._token))
        return self._calls

    def _begin(self, uow: UnitOfWork) -> DeskGroup | None:
        now = self._parts.now
        group = uow.desk_groups.get()
        if group is None:
            self._attention.take((), now)
            return None
        if group.problem is not None and not self._attention.is_all_due(now):
            return None
        waits = group.busy_until is not None and now < group.busy_until
        return group if not waits and uow.desk_groups.lease(self._token, until=now + LEASE, now=now) else None

    async def _round(self, group: DeskGroup) -> None:
        await self._recover(group)
        everything = self._attention.is_all_due(self._parts.now)
        talks = await self._wanted()
        for place, talk in enumerate(talks):
            if everything:
                await self._parts.write(partial(self._remind, talk=talk))
            going = await self._in_step(group, talk)
            if going is Going.OVER:
                self._attention.mark(*talks[place:])
                return
        await self._general_notices(group)
        if everything:
            await self._look_for_topics(group, talks)

    async def _wanted(self) -> list[ConversationId]:
        """Whom to look at, the most urgent first."""
        now = self._parts.now
        in_sight = await self._parts.write(lambda uow: uow.topics.in_sight())
        if self._attention.is_all_due(now):
            await self._parts.write(lambda uow: uow.topic_posts.forget_before(now - REMEMBERED))
        told, known = self._attention.take(in_sight, now), set(in_sight)

        def ordered(uow: UnitOfWork) -> list[ConversationId]:
            wanted = [talk for talk in told if talk in known or uow.topics.of_conversation(talk) is not None]
            ranks = {talk: rank for rank, talk in enumerate(uow.topics.by_urgency())}
            return sorted(wanted, key=lambda talk: ranks.get(talk, len(ranks)))

        return await self._parts.write(ordered)

    def _remind(self, uow: UnitOfWork, talk: ConversationId) -> None:
        # One talk a transaction: nobody who writes meanwhile waits for all of them.
        for _reminded in remind(uow, self._parts.clinic, (talk,), self._parts.now):
            self._attention.mark(talk)

    async def _in_step(self, group: DeskGroup, talk: ConversationId) -> Going:
        for _ in range(STEPS_A_ROUND):
            step = await self._parts.write(lambda uow: self._plan(uow, group, talk))
            if step is None:
                return Going.OVER
            if step is Nothing.FULL:
                self._attention.mark(talk)
                return Going.NEXT_TOPIC
            if step is Nothing.DONE:
                return Going.NEXT_TOPIC
            if await self._make(group, step) is Aftermath.STOP:
                return Going.OVER
        self._attention.mark(talk)
        return Going.NEXT_TOPIC

    async def _look_for_topics(self, group: DeskGroup, talks: Sequence[ConversationId]) -> None:
        """Look whether topics are still there in which nothing is to be posted, and open anew what was deleted."""
        looked_for = 0
        for talk in self._attention.to_look_for(talks, self._parts.now):
            if looked_for == LOOKED_FOR_AT_ONCE:
                return
            self._attention.looked_for(talk, self._parts.now)
            step = await self._parts.write(self._planned(group, partial(_look_for, talk=talk)))
            if not isinstance(step, Step):
                continue
            looked_for += 1
            if await self._make(group, step) is Aftermath.STOP or await self._in_step(group, talk) is Going.OVER:
                return

    def _plan(self, uow: UnitOfWork, group: DeskGroup, talk: ConversationId) -> Step | Nothing | None:
        return TopicPlan(self._place(uow, group), talk).next_step() if self._keep_lease(uow) else None

    async def _general_notices(self, group: DeskGroup) -> None:
        for post in await self._parts.write(lambda uow: uow.topic_posts.not_over(MOST_POSTS)):
            if post.topic_id is not None or post.state is not PostState.QUEUED:
                continue
            step = await self._parts.write(self._planned(group, partial(notice_step, post=post, thread=None)))
            if isinstance(step, Step) and await self._make(group, step) is Aftermath.STOP:
                return

    async def _recover(self, group: DeskGroup) -> None:
        """See to what was under way when somebody crashed: edits are made again, all else is marked."""
        for post in await self._parts.write(lambda uow: uow.topic_posts.not_over(MOST_POSTS)):
            if post.state is not PostState.POSTING:
                continue
            if post.kind is PostKind.LINES and post.message_id is not None:
                step = await self._parts.write(self._planned(group, partial(redo_edit, shown=post)))
                if isinstance(step, Step):
                    await self._make(group, step)
                continue
            await self._parts.write(partial(_mark_unknown, post=post))

    def _planned(
        self, group: DeskGroup, plan: Callable[[Place], Step | Nothing]
    ) -> Callable[[UnitOfWork], Step | Nothing]:
        return lambda uow: plan(self._place(uow, group)) if self._keep_lease(uow) else Nothing.FULL

    async def _make(self, group: DeskGroup, step: Step) -> Aftermath:
        """Make a call, and write down what came of it."""
        self._calls += 1
        try:
            async with asyncio.timeout(CALL_SECONDS):
                result = await step.call(self._parts.board)
        except TimeoutError:
            failure: BoardError = BoardUnknownError("time-out")
        except BoardError as refused:
            failure = await self._what_is_wrong(group, refused)
        else:
            await self._parts.write(lambda uow: step.note(uow, result))
            return Aftermath.GO_ON
        log.info("a call to the forum group failed", extra={"kind": type(failure).__name__})
        return await self._parts.write(lambda uow: note_failure(uow, step, failure, group.chat_id, self._parts.now))

    async def _what_is_wrong(self, group: DeskGroup, failure: BoardError) -> BoardError:
        """Tell a topic that was deleted from topics that were switched off: the messenger finds neither of them."""
        if not isinstance(failure, TopicGoneError):
            return failure
        try:
            async with asyncio.timeout(CALL_SECONDS):
                state = await self._parts.board.look(group.chat_id)
        except TimeoutError:
            return BoardNotReachedError("time-out")
        except BoardError as worse:
            return worse
        return failure if state.is_forum else NoForumError()

    def _place(self, uow: UnitOfWork, group: DeskGroup) -> Place:
        clinic = self._parts.clinic
        words = TopicWords(self._parts.page(), clinic.settings.web.public_url)
        return Place(uow=uow, clinic=clinic, words=words, group=group.chat_id, now=self._parts.now)

    def _keep_lease(self, uow: UnitOfWork) -> bool:
        now = self._parts.now
        return uow.desk_groups.lease(self._token, until=now + LEASE, now=now)


def _look_for(place: Place, talk: ConversationId) -> Step | Nothing:
    return TopicPlan(place, talk).look_for()


def _mark_unknown(uow: UnitOfWork, post: Post) -> None:
    uow.topic_posts.unknown(post.id)
    # A title is shown again, and an empty topic that may be left behind is nobody's loss.
    if post.topic_id is not None and post.kind not in {PostKind.FACE, PostKind.TOPIC}:
        uow.topics.change(post.topic_id, {"uncertain": True})
