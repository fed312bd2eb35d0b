"""The real house is tempted to send what it may not: whole it does not, broken it does, and then the rows tell.

The judge reads stored rows alone; a law that could not be broken would prove nothing.
"""

import pytest

from flows.outreach import gate
from flows.outreach.verdict import Refusal
from tests.house.judge import breaks
from tests.house.records import Everything, Records
from tests.laws.auditing import BETWEEN, left_between, wrongly_sent
from tests.laws.temptations import TEMPTATIONS, Scene, Temptation
from tests.world import World

WAITS = frozenset({"quiet_hours", "weekday", "holiday"})


@pytest.fixture
def scene(world: World, records: Records) -> Scene:
    patient_id, talk = world.add_patient()
    return Scene(world=world, records=records, patient_id=patient_id, talk=talk)


async def tempted(scene: Scene, temptation: Temptation) -> tuple[Everything, Everything]:
    """Plan, let happen what happens, and let the moment of leaving come: what stood before, and after."""
    await scene.world.house.ticks.run_all()
    assert [row["status"] for row in scene.records.of("outbox", kind="proactive")] == ["planned"]
    temptation.happens(scene)
    before = scene.records.read()
    scene.world.clock.move_to(temptation.at)
    await scene.world.house.ticks.run("deliver")
    return before, scene.records.read()


def broken_laws(before: Everything, after: Everything) -> set[str]:
    found = [*breaks(after), *wrongly_sent(before, after)]
    return {broken.partition(":")[0] for broken in found}


@pytest.mark.parametrize("name", TEMPTATIONS)
async def test_the_house_does_not_send(scene: Scene, name: str) -> None:
    before, after = await tempted(scene, TEMPTATIONS[name])
    assert [sent["id"] for sent, _ in left_between(before, after)] == []
    assert wrongly_sent(before, after) == []


@pytest.mark.parametrize("name", TEMPTATIONS)
async def test_with_the_gate_broken_it_would_and_the_rows_tell(
    scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    temptation = TEMPTATIONS[name]
    never = {Refusal(reason) for reason in temptation.reasons - WAITS}
    whole = gate._against  # noqa: SLF001 - what is broken here on purpose
    monkeypatch.setattr(gate, "_against", lambda *asked: (reason for reason in whole(*asked) if reason not in never))
    if temptation.reasons & WAITS:
        monkeypatch.setattr(gate, "closed_by", lambda *_asked: None)
    before, after = await tempted(scene, temptation)
    assert temptation.law not in broken_laws(before, before), "not yet"
    assert temptation.law in broken_laws(before, after)


async def test_an_invitation_that_may_leave_breaks_no_law(scene: Scene) -> None:
    before, after = await tempted(scene, Temptation(happens=lambda _scene: None, reasons=frozenset(), law=""))
    assert [row["status"] for row in after.of("outbox", kind="proactive")] == ["sent"]
    assert broken_laws(before, after) == set()


def test_every_law_of_the_rows_is_tempted() -> None:
    assert {law.__name__ for law in BETWEEN} <= {temptation.law for temptation in TEMPTATIONS.values()}
