"""Staff meet a patient in their forum group while the web desk shows the same: the whole way, in each language."""

from pathlib import Path

from bot.clocks import RehearsalClock
from bot.intake import Mode
from flows.vocabulary import Language
from tests.botapi.api import BotApi
from tests.telegram.acts import comes_by_link
from tests.telegram.group import connect_group
from tests.telegram.starting import EVERY_WAY, house_on_telegram
from tests.telegram.words import WORDS

WANTS_A_PERSON = {
    Language.EN: "I want to talk to a person please",
    Language.FR: "je voudrais parler à quelqu'un",
    Language.NL: "ik wil graag een medewerker spreken",
    Language.RU: "позовите, пожалуйста, сотрудника",
}


@EVERY_WAY
async def test_a_patient_is_handed_to_staff_and_back(
    language: Language, mode: Mode, api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    words = WANTS_A_PERSON[language]
    async with house_on_telegram(api, folder, clock, mode=mode, language=language) as clinic:
        desk = await connect_group(clinic, language)
        anna = await comes_by_link(clinic, clinic.add_patient(language=language), language)
        talk = clinic.talk_of(anna)
        topic = await desk.topic_for(anna, words)
        assert words in desk.said(topic)
        assert topic.name == desk.word("topic.title.waiting", name="Anna Example")

        assert await desk.presses("desk.take", topic) == desk.word("desk.done.take")
        assert topic.name == desk.word("topic.title.taken", name="Anna Example", holder="Robin Example")
        seen = await clinic.house.desk.conversation(desk.staff, talk)
        assert seen is not None
        assert seen.holder == "Robin Example"

        desk.robin.write(topic, "Bonjour, здравствуйте!")
        await anna.until_sees("Bonjour, здравствуйте!")
        anna.write("A question of mine")
        await desk.comes_round()
        assert "A question of mine" in desk.said(topic)
        assert all(not news.by_bot for news in anna.news()), "the bot is silent while staff own the chat"

        await desk.presses("desk.times.show", topic)
        first = desk.card(topic).buttons[2]
        await desk.robin.press(first, topic).until_answered()
        await anna.until_sees("11")
        await desk.comes_round()
        assert len(clinic.records.of("appointment", status="booked")) == 1

        await desk.presses("topic.button.note", topic)
        desk.robin.write(topic, "prefers mornings")
        await desk.comes_round()
        assert "prefers mornings" in desk.card(topic).text
        assert not any("prefers mornings" in each.text for each in anna.sees())

        assert await desk.presses("desk.hand_back", topic) == desk.word("desk.done.hand_back")
        await anna.until_sees()
        assert topic.name == desk.word("topic.title.closed", name="Anna Example")
        assert topic.is_closed
        anna.write(WORDS[language].stop)
        await anna.until_sees(WORDS[language].stopped)
