"""Where the policy wants a person to release the batch: nothing leaves before, what was unticked never, a stop wins."""

import pytest

from bot.services.desk_ports import NotAllowedError
from bot.services.preview import waiting
from bot.services.release_views import BatchRow
from bot.services.views import StaffMember
from flows.ids import ConversationId
from flows.vocabulary import Role
from storage.vocabulary import StaffDid
from tests.house.acts import EVENING, comes, days_pass, proactive
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World

BELGIUM = "BE"
"""There a person releases what invites."""


async def only_batch(world: World, staff: StaffMember) -> BatchRow:
    """The one batch that waits."""
    (batch,) = await world.house.releasing.batches(staff)
    return batch


async def release_all(world: World, staff: StaffMember, *, without: frozenset[int] = frozenset()) -> None:
    """Let a colleague go through the only batch and tick all but some messages."""
    batch = await only_batch(world, staff)
    view = await world.house.releasing.batch(staff, batch.name)
    assert view is not None
    shown = [message.id for message in view.messages]
    await world.house.releasing.release(staff, batch.name, shown=shown, ticked=frozenset(shown) - without)


@pytest.fixture
async def talks(world: World) -> list[ConversationId]:
    """Two patients in Belgium, for whom an invitation is planned."""
    found = [world.add_patient(residence=BELGIUM)[1] for _ in range(2)]
    await world.house.ticks.run_all()
    return found


async def test_a_planned_message_waits_for_a_person_who_sees_what_when_to_whom_and_in_which_words(
    world: World, talks: list[ConversationId]
) -> None:
    staff = world.add_staff(Role.DENTIST)
    batch = await only_batch(world, staff)
    assert (batch.name, batch.count) == ("recall-2026-11-23", len(talks))
    view = await world.house.releasing.batch(staff, batch.name)
    assert view is not None
    first = view.messages[0]
    assert (first.name, first.what, first.step, first.channel) == ("Anna Example-T-0", "reactivation", 1, "webchat")
    assert first.at == EVENING.replace(minute=30)
    assert "De Linde" in (first.text or "")
    assert "25 November" in (first.text or ""), "the times are those an invitation can offer when it leaves"
    assert "24 November" not in (first.text or "")
    assert "Anna" not in (first.text or ""), "level 0 says no name"


async def test_the_plan_tells_what_waits_for_a_person_from_what_leaves_by_itself(
    world: World, talks: list[ConversationId]
) -> None:
    def planned() -> list[bool]:
        with world.house.database.reading(world.house.clinic.id) as uow:
            return [each.needs_release for each in waiting(uow, world.house.clinic, limit=9)]

    assert planned() == [True] * len(talks)
    await release_all(world, world.add_staff(Role.DENTIST))
    assert planned() == [False] * len(talks)


async def test_what_nobody_released_does_not_leave_and_rests(
    world: World, records: Records, line: Line, talks: list[ConversationId]
) -> None:
    await comes(world, EVENING)
    assert [proactive(records, talk) for talk in talks] == [[("recall", "refused", "not_released")]] * 2
    await days_pass(world, 6)
    assert line.arrived == []
    assert len(records.of("outbox")) == len(talks), "nobody is asked the same again at once"
    await days_pass(world, 2)
    assert len(records.of("outbox")) == 2 * len(talks)


async def test_what_is_released_leaves_and_what_was_unticked_is_taken_back_with_the_reason(
    world: World, records: Records, line: Line, talks: list[ConversationId]
) -> None:
    staff = world.add_staff()
    unticked = records.of("outbox", conversation_id=talks[1])[0]["id"]
    await release_all(world, staff, without=frozenset({unticked}))
    assert await world.house.releasing.batches(staff) == ()
    await comes(world, EVENING)
    assert proactive(records, talks[0]) == [("recall", "sent", None)]
    assert proactive(records, talks[1]) == [("recall", "withdrawn", "left_out")]
    assert len(line.arrived) == 1
    await days_pass(world, 10)
    assert len(records.of("outbox", conversation_id=talks[1])) == 1, "who was left out is not shown again tomorrow"


async def test_a_stop_between_release_and_sending_wins(
    world: World, records: Records, line: Line, talks: list[ConversationId]
) -> None:
    await release_all(world, world.add_staff())
    await world.writes(talks[0], "stop")
    line.arrived.clear()
    await comes(world, EVENING)
    assert proactive(records, talks[0]) == [("recall", "withdrawn", "stopped")]
    assert proactive(records, talks[1]) == [("recall", "sent", None)]
    assert len(line.arrived) == 1


async def test_the_gate_still_decides_when_a_released_message_leaves(
    world: World, records: Records, talks: list[ConversationId]
) -> None:
    staff = world.add_staff()
    await release_all(world, staff)
    await world.house.desk.take(staff, talks[0])
    await comes(world, EVENING)
    assert proactive(records, talks[0]) == [("recall", "refused", "staff_owns")]


async def test_releasing_twice_has_one_effect_and_one_entry_in_the_audit(
    world: World, records: Records, talks: list[ConversationId]
) -> None:
    staff = world.add_staff()
    batch = await only_batch(world, staff)
    shown = [row["id"] for row in records.of("outbox")]
    releasing = world.house.releasing
    first = await releasing.release(staff, batch.name, shown=shown, ticked=shown)
    again = await releasing.release(staff, batch.name, shown=shown, ticked=())
    assert (first.released, first.left_out, first.too_late) == (2, 0, 0)
    assert (again.released, again.left_out, again.too_late) == (0, 0, 2)
    assert [row["status"] for row in records.of("outbox")] == ["planned"] * len(talks)
    assert len(records.of("staff_action", action=StaffDid.RELEASED_BATCH.value)) == 1
    assert len(records.of("batch_release")) == 1


async def test_what_was_planned_since_the_page_was_shown_is_not_released_with_it(
    world: World, records: Records, talks: list[ConversationId]
) -> None:
    staff = world.add_staff()
    batch = await only_batch(world, staff)
    shown = [row["id"] for row in records.of("outbox")]
    _, late = world.add_patient(residence=BELGIUM)
    await world.house.ticks.run_all()
    await world.house.releasing.release(staff, batch.name, shown=shown, ticked=shown)
    assert (await only_batch(world, staff)).count == 1
    await comes(world, EVENING)
    assert [proactive(records, talk)[0][1] for talk in (*talks, late)] == ["sent", "sent", "refused"]


async def test_reception_releases_nothing(world: World, talks: list[ConversationId]) -> None:
    del talks
    batch = await only_batch(world, world.add_staff())
    reception = world.add_staff(Role.RECEPTION)
    with pytest.raises(NotAllowedError):
        await world.house.releasing.batches(reception)
    with pytest.raises(NotAllowedError):
        await world.house.releasing.batch(reception, batch.name)
    with pytest.raises(NotAllowedError):
        await world.house.releasing.release(reception, batch.name, shown=[1], ticked=[1])


async def test_where_the_policy_lets_it_leave_by_itself_nobody_is_asked(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.house.ticks.run_all()
    assert await world.house.releasing.batches(world.add_staff()) == ()
    await comes(world, EVENING)
    assert proactive(records, talk) == [("recall", "sent", None)]
