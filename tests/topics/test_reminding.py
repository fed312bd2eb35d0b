"""Who waits too long: their topic reminds of them, then managers are called in the general topic; once each."""

from bot.services.ports import RefusedError
from bot.services.staff import deactivate
from bot.services.topic_ports import TopicState
from flows.vocabulary import Role
from tests.topics.group import ROBIN, SAM, Group
from tests.topics.messenger import Messenger
from tests.topics.waits import ESCALATION, HOUR, MINUTE, REMINDER, escalations, lives, reminders, waits_for_a_person


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


async def test_an_answer_that_did_not_arrive_ends_no_wait(group: Group, line: Messenger) -> None:
    await group.staff_comes(ROBIN)
    await waits_for_a_person(group)
    line.troubles.append(RefusedError())
    await group.writes(ROBIN, "I am here.")
    await lives(group, 29 * MINUTE)
    assert reminders(group) == 0
    await lives(group, 2 * MINUTE)
    (reminder,) = [post for post in group.board.shown(group.board.room()) if REMINDER in post.text]
    assert [mention.user_id for mention in reminder.message.mentions] == [ROBIN]


async def test_who_waited_for_a_colleague_who_was_deactivated_waits_for_everybody(group: Group) -> None:
    member = await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    group.world.clock.move_to(group.world.clock.now() + 4 * HOUR)
    await group.world.house.desk.take(member, talk)
    await group.comes(MINUTE)
    assert group.board.room().state is TopicState.TAKEN
    with group.world.house.database.unit_of_work(group.world.house.clinic.id) as uow:
        deactivate(uow, member.name, group.world.clock.now())
        uow.commit()
    # The group may be looked at before the lease is ended: what has just begun is no long wait.
    await group.comes(MINUTE)
    assert reminders(group) == 0
    await group.world.writes(talk, "can I bring my son on Thursday?")
    await group.world.house.ticks.run("end_leases")
    await group.comes()
    room = group.board.room()
    assert (room.state, room.title.partition(" · ")[2]) == (TopicState.WAITING, "waiting")
    assert "Robin Example" not in group.board.card().text
    assert reminders(group) == 0


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


async def test_a_patient_who_writes_again_and_again_does_not_put_the_reminder_off(group: Group) -> None:
    await group.staff_comes(ROBIN)
    talk = await waits_for_a_person(group)
    await group.writes(ROBIN, "I am looking into it.")
    await group.comes()
    for _ in range(8):
        await group.world.writes(talk, "any news")
        await lives(group, 25 * MINUTE)
    assert (reminders(group), len(escalations(group))) == (1, 1)


async def test_a_patient_who_writes_on_to_a_colleague_who_only_took_the_chat_does_not_put_it_off(group: Group) -> None:
    await group.staff_comes(ROBIN)
    talk = await waits_for_a_person(group)
    await group.presses(ROBIN, "Take over")
    for _ in range(4):
        await lives(group, 25 * MINUTE)
        await group.world.writes(talk, "any news")
    assert (reminders(group), len(escalations(group))) == (1, 1)


async def test_what_a_patient_asks_long_after_their_chat_was_taken_is_a_wait_of_its_own(group: Group) -> None:
    member = await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    await group.world.house.desk.take(member, talk)
    await group.comes()
    await lives(group, 2 * HOUR)
    before = reminders(group)
    await group.world.writes(talk, "can I bring my son")
    await lives(group, 29 * MINUTE)
    assert reminders(group) == before
    await lives(group, 2 * MINUTE)
    assert reminders(group) == before + 1


async def test_what_was_asked_of_a_colleague_who_left_is_reminded_of_in_the_morning(group: Group) -> None:
    member = await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    group.world.clock.move_to(group.world.clock.now() + 9 * HOUR)
    await group.world.house.desk.answer(member, talk, "1", "Good evening, how are you?")
    await group.comes(2 * HOUR)
    await group.world.writes(talk, "can I bring my son on Thursday?")
    await group.comes(10 * HOUR + MINUTE)
    await group.world.house.ticks.run("end_leases")
    await group.comes()
    assert (group.board.room().state, group.board.room().closed) == (TopicState.WAITING, False)
    await lives(group, 6 * HOUR)
    assert (reminders(group), len(escalations(group))) == (1, 1)
