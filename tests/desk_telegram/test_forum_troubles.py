"""A forum group that is not what it was, and troubles on the way there: what is known of each is said, no more."""

import pytest

from bot.services.intake_ports import TokenRevokedError, UnreadableUpdateError
from bot.services.topic_ports import (
    BoardBusyError,
    BoardError,
    BoardNotReachedError,
    BoardUnknownError,
    CardGoneError,
    GroupChange,
    GroupChanged,
    GroupLinkAsked,
    GroupMovedError,
    NoForumError,
    NotAdminError,
    StaffLinkAsked,
    TopicGoneError,
    TopicMessage,
    TopicSaid,
    TopicState,
)
from flows.vocabulary import Language
from tests.botapi.errors import ApiError, too_many
from tests.botapi.faults import Trouble
from tests.botapi.files import MediaKind
from tests.botapi.model import Right, RoomKind
from tests.desk_telegram.forum import CARD, Forum


async def test_a_deleted_topic_is_found_gone_by_the_next_call(forum: Forum) -> None:
    (topic,) = forum.group.topics
    forum.olga.delete_topic(topic)
    assert await forum.hear() == []
    with pytest.raises(TopicGoneError):
        await forum.board.post(forum.group.id, topic.id, CARD)
    with pytest.raises(TopicGoneError):
        await forum.board.show_state(forum.group.id, topic.id, "Anna", TopicState.TAKEN)


async def test_a_deleted_card_is_gone(forum: Forum) -> None:
    (topic,) = forum.group.topics
    card = await forum.board.post(forum.group.id, topic.id, CARD)
    forum.olga.delete(forum.group.sees(topic)[-1])
    with pytest.raises(CardGoneError):
        await forum.board.edit(forum.group.id, card, TopicMessage(text="taken"))


async def test_topics_switched_off_leave_nothing_in_the_main_chat(forum: Forum) -> None:
    (topic,) = forum.group.topics
    forum.group.switch_topics("off")
    with pytest.raises(BoardError) as failure:
        await forum.board.post(forum.group.id, topic.id, CARD)
    assert type(failure.value) is NoForumError
    assert all(seen.text != CARD.text for seen in forum.group.sees())
    assert (await forum.board.look(forum.group.id)).is_forum is False
    forum.olga.write(None, "Where have the topics gone?")
    assert all(isinstance(heard, GroupChanged) for heard in await forum.hear())


async def test_rights_taken_and_a_bot_thrown_out_are_told_and_found(forum: Forum) -> None:
    forum.group.add(forum.account, frozenset({Right.MANAGE_TOPICS}))
    seen = await forum.board.look(forum.group.id)
    assert (seen.may_manage, seen.may_delete, seen.title) == (True, False, "Desk")
    forum.group.demote(forum.account)
    assert (await forum.board.look(forum.group.id)).may_manage is False
    with pytest.raises(NotAdminError):
        await forum.board.open_topic(forum.group.id, "Boris", TopicState.WAITING)
    forum.group.kick(forum.account)
    assert type(await forum.fails()) is NotAdminError
    with pytest.raises(NotAdminError):
        await forum.board.look(forum.group.id)
    changes = {heard.change for heard in await forum.hear() if isinstance(heard, GroupChanged)}
    assert changes == {GroupChange.STANDING}


async def test_a_group_that_becomes_a_supergroup_is_followed(forum: Forum) -> None:
    basic = forum.api.group("Small desk", owner=forum.owner, kind=RoomKind.GROUP)
    basic.add(forum.account)
    await forum.hear()
    moved = basic.become_supergroup()
    told = {(heard.group, heard.moved_to) for heard in await forum.hear() if isinstance(heard, GroupChanged)}
    assert (basic.id, moved.id) in told
    with pytest.raises(GroupMovedError) as failure:
        await forum.board.post(basic.id, None, CARD)
    assert failure.value.chat_id == moved.id


async def test_codes_connect_a_group_and_a_member_of_staff(forum: Forum) -> None:
    forum.desk.answer = "Verbonden."
    forum.olga.write(None, "/link abc-123")
    forum.owner.start(forum.account, "code-of-olga")
    linked, came = await forum.hear()
    assert isinstance(linked, GroupLinkAsked)
    assert (linked.group, linked.code, linked.is_forum, linked.language) == (
        forum.group.id,
        "abc-123",
        True,
        Language.NL,
    )
    assert isinstance(came, StaffLinkAsked)
    assert (came.user_id, came.code) == (forum.owner.id, "code-of-olga")
    await forum.owner.until_sees("Verbonden.")
    await forum.group.until_sees("Verbonden.")


@pytest.mark.parametrize(
    ("trouble", "error", "posted"),
    [
        (Trouble.CUT_BEFORE, BoardUnknownError, False),
        (Trouble.CUT_AFTER, BoardUnknownError, True),
        (Trouble.PROXY_PAGE, BoardUnknownError, False),
        (Trouble.PROXY_PAGE_AFTER, BoardUnknownError, True),
        (Trouble.GARBLED_AFTER, BoardUnknownError, True),
        (Trouble.SERVER, BoardUnknownError, False),
        (too_many(3), BoardBusyError, False),
    ],
)
async def test_only_what_surely_did_not_arrive_is_said_to(
    forum: Forum, trouble: Trouble | ApiError, error: type[BoardError], *, posted: bool
) -> None:
    (topic,) = forum.group.topics
    forum.api.fault(trouble, method="sendMessage")
    assert type(await forum.fails()) is error
    assert any(seen.text == CARD.text for seen in forum.group.sees(topic)) is posted


async def test_a_broken_download_may_be_done_again(forum: Forum) -> None:
    (topic,) = forum.group.topics
    forum.olga.send(topic, MediaKind.DOCUMENT, b"a plan", name="plan.pdf")
    (said,) = await forum.hear()
    assert isinstance(said, TopicSaid)
    forum.api.fault(Trouble.CUT_BEFORE, method="download")
    with pytest.raises(BoardNotReachedError):
        await forum.board.load(said.files[0].file_id)
    assert await forum.board.load(said.files[0].file_id) == b"a plan"


async def test_an_update_nobody_can_read_does_not_keep_the_next_from_being_heard(forum: Forum) -> None:
    (topic,) = forum.group.topics
    forum.api.inject(forum.account, {"message": {"nonsense": 1}})
    forum.olga.write(topic, "Still here")
    first, second = await forum.bot.fetch(forum.offset, 0)
    with pytest.raises(UnreadableUpdateError):
        await forum.bot.handle(first)
    await forum.bot.handle(second)
    assert [heard.text for heard in forum.desk.heard if isinstance(heard, TopicSaid)] == ["Still here"]


async def test_a_revoked_token_is_told_where_updates_are_fetched(forum: Forum) -> None:
    forum.account.is_revoked = True
    with pytest.raises(TokenRevokedError):
        await forum.bot.fetch(None, 0)
    assert type(await forum.fails()) is BoardNotReachedError
