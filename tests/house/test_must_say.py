"""What the law of a place has a message say stands in it, in the patient's language, by every way it is sent."""

import pytest

from flows.vocabulary import Language
from tests.house.acts import EVENING, comes, invites, proactive
from tests.house.line import Line
from tests.house.records import Records
from tests.house.test_release import only_batch, release_all
from tests.world import World

ADVERTISING = {
    Language.EN: (
        "Advertisement.",
        "Some treatments may not be suitable for you (contraindications); please consult a specialist.",
    ),
    Language.FR: ("Publicité.", "Contre-indications possibles\u202f: demandez l’avis d’un spécialiste."),
    Language.NL: ("Reclame.", "Niet voor iedereen geschikt (contra-indicaties); overleg met een specialist."),
    Language.RU: ("Реклама.", "Имеются противопоказания, необходима консультация специалиста."),
}


def clinics_address(world: World) -> tuple[str, str]:
    """Where the clinic of the test is, and its number."""
    part = world.house.clinic.settings.clinic
    return part.address, part.phone


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("residence", ["CA-QC", "US"])
async def test_where_the_law_wants_an_address_the_invitation_gives_it(
    world: World, records: Records, line: Line, residence: str, language: Language
) -> None:
    _, talk = world.add_patient(residence=residence, language=language)
    await invites(world)
    # Where it is still afternoon for the clinic, a stricter evening may lie a day ahead.
    assert proactive(records, talk) == [("recall", "sent", None)]
    (arrived,) = line.arrived
    assert all(told in arrived.text.splitlines()[-1] for told in clinics_address(world))


@pytest.mark.parametrize("language", Language)
async def test_in_russia_a_released_invitation_says_that_it_advertises_and_warns(
    world: World, records: Records, line: Line, language: Language
) -> None:
    _, talk = world.add_patient(residence="RU", language=language)
    staff = world.add_staff()
    await world.house.ticks.run_all()
    batch = await only_batch(world, staff)
    view = await world.house.releasing.batch(staff, batch.name)
    assert view is not None
    await release_all(world, staff)
    await comes(world, EVENING)
    assert proactive(records, talk) == [("recall", "sent", None)]
    (arrived,) = line.arrived
    assert tuple(arrived.text.splitlines()[-2:]) == ADVERTISING[language]
    assert arrived.text == view.messages[0].text, "what was released is what left"
    assert clinics_address(world)[0] not in arrived.text, "nobody asked for it"


async def test_at_home_an_invitation_says_nothing_beyond_its_text(world: World, line: Line) -> None:
    world.add_patient()
    await invites(world)
    (arrived,) = line.arrived
    assert arrived.text.splitlines()[-1] == "“Stop” ends these messages."
