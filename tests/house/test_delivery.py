"""What becomes of messages whose sending fails: nothing is repeated blindly, nothing is lost, one stops no other."""

from datetime import timedelta

import pytest

from bot.services.ports import AddressClosedError, ChannelError, NotSentError, OutcomeUnknownError, RefusedError
from bot.services.sending import MOST_ATTEMPTS
from flows.ids import ConversationId
from flows.vocabulary import TicketReason, Urgency
from tests.house.acts import EVENING, MINUTE, comes, days_pass, invites, passes, proactive, said
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World

BUSY = NotSentError("busy", wait=timedelta(minutes=2))


def asked_about(records: Records, talk: ConversationId) -> list[str]:
    """Why staff were asked to look at a conversation."""
    return [row["reason"] for row in records.of("ticket", conversation_id=talk)]


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (OutcomeUnknownError("no answer"), "no_answer"),
        (TimeoutError(), "no_answer"),
        (ChannelError("strange"), "channel_error"),
        (KeyError("nobody foresaw this"), "KeyError"),
    ],
)
async def test_what_may_have_arrived_is_shown_to_staff_and_never_repeated(
    world: World, records: Records, line: Line, trouble: Exception, reason: str
) -> None:
    _, talk = world.add_patient()
    line.troubles.append(trouble)
    await world.writes(talk, "look for a time please")
    assert [(row["status"], row["status_reason"]) for row in records.of("outbox", conversation_id=talk)] == [
        ("unknown", reason)
    ]
    assert asked_about(records, talk) == [TicketReason.UNKNOWN_DELIVERY]
    assert records.of("ticket")[0]["urgency"] == Urgency.TODAY
    await days_pass(world, 1)
    assert len([each for each in line.arrived if "keeping" in each.text]) == 1
    assert len(records.of("ticket")) == 1


async def test_an_invitation_that_may_have_arrived_counts_as_sent(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    line.troubles.append(OutcomeUnknownError("no answer"))
    await invites(world)
    await days_pass(world, 20)
    assert proactive(records, talk)[0] == ("recall", "unknown", "no_answer")
    assert len(line.arrived) == 1


async def test_what_surely_did_not_leave_is_sent_later(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    line.troubles.append(BUSY)
    await world.writes(talk, "look for a time please")
    assert said(records, talk) == [("times.two", "queued")]
    await comes(world, world.clock.now() + MINUTE)
    assert line.arrived == []
    await comes(world, world.clock.now() + MINUTE)
    assert said(records, talk) == [("times.two", "sent")]
    assert len(line.arrived) == 1


async def test_an_invitation_that_did_not_leave_passes_the_gate_again(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    line.troubles.append(BUSY)
    await invites(world)
    assert proactive(records, talk) == [("recall", "planned", "not_sent")]
    await world.writes(talk, "stop")
    await days_pass(world, 1)
    assert proactive(records, talk) == [("recall", "withdrawn", "stopped")]


async def test_what_never_leaves_is_given_up(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    line.troubles.extend([BUSY] * 20)
    await world.writes(talk, "look for a time please")
    await passes(world, 60 * MINUTE, step=2 * MINUTE)
    row = records.of("outbox", conversation_id=talk)[0]
    assert (row["status"], row["status_reason"], row["attempts"]) == ("failed", "too_many_attempts", MOST_ATTEMPTS)
    assert line.arrived == []


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [(AddressClosedError("blocked"), "address_closed"), (RefusedError("too long"), "refused_by_channel")],
)
async def test_what_is_refused_for_good_is_not_tried_again_and_stops_no_other(
    world: World, records: Records, line: Line, trouble: Exception, reason: str
) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    await world.house.ticks.run_all()
    line.troubles.append(trouble)
    await comes(world, EVENING)
    await passes(world, 60 * MINUTE, step=10 * MINUTE)
    assert sorted([*proactive(records, one), *proactive(records, other)]) == [
        ("recall", "failed", reason),
        ("recall", "sent", None),
    ]
    assert len(line.arrived) == 1


async def test_one_that_cannot_be_worded_stops_no_other(world: World, records: Records, line: Line) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    await world.house.ticks.run_all()
    records.change("UPDATE conversation SET state = :damaged WHERE id = :id", damaged=b"damaged", id=one)
    await comes(world, EVENING)
    await days_pass(world, 1)
    assert proactive(records, other) == [("recall", "sent", None)]
    assert proactive(records, one) == [("recall", "failed", "SealBrokenError")]
    assert len(line.arrived) == 1


async def test_a_reply_that_is_late_stays_in_once_staff_have_taken_over(
    world: World, records: Records, line: Line
) -> None:
    staff = world.add_staff()
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    for talk in (one, other):
        line.troubles.append(BUSY)
        await world.writes(talk, "look for a time please")

    async def take_over() -> None:
        await world.house.desk.take(staff, other)

    line.meanwhile = take_over
    await comes(world, world.clock.now() + 3 * MINUTE)
    assert said(records, one) == [("times.two", "sent")]
    assert said(records, other) == [("times.two", "refused")]
    assert len(line.arrived) == 1


async def test_what_staff_wrote_leaves_late_while_they_own_the_chat(world: World, records: Records, line: Line) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    line.troubles.append(BUSY)
    await world.house.desk.answer(staff, talk, "1", "Good morning")
    assert said(records, talk) == [("staff", "queued")]
    await comes(world, world.clock.now() + 3 * MINUTE)
    assert [each.text for each in line.arrived] == ["Good morning"]
