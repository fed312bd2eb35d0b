"""Whoever is refused again and again keeps nobody behind them waiting, however short the pages are that are read."""

import pytest

from bot.services import candidates
from flows.engine.choices import Choice
from flows.ids import ConversationId
from tests.house.acts import SECOND_TIME, books, chooses, proactive
from tests.house.records import Records
from tests.house.test_review_planning import visited
from tests.world import World

IN_THE_WAY = 5


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "PAGE", 2)


async def test_reminders_that_nobody_wants_do_not_keep_others_from_theirs(world: World, records: Records) -> None:
    for _ in range(IN_THE_WAY):
        _, unwilling = world.add_patient()
        await books(world, records, unwilling)
        await world.writes(unwilling, "stop")
        await chooses(world, unwilling, Choice.STOP_VISIT_TOO)
    _, talk = world.add_patient()
    await books(world, records, talk, SECOND_TIME)
    for _ in range(2):
        await world.house.planning.plan_due()
    assert [purpose for purpose, _, _ in proactive(records, talk)] == ["appointment"]


async def test_check_ins_that_wait_for_staff_do_not_keep_others_from_theirs(world: World, records: Records) -> None:
    staff, talks = world.add_staff(), list[ConversationId]()
    for place in range(IN_THE_WAY + 1):
        patient_id, talk = world.add_patient()
        visited(world, records, patient_id, 3)
        talks.append(talk)
        if place < IN_THE_WAY:
            await world.house.desk.take(staff, talk)
    for _ in range(2):
        await world.house.planning.plan_due()
    assert [purpose for purpose, _, _ in proactive(records, talks[-1])] == ["postvisit"]
    assert all(proactive(records, talk) == [] for talk in talks[:-1])
