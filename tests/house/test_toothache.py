"""A toothache is no emergency text and is never missed: the soonest times, and a person one tap away."""

import pytest

from flows.engine.choices import Choice
from flows.vocabulary import Language
from tests.house.acts import choices, invites, said
from tests.house.records import Records
from tests.world import World

TOOTHACHES = [
    (Language.EN, "my tooth hurts"),
    (Language.FR, "j'ai mal aux dents"),
    (Language.NL, "ik heb kiespijn"),
    (Language.RU, "зуб болит"),
]


@pytest.mark.parametrize(("language", "words"), TOOTHACHES)
async def test_a_toothache_is_offered_the_soonest_times_and_a_person(
    language: Language, words: str, world: World, records: Records
) -> None:
    _, talk = world.add_patient(language=language)
    await world.writes(talk, words)
    assert said(records, talk)[-1] == ("times.two", "sent")
    offered = await choices(world, talk)
    assert offered.count(Choice.SLOT) == 2
    assert Choice.PERSON in offered
    assert records.of("ticket") == []


@pytest.mark.parametrize(("language", "words"), TOOTHACHES)
async def test_a_toothache_books_none_of_the_times_of_an_invitation(
    language: Language, words: str, world: World, records: Records
) -> None:
    _, talk = world.add_patient(language=language)
    await invites(world)
    await world.writes(talk, words)
    assert said(records, talk)[-1] == ("times.which", "sent")
    assert Choice.PERSON in await choices(world, talk)
    assert records.of("appointment", status="booked") == []


async def test_pain_that_painkillers_do_not_help_is_an_emergency(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "my tooth hurts and painkillers do not help")
    assert said(records, talk)[-1] == ("safety.emergency", "sent")
