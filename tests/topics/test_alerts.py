"""A danger that nobody has seen is reminded of at any hour; each danger is to be seen, and not only the first."""

from bot.services.topic_ports import TopicState
from flows.ids import ConversationId
from tests.topics.group import ROBIN, Group
from tests.topics.waits import HOUR, MINUTE, escalations, lives, reminders, waits_for_a_person

DANGER = "my face is swollen and I can hardly breathe"


async def a_danger_that_was_seen(group: Group) -> ConversationId:
    """A chat in which a patient told of danger in the night, and a colleague has seen it."""
    await group.staff_comes(ROBIN)
    group.world.clock.move_to(group.world.clock.now() + 14 * HOUR)
    _, talk = group.world.add_patient()
    await group.world.writes(talk, DANGER)
    await group.comes()
    await group.presses(ROBIN, "I have seen it")
    return talk


async def test_an_alert_nobody_has_seen_is_reminded_of_at_any_hour(group: Group) -> None:
    await group.staff_comes(ROBIN)
    group.world.clock.move_to(group.world.clock.now() + 14 * HOUR)
    _, talk = group.world.add_patient()
    await group.world.writes(talk, DANGER)
    await group.comes()
    await lives(group, 4 * MINUTE)
    assert reminders(group) == 0
    await lives(group, 2 * MINUTE)
    assert (reminders(group), escalations(group)) == (1, [])
    await lives(group, 11 * MINUTE)
    assert len(escalations(group)) == 1


async def test_an_alert_that_was_seen_wakes_nobody_at_night(group: Group) -> None:
    await a_danger_that_was_seen(group)
    await lives(group, 40 * MINUTE)
    assert (reminders(group), escalations(group)) == (0, [])


async def test_an_alert_is_reminded_of_though_another_wait_was_before(group: Group) -> None:
    talk = await waits_for_a_person(group)
    await lives(group, 160 * MINUTE)
    assert (reminders(group), len(escalations(group))) == (1, 1)
    await group.world.writes(talk, DANGER)
    await lives(group, 7 * MINUTE)
    assert reminders(group) == 2
    await lives(group, 11 * MINUTE)
    assert len(escalations(group)) == 2


async def test_a_second_danger_after_the_first_was_seen_is_an_alert_of_its_own(group: Group) -> None:
    talk = await a_danger_that_was_seen(group)
    await lives(group, HOUR)
    assert group.board.room().state is not TopicState.URGENT
    await group.world.writes(talk, "now my throat is swelling and I cannot breathe")
    await group.comes()
    assert group.board.room().state is TopicState.URGENT
    await lives(group, 4 * MINUTE)
    assert reminders(group) == 0
    await lives(group, 2 * MINUTE)
    assert (reminders(group), escalations(group)) == (1, [])
    await lives(group, 11 * MINUTE)
    assert (reminders(group), len(escalations(group))) == (1, 1)


async def test_the_same_danger_said_twice_in_a_breath_is_seen_once(group: Group) -> None:
    await group.staff_comes(ROBIN)
    group.world.clock.move_to(group.world.clock.now() + 14 * HOUR)
    _, talk = group.world.add_patient()
    await group.world.writes(talk, DANGER)
    await group.comes(MINUTE / 3)
    await group.presses(ROBIN, "I have seen it")
    await group.comes(MINUTE / 3)
    await group.world.writes(talk, DANGER)
    await lives(group, 40 * MINUTE)
    assert (reminders(group), escalations(group)) == (0, [])


async def test_a_danger_in_a_chat_long_overdue_is_reminded_of_all_the_same(group: Group) -> None:
    member = await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    await group.world.writes(talk, DANGER)
    await group.comes()
    await group.presses(ROBIN, "Take over")
    await group.world.house.desk.hand_back(member, talk)
    # What a freeze keeps open is for when somebody is free: after eight hours of opening time it is overdue.
    await group.comes(2 * 24 * HOUR + HOUR)
    await lives(group, HOUR)
    before = reminders(group)
    assert before == 1
    await group.world.writes(talk, DANGER)
    await lives(group, 17 * MINUTE)
    assert reminders(group) == before + 1
