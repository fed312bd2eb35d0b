"""Whoever writes in another language than theirs is answered, and offered that language once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.understanding import Reading, Understander
from flows.dialogs.language import LANGUAGES
from flows.ids import ConversationId
from flows.meaning import Meaning
from flows.vocabulary import Language
from storage.records.people import NewPatient
from tests.house.acts import said
from tests.house.phrases import EMERGENCY
from tests.house.records import Records
from tests.world import World

BOOK = {
    Language.EN: "look for a time please",
    Language.FR: "je voudrais un rendez-vous",
    Language.NL: "ik wil graag een afspraak",
    Language.RU: "хочу записаться на приём",
}
OFFERED = {
    Language.EN: ("Shall we write to you in English from now on?", "Yes, in English", "Do not change language"),
    Language.FR: (
        "Souhaitez-vous que nous vous écrivions désormais en français\u202f?",
        "Oui, en français",
        "Ne pas changer de langue",
    ),
    Language.NL: ("Zullen we u voortaan in het Nederlands schrijven?", "Ja, in het Nederlands", "Taal niet wijzigen"),
    Language.RU: ("Хотите, чтобы мы писали Вам по-русски?", "Да, по-русски", "Не менять язык"),
}
CHANGED = {
    Language.EN: "From now on we will write to you in English.",
    Language.FR: "Nous vous écrirons désormais en français.",
    Language.NL: "We schrijven u voortaan in het Nederlands.",
    Language.RU: "Теперь мы будем писать Вам по-русски.",
}
KEPT = {
    Language.EN: "All right, we will go on in English.",
    Language.NL: "Goed, we gaan verder in het Nederlands.",
}


@dataclass(kw_only=True)
class Linguist:
    """An understander to whom every text is plainly in one language."""

    inner: Understander
    language: Language
    is_quick: bool = True

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Read it as usual, in that language."""
        return replace(self.inner.understand(text, replace(reading, language=self.language)), language=self.language)

    def courtesies(self, language: Language) -> frozenset[str]:
        """The courtesies of a language."""
        return self.inner.courtesies(language)


@pytest.fixture
def linguist(world: World) -> Iterator[Linguist]:
    """What hears patients, told in which language they write."""
    ear = world.house.turns._ear  # noqa: SLF001 - the one place where texts are read
    found = Linguist(inner=ear._understander, language=Language.EN)  # noqa: SLF001
    ear._understander = found  # noqa: SLF001
    yield found
    ear._understander = found.inner  # noqa: SLF001


async def buttons(world: World, talk: ConversationId) -> list[str]:
    chat = await world.house.patient.chat(world.session(talk))
    return [button.label for button in chat.buttons]


def other_than(language: Language) -> Language:
    return Language.NL if language is not Language.NL else Language.EN


@pytest.mark.parametrize("language", Language)
async def test_the_offer_stands_below_the_answer_in_the_language_that_was_written(
    world: World, linguist: Linguist, language: Language
) -> None:
    _, talk = world.add_patient(language=other_than(language))
    linguist.language = language
    await world.writes(talk, BOOK[language])
    text, yes, no = OFFERED[language]
    last = (await world.lines(talk))[-1]
    assert last.startswith("bot: ")
    assert last.splitlines()[-1] == text
    assert len(last.splitlines()) > 1
    assert (await buttons(world, talk))[-2:] == [yes, no]


@pytest.mark.parametrize("language", Language)
async def test_yes_changes_the_language_and_asks_the_open_question_again(
    world: World, linguist: Linguist, records: Records, language: Language
) -> None:
    patient_id, talk = world.add_patient(language=other_than(language))
    linguist.language = language
    await world.writes(talk, BOOK[language])
    before = await buttons(world, talk)
    await world.presses(talk, -2)
    assert records.of("patient", id=patient_id)[0]["language"] == language.value
    assert (await world.lines(talk))[-2] == f"bot: {CHANGED[language]}"
    assert [key for key, _ in said(records, talk)][-2:] == ["language.changed", "times.which"]
    now = await buttons(world, talk)
    assert len(now) == len(before) - 2
    assert not set(now) & set(before)
    assert (await world.house.patient.chat(world.session(talk))).language is language


@pytest.mark.parametrize("language", KEPT)
async def test_no_leaves_it_and_is_not_asked_again(world: World, linguist: Linguist, language: Language) -> None:
    _, talk = world.add_patient(language=language)
    linguist.language = Language.FR
    await world.writes(talk, BOOK[Language.FR])
    await world.presses(talk, -1)
    assert (await world.lines(talk))[-2] == f"bot: {KEPT[language]}"
    await world.writes(talk, BOOK[Language.FR])
    assert OFFERED[Language.FR][1] not in await buttons(world, talk)


async def test_the_words_of_the_button_can_be_typed(world: World, linguist: Linguist, records: Records) -> None:
    patient_id, talk = world.add_patient(language=Language.EN)
    linguist.language = Language.RU
    await world.writes(talk, BOOK[Language.RU])
    await world.writes(talk, "да, по-русски")
    assert records.of("patient", id=patient_id)[0]["language"] == "ru"


@pytest.mark.parametrize(
    ("words", "of", "wanted"),
    [
        ("can we do this in English?", Language.FR, Language.EN),
        ("je préfère parler français", Language.NL, Language.FR),
        ("kan het in het Frans?", Language.NL, Language.FR),
        ("liever Nederlands", Language.FR, Language.NL),
        ("можно по-русски?", Language.EN, Language.RU),
    ],
)
async def test_whoever_asks_for_a_language_in_words_gets_it_and_no_person(
    words: str, of: Language, wanted: Language, world: World, records: Records
) -> None:
    patient_id, talk = world.add_patient(language=of)
    await world.writes(talk, words)
    assert records.of("patient", id=patient_id)[0]["language"] == wanted
    assert (await world.lines(talk))[-1] == f"bot: {CHANGED[wanted]}"
    assert records.of("ticket") == []


async def test_whoever_asks_for_the_language_they_have_is_told_so(world: World) -> None:
    _, talk = world.add_patient(language=Language.EN)
    await world.writes(talk, "I'd prefer English")
    assert (await world.lines(talk))[-1] == f"bot: {KEPT[Language.EN]}"


async def test_danger_in_another_language_is_answered_alone(world: World, linguist: Linguist, records: Records) -> None:
    _, talk = world.add_patient(language=Language.EN)
    linguist.language = Language.FR
    await world.writes(talk, EMERGENCY[Language.FR])
    assert [key for key, _ in said(records, talk)] == ["safety.emergency"]
    assert OFFERED[Language.FR][0] not in (await world.lines(talk))[-1]


async def test_no_list_takes_back_the_language_they_chose(world: World, linguist: Linguist) -> None:
    patient_id, talk = world.add_patient(language=Language.EN)
    linguist.language = Language.FR
    await world.writes(talk, BOOK[Language.FR])
    await world.house.patient.press(world.session(talk), "yes", f"1:lang:{LANGUAGES.index(Language.FR)}:0")
    now = world.clock.now()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        known = uow.patients.get(patient_id)
        listed = NewPatient(
            profile=known.profile,
            provider_id=known.provider_id,
            language=Language.EN,
            status=known.status,
            last_visit_on=now.date() - timedelta(days=400),
            recall_months=6,
            next_visit_at=None,
        )
        uow.patients.upsert_many([listed], now=now)
        stored = uow.patients.get(patient_id)
    assert (stored.recall_months, stored.language) == (6, Language.FR)
