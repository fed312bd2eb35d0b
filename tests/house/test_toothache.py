"""A toothache is no emergency text and is never missed: the soonest times, and a person one tap away."""

import pytest

from flows.engine.choices import Choice
from flows.vocabulary import Language, TicketReason, Urgency
from tests.house.acts import FIRST_TIME, HOUR, choices, invites, said
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


LASTING = [
    (Language.EN, "I still have pain in a tooth"),
    (Language.FR, "j'ai encore mal à une dent"),
    (Language.NL, "ik heb nog steeds pijn aan een tand"),
    (Language.RU, "зуб до сих пор болит"),
]


@pytest.mark.parametrize(("language", "words"), LASTING)
async def test_pain_that_lasts_reaches_the_ticket_of_the_worry(
    language: Language, words: str, world: World, records: Records
) -> None:
    _, talk = world.add_patient(language=language)
    now = world.clock.now()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.conversations.lock(talk)
        uow.tickets.open(talk, reason=TicketReason.WORRY, urgency=Urgency.TODAY, due_at=now + 3 * HOUR, now=now)
        uow.commit()
    await world.writes(talk, words)
    assert said(records, talk)[-1] == ("pain.still", "sent")
    (ticket,) = records.of("ticket")
    assert (ticket["reason"], ticket["urgency"]) == ("worry", "now")
    assert Choice.SLOT not in await choices(world, talk)


@pytest.mark.parametrize(("language", "words"), TOOTHACHES + LASTING)
async def test_pain_after_an_emergency_is_offered_no_times(
    language: Language, words: str, world: World, records: Records
) -> None:
    _, talk = world.add_patient(language=language)
    await world.writes(talk, "my face is swollen and I can hardly breathe")
    await world.writes(talk, words)
    assert said(records, talk)[-1] == ("pain.still", "sent")
    assert [row["reason"] for row in records.of("ticket")] == ["emergency"]


@pytest.mark.parametrize(("language", "words"), TOOTHACHES)
async def test_a_toothache_with_a_visit_ahead_is_offered_something_sooner(
    language: Language, words: str, world: World, records: Records
) -> None:
    _, talk = world.add_patient(language=language)
    staff = world.add_staff()
    free = await world.house.desk.free_times(staff, talk)
    await world.house.desk.book(staff, talk, free[-1])
    await world.writes(talk, words)
    assert [key for key, _ in said(records, talk)[-2:]] in (["pain.sooner", "times.two"], ["pain.sooner", "times.one"])
    await world.presses(talk, FIRST_TIME)
    (visit,) = records.of("appointment", status="booked")
    assert visit["starts_at"] < free[-1].starts_at


async def test_pain_that_painkillers_do_not_help_is_an_emergency(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "my tooth hurts and painkillers do not help")
    assert said(records, talk)[-1] == ("safety.emergency", "sent")
