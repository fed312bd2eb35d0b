"""Topics, their posts and the lines they show, on both databases."""

from datetime import timedelta

import pytest

from flows.ids import OutboxId, StaffId
from flows.vocabulary import Channel, Owner, TicketReason, Urgency
from storage.errors import KeyErasedError
from storage.records.outgoing import Lease, NewOutbox
from storage.records.topics import Topic, UnshownLine
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import LineSide, OutboxKind, OutboxStatus, PostKind, PostState, ReceivedKind
from tests.storage.conftest import NOW, Clinic, Talk

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
GROUP, MOVED = -1001111111111, -1002222222222
ALL = NOW - HOUR


def topic_of(clinic: Clinic, talk: Talk, thread_id: int = 7) -> Topic:
    """An open topic of a talk."""

    def begin(uow: UnitOfWork) -> Topic | None:
        topic = uow.topics.begin(talk.conversation_id, GROUP, now=NOW)
        uow.topics.change(topic.id, {"thread_id": thread_id})
        return uow.topics.get(topic.id)

    found = clinic.do(begin)
    assert found is not None
    return found


def hears(clinic: Clinic, talk: Talk, text: str) -> None:
    """The patient writes."""
    now = clinic.clock.forward(seconds=1)
    clinic.do(lambda uow: uow.updates.received(talk.conversation_id, ReceivedKind.TEXT, {"text": text}, now))


def says(clinic: Clinic, talk: Talk, text: str) -> OutboxId:
    """A message to the patient leaves, under the lease "lease"."""
    now = clinic.clock.forward(seconds=1)
    row = NewOutbox(
        patient_id=talk.patient_id,
        conversation_id=talk.conversation_id,
        channel=Channel.WEBCHAT,
        kind=OutboxKind.STAFF,
        message_key="staff",
        level=1,
        not_before=now,
        body={"text": text},
        lease=Lease(token="lease", until=now + HOUR),  # noqa: S106  # no secret
    )
    return clinic.do(lambda uow: uow.outbox.put([row], now=now))[0]


def arrives(clinic: Clinic, outbox_id: OutboxId) -> None:
    now = clinic.clock.now
    assert clinic.do(lambda uow: uow.outbox.mark_sent({outbox_id: f"x{outbox_id}"}, "lease", now)) == 1


def unshown(clinic: Clinic, talk: Talk, topic: Topic, limit: int = 40) -> list[UnshownLine]:
    return clinic.do(lambda uow: uow.topic_posts.last_unshown(talk.conversation_id, topic.id, since=ALL, limit=limit))


def texts(lines: list[UnshownLine]) -> list[str]:
    return [str(each.line.body["text"]) for each in lines]


def test_in_sight_is_what_staff_look_after_or_left_open(clinic: Clinic) -> None:
    asked, held, left, done, quiet = (clinic.add_talk() for _ in range(5))
    clinic.do(
        lambda uow: uow.tickets.open(
            asked.conversation_id, reason=TicketReason.WORRY, urgency=Urgency.TODAY, due_at=NOW, now=NOW
        )
    )
    staff_id: StaffId = clinic.add_staff()
    clinic.do(
        lambda uow: uow.conversations.set_owner(
            held.conversation_id, owner=Owner.STAFF, staff_id=staff_id, lease_until=NOW + HOUR, lock_version=0
        )
    )
    topic_of(clinic, left, 8)
    closed = topic_of(clinic, done, 9)
    clinic.do(lambda uow: uow.topics.change(closed.id, {"closed": True}))
    found = set(clinic.do(lambda uow: uow.topics.in_sight()))
    assert found == {asked.conversation_id, held.conversation_id, left.conversation_id}
    assert quiet.conversation_id not in found
    clinic.do(lambda uow: uow.patients.erase(done.patient_id, now=NOW))
    assert done.conversation_id in clinic.do(lambda uow: uow.topics.in_sight())


def test_the_most_urgent_comes_first(clinic: Clinic) -> None:
    talks = [clinic.add_talk() for _ in range(3)]
    for talk, urgency, due_in in zip(
        talks, (Urgency.TODAY, Urgency.NOW, Urgency.TODAY), (2 * HOUR, 3 * HOUR, HOUR), strict=True
    ):
        clinic.do(
            lambda uow, talk=talk, urgency=urgency, due_in=due_in: uow.tickets.open(  # type: ignore[misc]  # bound at once
                talk.conversation_id, reason=TicketReason.WORRY, urgency=urgency, due_at=NOW + due_in, now=NOW
            )
        )
    expected = [talks[place].conversation_id for place in (1, 2, 0)]
    assert clinic.do(lambda uow: uow.topics.by_urgency()) == expected


