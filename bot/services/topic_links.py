"""Connects a forum group with the clinic, and accounts with members of staff, each by a code that works once.

Invariant: a group is connected only once it has topics and lets the bot manage them; a code is used up by that alone.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.topic_attention import TopicAttention
from bot.services.topic_parts import TopicParts
from bot.services.topic_ports import (
    BoardError,
    GroupChange,
    GroupChanged,
    GroupLinkAsked,
    GroupState,
    NoForumError,
    NotAdminError,
    StaffLinkAsked,
    TopicChange,
    TopicChanged,
    TopicMessage,
)
from bot.services.topic_standing import problem_of
from flows.ids import StaffId
from flows.vocabulary import Language
from storage.records.topics import DeskGroup
from storage.repositories.passes import Holder
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import GroupProblem, PassKind

GROUP_CODE_LASTS = timedelta(hours=1)
STAFF_CODE_LASTS = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class OneTimeCode:
    """A code, and until when it works (UTC)."""

    code: str
    expires_at: datetime


def group_code(uow: UnitOfWork, now: datetime) -> OneTimeCode:
    """Make a code that connects a group, once, within an hour (now: aware UTC)."""
    code = uow.desk_groups.issue_code(now=now, lifetime=GROUP_CODE_LASTS)
    return OneTimeCode(code=code, expires_at=now + GROUP_CODE_LASTS)


def staff_code(uow: UnitOfWork, staff_id: StaffId, now: datetime) -> OneTimeCode:
    """Make a code that connects an account with a member of staff, once, within a day (now: aware UTC)."""
    code = uow.passes.issue(PassKind.STAFF_ACCOUNT, Holder(staff_id=staff_id), now=now, lifetime=STAFF_CODE_LASTS)
    return OneTimeCode(code=code, expires_at=now + STAFF_CODE_LASTS)


class TopicLinks:
    """Hears codes, and what becomes of the group."""

    def __init__(self, parts: TopicParts, attention: TopicAttention) -> None:
        """Take the board, on which groups are looked at."""
        self._parts = parts
        self._attention = attention

    async def link_group(self, asked: GroupLinkAsked) -> str:
        """Connect a group; returns what to answer."""
        if not asked.code:
            return self._word(asked.language, "topic.link.no_code")
        now = self._parts.now
        if not await self._parts.read(lambda uow: uow.desk_groups.is_valid(asked.code, now=now)):
            return await self._not_by_this_code(asked)
        try:
            state = await self._parts.board.look(asked.group)
        except NoForumError:
            return self._word(asked.language, "topic.link.no_forum")
        except NotAdminError:
            return self._word(asked.language, "topic.link.not_admin")
        except BoardError:
            return self._word(asked.language, "topic.link.not_reached")
        match problem_of(state):
            case GroupProblem.NO_FORUM:
                return self._word(asked.language, "topic.link.no_forum")
            case GroupProblem.NOT_ADMIN:
                return self._word(asked.language, "topic.link.not_admin")
        return await self._connect(asked, state)

    async def _connect(self, asked: GroupLinkAsked, state: GroupState) -> str:
        now = self._parts.now

        def work(uow: UnitOfWork) -> tuple[bool, DeskGroup | None]:
            before = uow.desk_groups.get()
            if not uow.desk_groups.use_code(asked.code, now=now):
                return False, before
            uow.desk_groups.link(state.chat_id, state.title, now=now)
            return True, before

        is_linked, before = await self._parts.write(work)
        if not is_linked:
            return await self._not_by_this_code(asked)
        self._attention.mark_all()
        if before is not None and before.chat_id != state.chat_id:
            await self._say_goodbye(before)
        key = "topic.link.done" if state.may_delete else "topic.link.may_not_delete"
        return self._word(asked.language, key, title=state.title)

    async def _not_by_this_code(self, asked: GroupLinkAsked) -> str:
        """What to answer where a code connects nothing: the line may be sent twice, and then has had its effect."""
        group = await self._parts.read(lambda uow: uow.desk_groups.get())
        is_desk = group is not None and group.chat_id == asked.group
        return self._word(asked.language, "topic.link.known" if is_desk else "topic.link.wrong_code")

    async def _say_goodbye(self, group: DeskGroup) -> None:
        """Say in the group that was the desk that it is no longer; who is out of there cannot, and needs not."""
        with suppress(BoardError):
            await self._parts.board.post(group.chat_id, None, TopicMessage(text=self._word(None, "topic.link.moved")))

    async def link_staff(self, asked: StaffLinkAsked) -> str:
        """Connect an account with a member of staff; returns what to answer."""
        now = self._parts.now

        def known(uow: UnitOfWork) -> str | None:
            staff_id = uow.staff_accounts.whose(asked.user_id)
            return None if staff_id is None else uow.staff.get(staff_id).name

        def work(uow: UnitOfWork) -> str | None:
            used = uow.passes.use(PassKind.STAFF_ACCOUNT, asked.code, now=now)
            member = None if used is None or used.staff_id is None else uow.staff.get(used.staff_id)
            if member is None or not member.active:
                return None
            uow.staff_accounts.link(member.id, asked.user_id, now=now)
            return member.name

        if asked.code:
            name = await self._parts.write(work)
            if name is not None:
                return self._word(asked.language, "topic.private.done", name=name)
        name = await self._parts.read(known)
        if name is not None:
            # The link may be pressed twice, and then has had its effect.
            return self._word(asked.language, "topic.private.known", name=name)
        if asked.code:
            return self._word(asked.language, "topic.private.wrong_code")
        return self._word(asked.language, "topic.private.about", clinic=self._clinic_name(asked.language))

    async def group_changed(self, changed: GroupChanged) -> None:
        """Heed what became of a group: its new id at once, all else by a look at the next round."""

        def work(uow: UnitOfWork) -> bool:
            group = uow.desk_groups.get()
            if group is None or group.chat_id != changed.group:
                return False
            if changed.change is GroupChange.MOVED and changed.moved_to is not None:
                uow.desk_groups.moved(changed.group, changed.moved_to)
            return True

        if await self._parts.write(work):
            self._attention.doubt()

    async def topic_changed(self, changed: TopicChanged) -> None:
        """Heed what a person did to a topic; its title is put right at the next round."""
        shown: dict[TopicChange, dict[str, object]] = {
            TopicChange.CLOSED: {"closed": True},
            TopicChange.REOPENED: {"closed": False},
            TopicChange.RENAMED: {"face": None},
        }

        def work(uow: UnitOfWork) -> None:
            topic = uow.topics.by_thread(changed.group, changed.topic)
            if topic is not None:
                uow.topics.change(topic.id, shown[changed.change])
                self._attention.mark(topic.conversation_id)

        await self._parts.write(work)

    def _clinic_name(self, language: Language | None) -> str:
        clinic = self._parts.clinic.settings.clinic
        return clinic.names.get(language, clinic.name) if language is not None else clinic.name

    def _word(self, language: Language | None, key: str, **values: str) -> str:
        return self._parts.page(language)(key, **values)
