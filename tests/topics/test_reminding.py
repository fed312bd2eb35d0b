"""Who waits too long: their topic reminds of them, then managers are called in the general topic; once each."""

from datetime import timedelta

from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.topics.group import Group

ROBIN, SAM = 71, 72
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REMINDER, ESCALATION = "Still no answer", "still has no answer"
DANGER = "my face is swollen and I can hardly breathe"


def reminders(group: Group) -> int:
    """How often the one topic reminds."""
    return group.board.said().count(REMINDER)


def escalations(group: Group) -> list[str]:
    """What stands in the general topic."""
    return [post.text for post in group.board.shown(None) if ESCALATION in post.text]


async def lives(group: Group, time: timedelta) -> None:
    """Let time pass while the house looks on, at last minute by minute."""
    for _ in range(max(time - 3 * MINUTE, timedelta()) // (5 * MINUTE)):
        await group.comes(5 * MINUTE)
        time -= 5 * MINUTE
    for _ in range(time // MINUTE):
        await group.comes(MINUTE)


async def waits_for_a_person(group: Group) -> ConversationId:
    """A patient who has asked for a person, on Monday as the clinic opens: due after two hours."""
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    return talk


async def test_a_ticket_nobody_answers_is_reminded_of_once_and_then_managers_are_called(group: Group) -> None:
    await group.staff_comes(ROBIN)
    await group.staff_comes(SAM, Role.RECEPTION)
    await waits_for_a_person(group)
    await lives(group, 119 * MINUTE)
    assert reminders(group) == 0
    await lives(group, 2 * MINUTE)
    assert (reminders(group), escalations(group)) == (1, [])
    await lives(group, 32 * MINUTE)
    (called,) = escalations(group)
    assert "Anna Example" in called
    (escalated,) = [post for post in group.board.shown(None) if ESCALATION in post.text]
    assert [mention.user_id for mention in escalated.message.mentions] == [ROBIN]
    await lives(group, 3 * HOUR)
    assert (reminders(group), len(escalations(group))) == (1, 1)


async def test_an_answer_ends_the_wait(group: Group) -> None:
    await group.staff_comes(ROBIN)
    await waits_for_a_person(group)
    await lives(group, 100 * MINUTE)
    await group.writes(ROBIN, "I am here.")
    await lives(group, 5 * HOUR)
    assert (reminders(group), escalations(group)) == (0, [])


async def test_a_colleague_who_holds_the_chat_is_reminded_by_name_and_not_at_once(group: Group) -> None:
    await group.staff_comes(ROBIN)
    talk = await waits_for_a_person(group)
    await lives(group, 115 * MINUTE)
    await group.presses(ROBIN, "Take over")
    await lives(group, 20 * MINUTE)
    assert reminders(group) == 0
    await group.writes(ROBIN, "I am looking into it.")
    await lives(group, 45 * MINUTE)
    assert reminders(group) == 0
    await group.world.writes(talk, "any news")
    await lives(group, 29 * MINUTE)
    assert reminders(group) == 0
    await lives(group, 2 * MINUTE)
    (reminder,) = [post for post in group.board.shown(group.board.room()) if REMINDER in post.text]
    assert [mention.user_id for mention in reminder.message.mentions] == [ROBIN]


async def test_each_wait_is_reminded_of_anew(group: Group) -> None:
    await group.staff_comes(ROBIN)
    talk = await waits_for_a_person(group)
    for so_far in (1, 2):
        await group.writes(ROBIN, f"Answer {so_far}.")
        await group.comes()
        await group.world.writes(talk, "and another question")
        await lives(group, 32 * MINUTE)
        assert reminders(group) == so_far


async def test_time_in_which_the_clinic_is_closed_does_not_count(group: Group) -> None:
    group.world.clock.move_to(group.world.clock.now() + 8 * HOUR)
    await waits_for_a_person(group)
    await lives(group, 2 * HOUR)
    assert reminders(group) == 0
    # One hour of Monday and one of Tuesday: ten o'clock.
    await group.comes(14 * HOUR + 59 * MINUTE)
    assert reminders(group) == 0
    await group.comes(2 * MINUTE)
    assert reminders(group) == 1


async def test_what_fell_due_before_closing_waits_for_the_morning(group: Group) -> None:
    group.world.clock.move_to(group.world.clock.now() + 7 * HOUR)
    await waits_for_a_person(group)
    # The house was not running at the deadline, and comes back after hours.
    await group.comes(4 * HOUR)
    await lives(group, 10 * MINUTE)
    assert (reminders(group), escalations(group)) == (0, [])


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
    await group.staff_comes(ROBIN)
    group.world.clock.move_to(group.world.clock.now() + 14 * HOUR)
    _, talk = group.world.add_patient()
    await group.world.writes(talk, DANGER)
    await group.comes()
    await group.presses(ROBIN, "I have seen it")
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
