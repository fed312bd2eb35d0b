"""What becomes of messages whose sending fails: nothing is repeated blindly, nothing is lost, one stops no other."""

from datetime import timedelta

import pytest

from bot.services.ports import AddressClosedError, ChannelError, NotSentError, OutcomeUnknownError, RefusedError
from bot.services.sending import MOST_ATTEMPTS
from flows.ids import ConversationId
from flows.vocabulary import TicketReason, Urgency
from storage.repositories.passes import Holder
from storage.vocabulary import PassKind
from tests.house.acts import DAY, EVENING, MINUTE, comes, days_pass, invites, passes, proactive, said
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World

BUSY = NotSentError("busy", wait=timedelta(minutes=2))
BLOCKED = AddressClosedError("blocked")


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


def closings(records: Records) -> list[tuple[str, str]]:
    """What the ledger holds of addresses that were closed and opened: what happened, and who did it."""
    rows = records.of("ledger_event")
    return [(row["act"], row["acted_by"]) for row in rows if row["act"] in {"blocked", "unblocked"}]


async def test_an_address_that_its_channel_closed_is_knocked_at_once_and_stands_in_the_ledger(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    line.troubles.append(BLOCKED)
    await invites(world)
    assert proactive(records, talk) == [("recall", "failed", "address_closed")]
    assert closings(records) == [("blocked", "system")]
    await days_pass(world, 60)
    assert len(records.of("outbox", conversation_id=talk)) == 1
    assert line.arrived == []


async def test_two_messages_to_a_closed_address_close_it_once(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    await invites(world)
    old = (await world.house.patient.chat(world.session(talk))).buttons[0].payload
    await world.writes(talk, "not now")
    line.troubles.extend([BLOCKED, BLOCKED])
    await world.house.patient.press(world.session(talk), "late", old)
    assert [status for _, status in said(records, talk)][-2:] == ["failed", "failed"]
    assert closings(records) == [("blocked", "system")]


async def test_who_writes_from_a_closed_address_opens_it_and_is_written_to_again(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    line.troubles.append(BLOCKED)
    await world.writes(talk, "look for a time please")
    assert closings(records) == [("blocked", "system")]
    await world.writes(talk, "the first one please")
    assert closings(records) == [("blocked", "system"), ("unblocked", "self")]
    assert [key for key, status in said(records, talk) if status == "sent"] == ["booking.booked_bring_soon"]
    await days_pass(world, 4)
    assert [row[1] for row in proactive(records, talk)] == []
    await world.writes(talk, "hello again")
    assert len(closings(records)) == 2


async def test_a_new_link_opens_a_closed_page(world: World, records: Records, line: Line) -> None:
    patient_id, talk = world.add_patient()
    line.troubles.append(BLOCKED)
    await world.writes(talk, "look for a time please")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        now = world.clock.now()
        token = uow.passes.issue(PassKind.PATIENT_LINK, Holder(patient_id=patient_id), now=now, lifetime=DAY)
        uow.commit()
    assert await world.house.patient.redeem_link(token) is not None
    assert closings(records) == [("blocked", "system"), ("unblocked", "self")]


async def test_the_outbox_keeps_the_level_that_was_said_not_the_one_that_was_allowed(
    world: World, records: Records
) -> None:
    _, talk = world.add_patient()
    await invites(world)
    await world.writes(talk, "the first one please")
    await world.writes(talk, "thanks")
    levels = {row["message_key"]: row["level"] for row in records.of("outbox", conversation_id=talk)}
    assert levels == {"recall.first": 0, "booking.booked_bring": 1, "answer.pleasantry": 0}
