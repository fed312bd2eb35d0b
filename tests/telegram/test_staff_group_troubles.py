"""What happens in the staff's group when something is urgent, or the group itself is not as it was; no chat is lost."""

from datetime import timedelta

import httpx
import pytest

from flows.ids import StaffId
from tests.botapi.api import BotApi
from tests.botapi.errors import too_many
from tests.botapi.files import MediaKind
from tests.botapi.model import ALL_RIGHTS
from tests.botapi.people import Person
from tests.telegram.acts import comes_by_link
from tests.telegram.clinic import Clinic
from tests.telegram.group import StaffGroup, connect_group

MINUTE = timedelta(minutes=1)
ASKS = "I want to talk to a person please"


@pytest.fixture
async def desk(clinic: Clinic) -> StaffGroup:
    """A connected group."""
    return await connect_group(clinic)


@pytest.fixture
async def anna(clinic: Clinic, desk: StaffGroup) -> Person:
    """A patient who came by their link."""
    del desk
    return await comes_by_link(clinic, clinic.add_patient())


async def test_danger_is_an_alert_until_somebody_acknowledges_it(desk: StaffGroup, anna: Person) -> None:
    topic = await desk.topic_for(anna, "my face is swollen and I can hardly breathe")
    assert topic.name == desk.word("topic.title.urgent", name="Anna Example")
    assert await desk.presses("desk.acknowledge", topic) == desk.word("desk.done.acknowledge")
    assert desk.word("desk.ticket.seen") in desk.card(topic).text
    desk.robin.write(topic, "We call you right now.")
    await anna.until_sees("We call you right now.")


async def test_the_card_is_edited_and_never_posted_again(desk: StaffGroup, anna: Person) -> None:
    topic = await desk.topic_for(anna, ASKS)
    card = desk.card(topic)
    for key in ("desk.take", "desk.times.show", "topic.button.no_times", "desk.hand_back"):
        await desk.presses(key, topic)
    cards = [seen for seen in desk.group.sees(topic) if seen.text.startswith("Anna Example\n")]
    assert [seen.id for seen in cards] == [card.id]


async def test_pictures_voices_and_words_cross_both_ways(desk: StaffGroup, anna: Person) -> None:
    topic = await desk.topic_for(anna, ASKS)
    desk.robin.send(topic, MediaKind.PHOTO, b"a synthetic plan", caption="This is the plan")
    photo = await anna.until_sees("This is the plan")
    assert photo.message.file is not None
    assert photo.message.file.content == b"a synthetic plan"
    written = desk.robin.write(topic, "on Monday")
    await anna.until_sees("on Monday")
    desk.robin.edit(written, "on Tuesday")
    assert (await anna.until_sees("on Tuesday")).is_edited
    anna.send(MediaKind.VOICE, b"a synthetic voice")
    await desk.comes_round()
    await desk.comes_round()
    voices = [seen.message.file for seen in desk.group.sees(topic) if seen.by_bot and seen.message.file]
    assert [file.content for file in voices] == [b"a synthetic voice"]


async def test_the_web_desk_shows_the_same_at_the_same_time(clinic: Clinic, desk: StaffGroup, anna: Person) -> None:
    topic = await desk.topic_for(anna, ASKS)
    talk = clinic.talk_of(anna)
    await clinic.house.desk.take(desk.staff, talk)
    await desk.comes_round()
    assert topic.name == desk.word("topic.title.taken", name="Anna Example", holder="Robin Example")
    await clinic.house.desk.answer(desk.staff, talk, "1", "Good morning from the web desk")
    await anna.until_sees("Good morning from the web desk")
    await desk.comes_round()
    assert "Good morning from the web desk" in desk.said(topic)
    desk.robin.write(topic, "And good morning from the group")
    await anna.until_sees("And good morning from the group")
    secret = await clinic.house.staff.sign_in(StaffId(desk.staff.staff_id))
    async with httpx.AsyncClient(base_url=clinic.address, cookies={"recare_desk": secret}) as browser:
        page = await browser.get(f"/desk/c/{talk}")
    assert page.status_code == 200
    said = (ASKS, "Good morning from the web desk", "And good morning from the group")
    assert [words for words in said if words not in page.text] == []
    assert [words for words in said if desk.said(topic).count(words) != 1] == []


async def test_whoever_is_no_colleague_does_nothing(
    clinic: Clinic, api: BotApi, desk: StaffGroup, anna: Person
) -> None:
    topic = await desk.topic_for(anna, ASKS)
    stranger = desk.group.member(api.person("Stranger").account)
    shown = await stranger.press(desk.word("desk.take"), topic).until_answered()
    assert shown == desk.word("topic.toast.stranger")
    stranger.write(topic, "a word that must not cross")
    await desk.comes_round()
    assert not any("must not cross" in seen.text for seen in anna.sees())
    assert clinic.records.of("conversation", id=clinic.talk_of(anna))[0]["owner"] == "bot"


async def test_a_topic_that_somebody_closed_is_opened_by_the_next_word(desk: StaffGroup, anna: Person) -> None:
    topic = await desk.topic_for(anna, ASKS)
    desk.robin.close_topic(topic)
    anna.write("hello, anybody there?")
    await desk.comes_round()
    await desk.comes_round()
    assert "hello, anybody there?" in desk.said(topic)
    assert not topic.is_closed


async def test_a_group_that_moved_goes_on_at_its_new_place(desk: StaffGroup, anna: Person) -> None:
    topic = await desk.topic_for(anna, ASKS)
    moved = desk.group.become_supergroup()
    anna.write("hello, anybody there?")
    for _ in range(3):
        await desk.comes_round()
    assert any("hello, anybody there?" in seen.text for each in moved.topics for seen in moved.sees(each))
    robin = moved.member(desk.robin.account)
    again = next(each for each in moved.topics if any("anybody" in seen.text for seen in moved.sees(each)))
    robin.write(again, "yes, here we are")
    await anna.until_sees("yes, here we are")
    del topic


async def test_a_bot_without_its_rights_says_so_and_loses_nothing(
    clinic: Clinic, desk: StaffGroup, anna: Person
) -> None:
    desk.group.demote(clinic.bots.desk)
    anna.write(ASKS)
    await anna.until_sees()
    await desk.comes_round()
    async with httpx.AsyncClient(base_url=clinic.address) as client:
        health = (await client.get("/health")).json()
    assert health["desk_group"] != "connected"
    assert len(clinic.records.of("ticket", conversation_id=clinic.talk_of(anna))) == 1
    desk.group.add(clinic.bots.desk, rights=ALL_RIGHTS)
    for _ in range(3):
        await desk.comes_round()
    await desk.comes_round(MINUTE)
    assert ASKS in desk.said(desk.group.topic("Anna Example"))


async def test_a_group_that_must_wait_gets_everything_later(
    clinic: Clinic, api: BotApi, desk: StaffGroup, anna: Person
) -> None:
    topic = await desk.topic_for(anna, ASKS)
    api.fault(too_many(30), chat=desk.group.id)
    anna.write("hello, anybody there?")
    await desk.comes_round()
    assert "anybody there" not in desk.said(topic)
    bob = await comes_by_link(clinic, clinic.add_patient())
    bob.write("look for a time please")
    await bob.until_sees("Which suits you better?")
    for _ in range(3):
        await desk.comes_round(MINUTE)
    assert desk.said(topic).count("hello, anybody there?") == 1
