"""A chat whose member of staff left it goes back to the bot, and what was asked there is lost to nobody."""

import pytest

from bot.services.staff import deactivate
from bot.services.updates import Corrected, SentFile, Update
from bot.services.views import StaffMember
from flows.ids import ConversationId
from flows.vocabulary import AttachmentKind, Channel, Language, Role
from tests.house.acts import HOUR, MINUTE, comes
from tests.house.records import Records
from tests.world import World

ENDINGS = {
    Language.EN: ("Thanks", "OK, thank you very much. Goodbye!"),
    Language.FR: ("D'accord, merci", "Merci beaucoup, bonne journée !"),
    Language.NL: ("Oké", "Dank u wel, tot ziens"),
    Language.RU: ("Хорошо, спасибо", "До свидания 🙏"),
}
MORE = {
    Language.EN: ("thanks, but it still hurts", "thanks, can I bring my son?", "hello", "no, thanks", "ok :("),
    Language.FR: ("merci, mais j'ai encore mal", "merci, je peux venir plus tôt ?", "bonjour", "merci, à jeudi"),
    Language.NL: ("bedankt, maar het doet nog pijn", "dank u, mag mijn zoon mee?", "hallo", "nee, bedankt"),
    Language.RU: ("спасибо, но болит", "спасибо, можно с сыном?", "здравствуйте", "спасибо, не надо"),
}
ANSWER = "Your denture is ready to be collected."


@pytest.fixture
def staff(world: World) -> StaffMember:
    """A member of staff who may do everything."""
    return world.add_staff(Role.MANAGER)


async def test_a_chat_that_staff_left_goes_back_to_the_bot_with_its_tickets_open(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "I want to talk to a person")
    await world.house.desk.take(staff, talk)
    await comes(world, world.clock.now() + 12 * HOUR - MINUTE)
    assert records.of("conversation", id=talk)[0]["owner"] == "staff"
    await comes(world, world.clock.now() + 2 * MINUTE)
    assert records.of("conversation", id=talk)[0]["owner"] == "bot"
    assert [(row["status"], row["holder_id"]) for row in records.of("ticket", conversation_id=talk)] == [("open", None)]


async def test_what_was_asked_of_a_colleague_who_left_is_asked_of_everybody(
    world: World, records: Records, staff: StaffMember
) -> None:
    asked, answered, silent = (world.add_patient()[1] for _ in range(3))
    desk = world.house.desk
    for talk in (asked, answered, silent):
        await desk.answer(staff, talk, f"first-{talk}", "Good evening, how are you?")
    await comes(world, world.clock.now() + 2 * HOUR)
    for talk in (asked, answered):
        await world.writes(talk, "can I bring my son on Thursday?")
    await desk.answer(staff, answered, "second", "Of course")
    await comes(world, world.clock.now() + 12 * HOUR + MINUTE)
    assert {row["owner"] for row in records.of("conversation")} == {"bot"}
    (ticket,) = records.of("ticket")
    assert (ticket["conversation_id"], ticket["reason"], ticket["urgency"]) == (asked, "question", "today")
    await comes(world, world.clock.now() + HOUR)
    assert len(records.of("ticket")) == 1


async def test_what_was_asked_of_a_colleague_who_left_is_not_asked_twice(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "I want to talk to a person")
    await world.house.desk.take(staff, talk)
    await world.writes(talk, "can I bring my son on Thursday?")
    await comes(world, world.clock.now() + 12 * HOUR + MINUTE)
    assert [(row["reason"], row["status"]) for row in records.of("ticket")] == [("person_asked", "open")]


async def _answered(world: World, staff: StaffMember, language: Language, answer: str = ANSWER) -> ConversationId:
    """A talk in which a patient asked and staff have answered; then two hours pass."""
    _, talk = world.add_patient(language=language)
    await world.house.desk.take(staff, talk)
    await world.writes(talk, "?")
    await world.house.desk.answer(staff, talk, f"answer-{talk}", answer)
    await comes(world, world.clock.now() + 2 * HOUR)
    return talk