def test_a_topic_shows_each_line_once(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    topic = topic_of(clinic, talk)
    hears(clinic, talk, "one")
    outbox_id = says(clinic, talk, "two")
    assert texts(unshown(clinic, talk, topic)) == ["one"]
    arrives(clinic, outbox_id)
    lines = unshown(clinic, talk, topic)
    assert texts(lines) == ["one", "two"]
    assert texts(unshown(clinic, talk, topic, limit=1)) == ["two"]
    first = clinic.do(lambda uow: uow.topic_posts.next_unshown(talk.conversation_id, topic.id, since=ALL, limit=1))
    assert texts(first) == ["one"]
    post_id = clinic.do(lambda uow: uow.topic_posts.begin(topic.id, PostKind.LINES, now=NOW))
    clinic.do(lambda uow: uow.topic_posts.show(topic.id, lines, post_id))
    assert unshown(clinic, talk, topic) == []
    assert texts(clinic.do(lambda uow: uow.topic_posts.lines_of(talk.conversation_id, topic.id, post_id))) == [
        "one",
        "two",
    ]


def test_what_surely_did_not_arrive_is_to_be_shown_still(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    topic = topic_of(clinic, talk)
    hears(clinic, talk, "one")
    lines = unshown(clinic, talk, topic)
    post_id = clinic.do(lambda uow: uow.topic_posts.begin(topic.id, PostKind.LINES, now=NOW))
    clinic.do(lambda uow: uow.topic_posts.show(topic.id, lines, post_id))
    clinic.do(lambda uow: uow.topic_posts.undo(post_id))
    assert texts(unshown(clinic, talk, topic)) == ["one"]
    assert clinic.do(lambda uow: uow.topic_posts.not_over(10)) == []
    assert clinic.do(lambda uow: uow.topic_posts.calls_since(ALL)) == 0


def test_what_staff_wrote_in_the_topic_comes_back_only_if_it_did_not_arrive(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    topic = topic_of(clinic, talk)
    outbox_id = says(clinic, talk, "from the topic")
    clinic.do(lambda uow: uow.topic_posts.written_there(topic.id, 55, outbox_id))
    found = clinic.do(lambda uow: uow.topic_posts.find_written(topic.id, 55))
    assert found is not None
    assert (found.outbox_id, found.external_id) == (outbox_id, None)
    assert clinic.do(lambda uow: uow.topic_posts.find_written(topic.id, 56)) is None
    assert clinic.do(lambda uow: uow.topic_posts.last_written(topic.id)) == 55
    assert unshown(clinic, talk, topic) == []
    clinic.do(lambda uow: uow.outbox.mark_unknown([outbox_id], "lease", clinic.clock.now, reason="no_answer"))
    (doubtful,) = unshown(clinic, talk, topic)
    assert (doubtful.side, doubtful.in_topic, doubtful.shown) == (LineSide.OUTBOX, True, None)
    assert doubtful.line.status is OutboxStatus.UNKNOWN
    post_id = clinic.do(lambda uow: uow.topic_posts.begin(topic.id, PostKind.LINES, now=NOW))
    clinic.do(lambda uow: uow.topic_posts.show(topic.id, [doubtful], post_id))
    assert unshown(clinic, talk, topic) == []
    clinic.do(lambda uow: uow.topic_posts.undo(post_id))
    assert len(unshown(clinic, talk, topic)) == 1
    assert clinic.do(lambda uow: uow.topic_posts.find_written(topic.id, 55)) is not None


def test_the_channels_id_of_what_staff_wrote_is_found(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    topic = topic_of(clinic, talk)
    outbox_id = says(clinic, talk, "from the topic")
    clinic.do(lambda uow: uow.topic_posts.written_there(topic.id, 55, outbox_id))
    arrives(clinic, outbox_id)
    found = clinic.do(lambda uow: uow.topic_posts.find_written(topic.id, 55))
    assert found is not None
    assert found.external_id == f"x{outbox_id}"


def test_a_text_waits_is_posted_once_and_leaves_no_words(clinic: Clinic) -> None:
    post_id = clinic.do(lambda uow: uow.topic_posts.queue(None, {"key": "said"}, now=NOW))
    (waiting,) = clinic.do(lambda uow: uow.topic_posts.not_over(10))
    assert (waiting.id, waiting.state, waiting.body) == (post_id, PostState.QUEUED, {"key": "said"})
    assert clinic.do(lambda uow: uow.topic_posts.calls_since(ALL)) == 0
    assert clinic.do(lambda uow: uow.topics.standing()).waiting == 1
    assert clinic.do(lambda uow: uow.topic_posts.begin_queued(post_id, now=NOW))
    assert not clinic.do(lambda uow: uow.topic_posts.begin_queued(post_id, now=NOW))
    assert clinic.do(lambda uow: uow.topic_posts.calls_since(ALL)) == 1
    clinic.do(lambda uow: uow.topic_posts.undo(post_id))
    assert clinic.do(lambda uow: uow.topic_posts.begin_queued(post_id, now=NOW))
    clinic.do(lambda uow: uow.topic_posts.posted(post_id, 99))
    assert clinic.do(lambda uow: uow.topic_posts.not_over(10)) == []
    assert not clinic.do(lambda uow: uow.topic_posts.begin_queued(post_id, now=NOW))


def test_a_call_somebody_crashed_in_is_found_and_then_left_alone(clinic: Clinic) -> None:
    topic = topic_of(clinic, clinic.add_talk())
    post_id = clinic.do(lambda uow: uow.topic_posts.begin(topic.id, PostKind.LINES, now=NOW))
    assert [post.id for post in clinic.do(lambda uow: uow.topic_posts.not_over(10))] == [post_id]
    clinic.do(lambda uow: uow.topic_posts.unknown(post_id))
    assert clinic.do(lambda uow: uow.topic_posts.not_over(10)) == []
    last = clinic.do(lambda uow: uow.topic_posts.last_in(topic.id))
    assert last is not None
    assert last.state is PostState.UNKNOWN


def test_a_topic_that_is_gone_is_begun_anew_with_all_lines(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    topic = topic_of(clinic, talk)
    hears(clinic, talk, "one")
    lines = unshown(clinic, talk, topic)
    clinic.do(lambda uow: uow.topic_posts.show(topic.id, lines, None))
    clinic.do(lambda uow: uow.topics.change(topic.id, {"card_id": 5, "closed": True, "uncertain": True}))
    again = clinic.do(lambda uow: uow.topics.begin(talk.conversation_id, MOVED, now=NOW))
    assert (again.id, again.chat_id, again.thread_id, again.card_id) == (topic.id, MOVED, None, None)
    assert (again.closed, again.uncertain) == (False, False)
    assert texts(unshown(clinic, talk, again)) == ["one"]


def test_how_the_desk_stands_is_counted(clinic: Clinic) -> None:
    open_one, doubtful, closed = (topic_of(clinic, clinic.add_talk(), thread) for thread in (1, 2, 3))
    clinic.do(lambda uow: uow.topics.change(doubtful.id, {"uncertain": True}))
    clinic.do(lambda uow: uow.topics.change(closed.id, {"closed": True}))
    clinic.do(lambda uow: uow.topic_posts.queue(open_one.id, {"key": "said"}, now=NOW))
    standing = clinic.do(lambda uow: uow.topics.standing())
    assert (standing.open, standing.uncertain, standing.waiting) == (2, 1, 1)


def test_lines_of_an_erased_person_do_not_open(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    topic = topic_of(clinic, talk)
    hears(clinic, talk, "one")
    clinic.do(lambda uow: uow.patients.erase(talk.patient_id, now=NOW))
    with pytest.raises(KeyErasedError):
        unshown(clinic, talk, topic)


def test_what_is_shown_is_known_again_and_not_kept(clinic: Clinic) -> None:
    marks = clinic.do(lambda uow: (uow.topics.mark_of("Anna"), uow.topics.mark_of("Anna"), uow.topics.mark_of("Bea")))
    assert marks[0] == marks[1] != marks[2]
    assert b"Anna" not in marks[0]
    assert clinic.neighbour().do(lambda uow: uow.topics.mark_of("Anna")) != marks[0]
