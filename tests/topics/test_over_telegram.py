"""The desk in a real forum group of the Bot API server for tests, through both bots: linked, answered, handed back.

Every call is checked against the published API when a test ends.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clocks import RehearsalClock
from bot.services.topic_links import group_code, staff_code
from flows.ids import StaffId
from tests.botapi.api import BotApi
from tests.botapi.files import MediaKind
from tests.botapi.groups import Group, Member
from tests.botapi.model import Topic
from tests.botapi.people import Person
from tests.telegram.acts import comes_by_link
from tests.telegram.clinic import Clinic
from tests.telegram.conftest import api, clock
from tests.telegram.starting import house_on_telegram

__all__ = ["api", "clock"]


# Asyncio words a finished task with its result, and the house takes long to be worded.
@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Scene:
    """A clinic whose group is connected, Robin of its staff in it, and a patient in the chat."""

    clinic: Clinic
    group: Group
    robin: Member
    anna: Person

    async def comes_round(self, time: timedelta = timedelta(seconds=1)) -> None:
        """Let the bots take in what waits, and then a round come."""
        await self.clinic.until_quiet()
        self.clinic.clock.move_to(self.clinic.clock.now() + time)
        await self.clinic.house.ticks.run("topics")

    async def asks_for_a_person(self) -> Topic:
        """Let Anna ask for a person; the topic staff see then."""
        self.anna.write("I want to talk to a person please")
        await self.comes_round()
        return await self.group.until_topic("Anna Example · waiting")


@pytest.fixture
async def scene(api: BotApi, clock: RehearsalClock, tmp_path: Path) -> AsyncIterator[Scene]:
    """Connect all of them, as they would themselves."""
    async with house_on_telegram(api, tmp_path, clock) as clinic:
        owner = api.person("Robin", language="en")
        group = api.group("Desk", owner=owner)
        group.add(clinic.bots.desk)
        robin = group.member(owner.account)
        member = clinic.add_staff()
        with clinic.house.database.unit_of_work(clinic.house.clinic.id) as uow:
            for_group = group_code(uow, clock.now()).code
            for_robin = staff_code(uow, StaffId(member.staff_id), clock.now()).code
            uow.commit()
        robin.write(None, f"/link {for_group}")
        await group.until_sees("This group is now the desk: Desk.")
        owner.start(clinic.bots.desk, for_robin)
        await owner.until_sees("You are connected now as Robin Example.")
        anna = await comes_by_link(clinic, clinic.add_patient())
        yield Scene(clinic=clinic, group=group, robin=robin, anna=anna)


async def test_staff_answer_in_the_topic_and_hand_back(scene: Scene) -> None:
    topic = await scene.asks_for_a_person()
    card, talk = scene.group.sees(topic)[-2:]
    assert "Take over" in card.buttons
    assert "I want to talk to a person please" in talk.text
    scene.robin.write(topic, "Good morning Anna, how can we help?")
    await scene.anna.until_sees("Good morning Anna, how can we help?")
    scene.anna.write("Is Thursday possible?")
    await scene.comes_round()
    await scene.group.until_sees("Is Thursday possible?", topic)
    await scene.group.until_topic("Anna Example · with Robin Example")
    assert await scene.robin.press("Hand back", topic).until_answered() == "Handed back."
    await scene.comes_round()
    await scene.group.until_topic("Anna Example · done")
    assert topic.is_closed


async def test_edits_and_files_cross_both_ways(scene: Scene) -> None:
    topic = await scene.asks_for_a_person()
    written = scene.robin.write(topic, "Tuesday at nine?")
    await scene.anna.until_sees("Tuesday at nine?")
    scene.robin.edit(written, "Thursday at nine?")
    changed = await scene.anna.until_sees("Thursday at nine?")
    assert changed.is_edited
    scene.robin.send(topic, MediaKind.DOCUMENT, b"a plan", caption="The plan", name="plan.pdf")
    assert (await scene.anna.until_sees("The plan")).file == "plan.pdf"
    asked = scene.anna.write("Which room?")
    scene.anna.edit(asked, "Which floor?")
    scene.anna.send(MediaKind.PHOTO, b"a tooth", caption="This one hurts")
    for _ in range(3):
        await scene.comes_round()
    assert (await scene.group.until_sees("This one hurts", topic)).file
    said = "\n".join(seen.text for seen in scene.group.sees(topic))
    assert [said.count(words) for words in ("Which room?", "Which floor?", "This one hurts")] == [1, 1, 1]


async def test_a_topic_that_was_deleted_comes_back(scene: Scene) -> None:
    topic = await scene.asks_for_a_person()
    scene.robin.delete_topic(topic)
    scene.anna.write("hello, anybody there?")
    await scene.comes_round()
    again = await scene.group.until_topic("Anna Example · waiting")
    assert again.id != topic.id
    said = "\n".join(seen.text for seen in scene.group.sees(again))
    assert [said.count(words) for words in ("talk to a person please", "hello, anybody there?")] == [1, 1]


async def test_topics_switched_off_and_on_again_lose_nothing(scene: Scene) -> None:
    topic = await scene.asks_for_a_person()
    scene.group.switch_topics("off")
    scene.anna.write("hello, anybody there?")
    await scene.comes_round()
    await scene.comes_round()
    scene.group.switch_topics("on")
    for _ in range(3):
        await scene.comes_round(timedelta(minutes=1))
    said = "\n".join(seen.text for each in scene.group.topics for seen in scene.group.sees(each))
    assert said.count("hello, anybody there?") == 1
    del topic


async def test_managers_are_called_by_name_in_the_general_topic(scene: Scene) -> None:
    await scene.asks_for_a_person()
    for _ in range(12):
        await scene.comes_round(timedelta(minutes=20))
    called = await scene.group.until_sees("Anna Example")
    assert "Robin Example" in called.text
