"""Codes that connect a group and members of staff, each once and not for long."""

from datetime import timedelta

import pytest

from bot.services.topic_links import staff_code
from bot.services.topic_ports import BoardNotReachedError, NotAdminError
from flows.ids import StaffId
from tests.topics.board import GROUP
from tests.topics.group import ROBIN, SAM, Group

OTHER_GROUP = -1002


def linked(group: Group) -> int | None:
    """The id of the group that is connected."""
    with group.world.house.database.reading(group.world.house.clinic.id) as uow:
        found = uow.desk_groups.get()
    return None if found is None else found.chat_id


async def test_a_code_connects_the_group_once(unlinked: Group) -> None:
    code = unlinked.new_code()
    assert "now the desk: Desk" in await unlinked.link(code)
    assert linked(unlinked) == GROUP
    assert await unlinked.link(code) == "This group is the desk already."
    unlinked.board.moves(OTHER_GROUP)
    assert "unknown, used" in await unlinked.link(code)
    assert linked(unlinked) == GROUP


async def test_where_the_desk_was_it_is_said_that_it_has_moved(group: Group) -> None:
    group.board.moves(OTHER_GROUP)
    group.board.others[GROUP] = []
    for _ in range(2):
        assert "now the desk" in await group.link()
        assert linked(group) == OTHER_GROUP
        (told,) = group.board.others[GROUP]
        assert told == "The desk has moved to another group: nothing is posted here from now on."
    assert group.board.posts == []


async def test_a_group_that_cannot_be_told_keeps_the_desk_from_no_other(group: Group) -> None:
    group.board.moves(OTHER_GROUP)
    assert "now the desk" in await group.link()
    assert linked(group) == OTHER_GROUP


async def test_a_code_is_over_after_an_hour(unlinked: Group) -> None:
    code = unlinked.new_code()
    unlinked.world.clock.move_to(unlinked.world.clock.now() + timedelta(minutes=61))
    assert "older than an hour" in await unlinked.link(code)
    assert linked(unlinked) is None


@pytest.mark.parametrize(("code", "answer"), [("", "after the command"), ("forged", "unknown")])
async def test_without_a_code_of_ours_nothing_is_connected(unlinked: Group, code: str, answer: str) -> None:
    assert answer in await unlinked.link(code)
    assert linked(unlinked) is None


@pytest.mark.parametrize(
    ("broken", "answer"),
    [({"is_forum": False}, "Topics are switched off"), ({"may_manage": False}, "may not manage topics")],
)
async def test_a_group_that_is_not_ready_is_told_what_to_do_and_keeps_its_code(
    unlinked: Group, broken: dict[str, bool], answer: str
) -> None:
    code = unlinked.new_code()
    unlinked.board.stands(**broken)
    assert answer in await unlinked.link(code)
    assert linked(unlinked) is None
    unlinked.board.stands(is_forum=True, may_manage=True)
    assert "now the desk" in await unlinked.link(code)


@pytest.mark.parametrize(
    ("failure", "answer"), [(BoardNotReachedError(), "did not answer"), (NotAdminError(), "may not manage")]
)
async def test_a_group_that_cannot_be_looked_at_keeps_its_code(
    unlinked: Group, failure: Exception, answer: str
) -> None:
    code = unlinked.new_code()
    unlinked.board.fails("look", failure)
    assert answer in await unlinked.link(code)
    assert "now the desk" in await unlinked.link(code)


async def test_a_bot_that_may_not_delete_is_connected_and_says_what_is_missing(unlinked: Group) -> None:
    unlinked.board.stands(may_delete=False)
    assert "right to delete messages" in await unlinked.link()


async def test_who_waits_already_has_a_topic_once_the_group_is_connected(unlinked: Group) -> None:
    _, talk = unlinked.world.add_patient()
    await unlinked.asks_for_a_person(talk)
    assert unlinked.board.rooms == {}
    await unlinked.link()
    await unlinked.comes()
    assert len(unlinked.board.rooms) == 1


async def test_a_member_of_staff_is_connected_once_by_their_code(group: Group) -> None:
    member = group.world.add_staff()
    with group.world.house.database.unit_of_work(group.world.house.clinic.id) as uow:
        code = staff_code(uow, StaffId(member.staff_id), group.world.clock.now()).code
        uow.commit()
    assert await group.starts(ROBIN, code) == (
        "You are connected now as Robin Example. What you write in a patient’s topic reaches the patient."
    )
    assert "You are connected as Robin Example" in await group.starts(ROBIN, code)
    assert "unknown, used" in await group.starts(SAM, code)


async def test_anybody_else_learns_whose_bot_it_is_and_no_more(group: Group) -> None:
    assert "works for the staff of" in await group.starts(SAM)


async def test_another_group_in_its_place_gets_the_topics_of_those_who_wait(group: Group) -> None:
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    (before,) = group.board.rooms
    group.board.moves(-2002)
    await group.link()
    await group.comes()
    assert len(group.board.rooms) == 2
    assert "I want to talk to a person" in "\n".join(post.text for post in group.board.posts if post.topic != before)
