"""In the evening, on the real house: whoever has something passed on reads when somebody is back, in their language."""

from datetime import timedelta

import pytest

from flows.vocabulary import Language
from tests.house.records import Records
from tests.world import World

AT_NINE = timedelta(hours=12)
"""After the world's morning: 21:00 in the clinic's zone."""

EVENINGS = [
    (Language.EN, "do you have parking?", "We are closed at the moment and will be back on Tuesday 24 November, "),
    (Language.FR, "avez-vous un parking ?", "l’équipe sera de retour le mardi 24 novembre à "),
    (Language.NL, "is er parkeergelegenheid?", "We zijn nu gesloten en zijn er weer op dinsdag 24 november om "),
    (Language.RU, "у вас есть парковка?", "Сейчас мы закрыты, откроемся во вторник, 24 ноября, в "),
]


@pytest.mark.parametrize(("language", "question", "line"), EVENINGS)
async def test_a_question_in_the_evening_is_answered_with_when_somebody_is_back_once(
    world: World, records: Records, language: Language, question: str, line: str
) -> None:
    _, talk = world.add_patient(language=language)
    world.clock.move_to(world.clock.now() + AT_NINE)
    for _ in range(2):
        await world.writes(talk, question)
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["question"]
    said = "\n".join(each for each in await world.lines(talk) if each.startswith("bot: "))
    assert said.count(line) == 1, said
