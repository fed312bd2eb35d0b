"""The forum group with its code and lease, and the accounts of staff, on both databases."""

from datetime import datetime, timedelta

from flows.ids import TopicId
from storage.vocabulary import GroupProblem
from tests.storage.conftest import NOW, Clinic
from tests.storage.test_topics import GROUP, HOUR, MINUTE, MOVED, topic_of


def linked(clinic: Clinic) -> None:
    clinic.do(lambda uow: uow.desk_groups.link(GROUP, "Example staff", now=NOW))


def test_a_code_links_once_and_not_too_late(clinic: Clinic) -> None:
    code = clinic.do(lambda uow: uow.desk_groups.issue_code(now=NOW, lifetime=HOUR))
    assert clinic.do(lambda uow: uow.desk_groups.is_valid(code, now=NOW))
    assert not clinic.do(lambda uow: uow.desk_groups.use_code(code, now=NOW + HOUR))
    assert not clinic.do(lambda uow: uow.desk_groups.use_code("guessed", now=NOW))
    assert clinic.do(lambda uow: uow.desk_groups.use_code(code, now=NOW))
    assert not clinic.do(lambda uow: uow.desk_groups.use_code(code, now=NOW))
    assert not clinic.do(lambda uow: uow.desk_groups.is_valid(code, now=NOW))


def test_a_code_of_one_clinic_links_no_group_of_another(clinic: Clinic) -> None:
    other = clinic.neighbour()
    code = clinic.do(lambda uow: uow.desk_groups.issue_code(now=NOW, lifetime=HOUR))
    assert not other.do(lambda uow: uow.desk_groups.use_code(code, now=NOW))
    linked(clinic)
    assert other.do(lambda uow: uow.desk_groups.get()) is None


def test_a_clinic_has_one_group_and_a_new_link_has_no_problem(clinic: Clinic) -> None:
    linked(clinic)
    assert clinic.do(lambda uow: uow.desk_groups.set_problem(GroupProblem.NO_FORUM, now=NOW))
    assert not clinic.do(lambda uow: uow.desk_groups.set_problem(GroupProblem.NO_FORUM, now=NOW + HOUR))
    group = clinic.do(lambda uow: uow.desk_groups.get())
    assert group is not None
    assert (group.problem, group.problem_at) == (GroupProblem.NO_FORUM, NOW)
    clinic.do(lambda uow: uow.desk_groups.link(MOVED, "Another", now=NOW + HOUR))
    group = clinic.do(lambda uow: uow.desk_groups.get())
    assert group is not None
    assert (group.chat_id, group.title, group.problem, group.problem_at) == (MOVED, "Another", None, None)
    assert clinic.do(lambda uow: uow.desk_groups.unlink())
    assert not clinic.do(lambda uow: uow.desk_groups.unlink())


def test_a_group_that_moves_takes_its_topics_along(clinic: Clinic) -> None:
    linked(clinic)
    topic = topic_of(clinic, clinic.add_talk())
    assert not clinic.do(lambda uow: uow.desk_groups.moved(MOVED, GROUP))
    assert clinic.do(lambda uow: uow.desk_groups.moved(GROUP, MOVED))
    assert clinic.do(lambda uow: uow.topics.by_thread(GROUP, 7)) is None
    found = clinic.do(lambda uow: uow.topics.by_thread(MOVED, 7))
    assert found is not None
    assert found.id == topic.id


def test_one_process_at_a_time_posts(clinic: Clinic) -> None:
    linked(clinic)

    def lease(token: str, after: timedelta) -> bool:
        now = NOW + after
        return clinic.do(lambda uow: uow.desk_groups.lease(token, until=now + MINUTE, now=now))

    assert lease("one", timedelta())
    assert not lease("two", MINUTE / 2)
    assert lease("one", MINUTE / 2)
    assert not lease("two", MINUTE)
    assert lease("two", 2 * MINUTE)
    clinic.do(lambda uow: uow.desk_groups.release("one"))
    assert not lease("one", 2 * MINUTE)
    clinic.do(lambda uow: uow.desk_groups.release("two"))
    assert lease("one", 2 * MINUTE)


def test_an_account_is_one_colleagues_and_ends_when_they_leave(clinic: Clinic) -> None:
    one, two = clinic.add_staff("One"), clinic.add_staff("Two")
    clinic.do(lambda uow: uow.staff_accounts.link(one, 777, now=NOW))
    assert clinic.do(lambda uow: uow.staff_accounts.whose(777)) == one
    assert clinic.do(lambda uow: uow.staff_accounts.whose(778)) is None
    clinic.do(lambda uow: uow.staff_accounts.link(two, 777, now=NOW))
    assert clinic.do(lambda uow: uow.staff_accounts.users()) == {two: 777}
    clinic.do(lambda uow: uow.staff_accounts.link(two, 779, now=NOW))
    assert clinic.do(lambda uow: uow.staff_accounts.users()) == {two: 779}
    clinic.do(lambda uow: uow.staff.deactivate(two))
    assert clinic.do(lambda uow: uow.staff_accounts.whose(779)) is None
    assert clinic.do(lambda uow: uow.staff_accounts.unlink(two))
    assert not clinic.do(lambda uow: uow.staff_accounts.unlink(two))


def test_the_next_words_are_a_note_in_one_topic_for_a_while(clinic: Clinic) -> None:
    staff_id, topic = clinic.add_staff(), topic_of(clinic, clinic.add_talk())
    clinic.do(lambda uow: uow.staff_accounts.link(staff_id, 777, now=NOW))

    def until(topic_id: TopicId) -> datetime | None:
        return clinic.do(lambda uow: uow.staff_accounts.noting_until(staff_id, topic_id))

    assert until(topic.id) is None
    clinic.do(lambda uow: uow.staff_accounts.note_next(staff_id, topic.id, until=NOW + MINUTE))
    assert until(topic.id) == NOW + MINUTE
    assert until(TopicId(topic.id + 1)) is None
    clinic.do(lambda uow: uow.staff_accounts.noted(staff_id))
    assert until(topic.id) is None


def test_who_is_nobodys_is_told_so_once_in_a_while_in_each_topic(clinic: Clinic) -> None:
    def refuse(after: timedelta, topic: int = 1) -> bool:
        return clinic.do(
            lambda uow: uow.staff_accounts.refuse_once(666, TopicId(topic), now=NOW + after, again_after=HOUR)
        )

    assert refuse(timedelta())
    assert not refuse(MINUTE)
    assert refuse(MINUTE, topic=2)
    assert refuse(HOUR)
    assert not refuse(HOUR + MINUTE)
