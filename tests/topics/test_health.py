"""How the group stands is told to whoever watches over recare, and fails nothing: staff have the web desk."""

from collections.abc import Mapping

from tests.topics.group import Group


async def health(group: Group) -> Mapping[str, object]:
    """What `/health` answers."""
    return await group.world.house.keeping.health()


async def test_without_a_group_nothing_is_told_of_one(unlinked: Group) -> None:
    assert "desk_group" not in await health(unlinked)


async def test_a_group_whose_topics_are_off_is_told_until_they_are_on_again(group: Group) -> None:
    assert (await health(group))["desk_group"] == "ok"
    _, talk = group.world.add_patient()
    group.board.stands(is_forum=False)
    await group.asks_for_a_person(talk)
    told = await health(group)
    assert (told["desk_group"], told["status"]) == ("no_forum", "ok")
