"""Lines stand in the topic in the order they were said, however many came together."""

import re
from datetime import timedelta

from bot.services.topic_planning import MORE_LINES
from tests.topics.group import Group

NUMBER = re.compile(r"line (\d+) of many")


async def test_a_long_talk_that_could_not_be_posted_for_a_while_is_posted_in_order(group: Group) -> None:
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    group.board.stands(may_manage=False)
    for number in range(MORE_LINES + 5):
        await group.world.writes(talk, f"line {number} of many")
    await group.comes()
    assert NUMBER.findall(group.board.said()) == []
    group.board.stands(may_manage=True)
    for _ in range(2):
        await group.comes(timedelta(minutes=1))
    assert [int(number) for number in NUMBER.findall(group.board.said())] == list(range(MORE_LINES + 5))
