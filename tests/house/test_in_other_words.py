"""Who says in their own words what a button says, is answered as if they had pressed it."""

import pytest

from flows.engine.choices import Choice
from flows.vocabulary import Language
from tests.house.acts import choices, chooses, invites, said
from tests.house.records import Records
from tests.house.test_booking import held, visits
from tests.world import World


async def test_who_asks_when_their_visit_is_is_shown_it_and_nobody_is_called(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    await chooses(world, talk, Choice.SLOT)
    await world.writes(talk, "sorry, when was my appointment again?")
    assert said(records, talk)[-1][0] == "visit.shown"
    assert records.of("ticket") == []


async def test_who_asks_for_a_visit_that_is_not_known_here_has_staff_look_for_it(
    world: World, records: Records
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "when is my appointment?")
    assert said(records, talk)[-1][0] != "visit.none"
    assert [row["reason"] for row in records.of("ticket")] == ["question"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, "never mind, keep it as it is"),
        (Language.FR, "laissez comme ça finalement"),
        (Language.NL, "laat de afspraak staan"),
        (Language.RU, "оставьте как есть"),
    ],
)
async def test_who_moves_a_visit_and_says_to_leave_it_keeps_it_and_the_messages(
    world: World, records: Records, language: Language, words: str
) -> None:
    _, talk = world.add_patient(language=language)
    await invites(world)
    await chooses(world, talk, Choice.SLOT)
    (visit,) = visits(records, talk)
    await chooses(world, talk, Choice.CHANGE_VISIT)
    assert Choice.KEEP_VISIT in await choices(world, talk)
    await world.writes(talk, words)
    assert said(records, talk)[-1][0] == "cancel.kept"
    assert visits(records, talk) == [visit]
    assert held(records, talk) == set()


async def test_who_asks_where_the_practice_is_is_told_and_asked_on(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    offered = held(records, talk)
    await world.writes(talk, "where are you exactly?")
    assert [key for key, _ in said(records, talk)][-2:] == ["answer.address", "times.which"]
    assert held(records, talk) == offered
    assert records.of("ticket") == []