async def _left_by_staff(world: World, records: Records) -> list[int]:
    """Let staff leave all chats; those that a ticket asks somebody to look at."""
    await comes(world, world.clock.now() + 12 * HOUR + MINUTE)
    assert {row["owner"] for row in records.of("conversation")} == {"bot"}
    return [row["conversation_id"] for row in records.of("ticket")]


@pytest.mark.parametrize("language", Language)
async def test_thanks_and_a_goodbye_after_the_answer_are_asked_of_nobody(
    world: World, records: Records, staff: StaffMember, language: Language
) -> None:
    talk = await _answered(world, staff, language)
    for words in ENDINGS[language]:
        await world.writes(talk, words)
    assert await _left_by_staff(world, records) == []


@pytest.mark.parametrize(("language", "words"), [(each, words) for each in Language for words in MORE[each]])
async def test_what_may_be_more_than_thanks_is_asked_of_everybody(
    world: World, records: Records, staff: StaffMember, language: Language, words: str
) -> None:
    talk = await _answered(world, staff, language)
    await world.writes(talk, words)
    await world.writes(talk, ENDINGS[language][0])
    assert await _left_by_staff(world, records) == [talk]


async def test_an_ok_to_a_question_of_staff_is_an_answer_that_somebody_must_read(
    world: World, records: Records, staff: StaffMember
) -> None:
    talk = await _answered(world, staff, Language.EN, "Shall we keep Thursday at nine for you?")
    await world.house.desk.answer(staff, talk, "more", "It is with Dr Vos.")
    await world.writes(talk, "ok, thanks")
    assert await _left_by_staff(world, records) == [talk]


@pytest.mark.parametrize(("words", "is_over"), [("ok", False), ("ok 👍", False), ("thanks", True)])
async def test_an_ok_to_a_time_that_staff_named_may_agree_to_it_and_thanks_do_not(
    world: World, records: Records, staff: StaffMember, words: str, *, is_over: bool
) -> None:
    talk = await _answered(world, staff, Language.EN, "Thursday at 9:30 would be possible.")
    await world.writes(talk, words)
    assert await _left_by_staff(world, records) == ([] if is_over else [talk])


async def test_thanks_where_nobody_ever_answered_are_asked_of_everybody(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    await world.writes(talk, "thanks")
    assert await _left_by_staff(world, records) == [talk]


async def test_chats_of_a_colleague_who_was_deactivated_go_back_within_a_minute(
    world: World, records: Records, staff: StaffMember
) -> None:
    asked, passed_on, colleagues = (world.add_patient()[1] for _ in range(3))
    colleague = world.add_staff(Role.RECEPTION)
    await world.writes(passed_on, "I want to talk to a person")
    for talk, holder in ((asked, staff), (passed_on, staff), (colleagues, colleague)):
        await world.house.desk.take(holder, talk)
        await world.writes(talk, "can I bring my son on Thursday?")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        deactivate(uow, str(staff.staff_id), world.clock.now())
        uow.commit()
    await comes(world, world.clock.now() + MINUTE)
    owners = {row["id"]: row["owner"] for row in records.of("conversation")}
    assert owners == {asked: "bot", passed_on: "bot", colleagues: "staff"}
    tickets = {row["conversation_id"]: (row["reason"], row["status"], row["holder_id"]) for row in records.of("ticket")}
    assert tickets == {asked: ("question", "open", None), passed_on: ("person_asked", "open", None)}


@pytest.mark.parametrize(
    "content",
    [
        SentFile(kind=AttachmentKind.PICTURE, content=b"x", caption="thanks"),
        Corrected(text="thanks"),
    ],
)
async def test_a_picture_and_a_changed_message_are_asked_of_everybody(
    world: World, records: Records, staff: StaffMember, content: SentFile | Corrected
) -> None:
    talk = await _answered(world, staff, Language.EN)
    await world.writes(talk, "thanks")
    update = Update(conversation_id=talk, channel=Channel.WEBCHAT, external_id="then", content=content, message_id="7")
    await world.house.turns.take(update)
    assert await _left_by_staff(world, records) == [talk]
