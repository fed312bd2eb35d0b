"""Staff see what was understood, and say what was meant; it is kept for review and changes nothing else."""

from dataclasses import dataclass, replace

import pytest

from bot.services.desk_ports import ConflictError
from bot.services.reading_views import Understood
from bot.services.views import Line, StaffMember, Voice
from bot.understanding import Reading, Understander
from flows.ids import ConversationId
from flows.meaning import Intent, Meaning
from flows.vocabulary import Language
from storage.records.corrections import Correction
from storage.sealing import Json
from storage.vocabulary import ReceivedKind
from tests.house.acts import said
from tests.house.records import Records
from tests.world import World


@dataclass(kw_only=True)
class Told:
    """An understander that understands what it is told to."""

    inner: Understander
    meaning: Meaning
    is_quick: bool = True

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Understand that."""
        del text, reading
        return self.meaning

    def courtesies(self, language: Language) -> frozenset[str]:
        """The courtesies of a language."""
        return self.inner.courtesies(language)


def understood_as(world: World, *likely: Intent, sure: bool) -> None:
    ear = world.house.turns._ear  # noqa: SLF001 - the one place where texts are read
    meaning = Meaning(intent=likely[0], sure=sure, confidence=0.5, alternatives=tuple(likely[1:]), language=Language.EN)
    inner = ear._understander  # noqa: SLF001
    ear._understander = Told(inner=inner, meaning=meaning)  # noqa: SLF001


async def line_of(world: World, staff: StaffMember, talk: ConversationId) -> Line:
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    return next(line for line in reversed(view.lines) if line.voice is Voice.PATIENT)


def kept(world: World) -> list[Correction]:
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        return uow.corrections.page(limit=100)


async def test_staff_see_what_was_understood_how_surely_and_what_came_second(world: World) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    understood_as(world, Intent.MONEY, Intent.PRICE_QUESTION, Intent.NO, sure=False)
    await world.writes(talk, "I wonder about the money")
    found = (await line_of(world, staff, talk)).understood
    assert found == Understood(
        intent=Intent.MONEY, sure=False, others=(Intent.PRICE_QUESTION, Intent.NO), language=Language.EN
    )
    assert found.second is Intent.PRICE_QUESTION
    assert found.likely == (Intent.MONEY, Intent.PRICE_QUESTION, Intent.NO)
    assert {*found.likely, *found.unlikely} == set(Intent)


async def test_a_press_was_not_understood_but_pressed(world: World) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    await world.presses(talk, 0)
    assert (await line_of(world, staff, talk)).understood is None


async def test_what_staff_say_is_kept_without_whom_it_tells(world: World, records: Records) -> None:
    staff = world.add_staff()
    patient_id, talk = world.add_patient()
    understood_as(world, Intent.MONEY, Intent.PRICE_QUESTION, sure=True)
    await world.writes(talk, "anna again, what does Dr Vos ask? Ring +32 470 00 00 01, a@b.co, or Robin on 3 March")
    before = said(records, talk)
    line = await line_of(world, staff, talk)
    await world.house.desk.correct(staff, talk, line.id, Intent.PRICE_QUESTION)
    (only,) = kept(world)
    assert only.text == "[name] again, what does [name] ask? Ring [number] [address] or [name] on [date]"
    assert (only.language, only.understood, only.sure) == (Language.EN, Intent.MONEY, True)
    assert (only.meant, only.staff_id) == (Intent.PRICE_QUESTION, staff.staff_id)
    assert line.at <= only.at <= world.clock.now()
    shown = await line_of(world, staff, talk)
    assert line.understood is not None
    assert shown == replace(line, understood=replace(line.understood, meant=Intent.PRICE_QUESTION))
    assert said(records, talk) == before
    assert records.of("conversation", id=talk)[0]["owner"] == "bot"
    actions = records.of("staff_action", patient_id=patient_id, action="corrected_reading")
    assert [row["staff_id"] for row in actions] == [staff.staff_id]


async def test_a_correction_is_changed_and_taken_back(world: World) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    understood_as(world, Intent.MONEY, sure=True)
    await world.writes(talk, "hm")
    line = await line_of(world, staff, talk)
    for meant in (Intent.NO, Intent.NO, Intent.LATER):
        await world.house.desk.correct(staff, talk, line.id, meant)
    assert [each.meant for each in kept(world)] == [Intent.LATER]
    await world.house.desk.correct(staff, talk, line.id, Intent.MONEY)
    assert kept(world) == []
    assert await line_of(world, staff, talk) == line


async def test_what_was_unsure_can_be_said_to_be_right(world: World) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    understood_as(world, Intent.MONEY, sure=False)
    await world.writes(talk, "hm")
    await world.house.desk.correct(staff, talk, (await line_of(world, staff, talk)).id, Intent.MONEY)
    assert [(each.understood, each.sure, each.meant) for each in kept(world)] == [(Intent.MONEY, False, Intent.MONEY)]


async def test_there_is_nothing_to_correct_in_what_nobody_understood(world: World) -> None:
    staff = world.add_staff()
    (_, talk), (_, other) = world.add_patient(), world.add_patient()
    await world.writes(talk, "look for a time please")
    await world.writes(other, "look for a time please")
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    bot = next(line for line in view.lines if line.voice is Voice.BOT)
    elsewhere = await line_of(world, staff, other)
    await world.presses(talk, 0)
    pressed = await line_of(world, staff, talk)
    for line_id in (bot.id, elsewhere.id, pressed.id, 7):
        with pytest.raises(ConflictError):
            await world.house.desk.correct(staff, talk, line_id, Intent.STOP)
    assert kept(world) == []


async def test_it_teaches_nothing_by_itself(world: World) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    line = await line_of(world, staff, talk)
    await world.house.desk.correct(staff, talk, line.id, Intent.STOP)
    await world.writes(talk, "look for a time please")
    again = await line_of(world, staff, talk)
    assert again.id != line.id
    assert again.understood is not None
    assert line.understood is not None
    assert (again.understood.intent, again.understood.meant) == (line.understood.intent, None)


async def test_who_is_erased_takes_their_words_along(world: World) -> None:
    staff = world.add_staff()
    patient_id, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    await world.house.desk.correct(staff, talk, (await line_of(world, staff, talk)).id, Intent.NO)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(patient_id, now=world.clock.now())
        uow.commit()
    assert kept(world) == []


async def test_a_line_of_an_unknown_version_is_shown_all_the_same(world: World) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        body: dict[str, Json] = {"text": "from tomorrow", "understood": {"intent": "of tomorrow", "sure": True}}
        uow.updates.received(talk, kind=ReceivedKind.TEXT, body=body, now=world.clock.now())
        uow.commit()
    line = await line_of(world, staff, talk)
    assert (line.text, line.understood) == ("from tomorrow", None)
