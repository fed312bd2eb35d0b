"""What a patient sent and nobody could read: the desk hears of it, once a chat, and of nobody else's."""

from pathlib import Path
from typing import Any

from bot.clocks import RehearsalClock
from bot.intake import Mode
from bot.services.views import LineState
from flows.ids import ConversationId
from flows.vocabulary import Language
from tests.botapi.api import BotApi
from tests.botapi.people import Person
from tests.telegram.acts import comes_by_link
from tests.telegram.clinic import Clinic
from tests.telegram.group import connect_group
from tests.telegram.starting import EVERY_WAY, house_on_telegram

NOBODY_CAN_SEND = "my gum bleeds since the morning"


def unreadable(person: Person, **content: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A message in somebody's private chat that the library cannot read."""
    chat = {"id": person.id, "type": "private", "first_name": "Somebody"}
    sender = {"id": person.id, "is_bot": False, "first_name": "Somebody"}
    return {"message": {"message_id": 900, "date": "this morning", "chat": chat, "from": sender, **content}}


async def tickets(clinic: Clinic, talk: ConversationId) -> list[str]:
    """Why staff are asked to look at a chat, as the desk in the browser shows it."""
    view = await clinic.house.desk.conversation(clinic.add_staff(), talk)
    assert view is not None
    return [ticket.reason.value for ticket in view.tickets]


@EVERY_WAY
async def test_the_desk_hears_that_something_a_patient_sent_could_not_be_read(
    language: Language, mode: Mode, api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    async with house_on_telegram(api, folder, clock, mode=mode, language=language) as clinic:
        desk = await connect_group(clinic, language)
        anna = await comes_by_link(clinic, clinic.add_patient(language=language), language)
        talk = clinic.talk_of(anna)
        await desk.comes_round()
        assert not desk.group.topics

        api.inject(clinic.bots.patients, unreadable(anna, text=NOBODY_CAN_SEND))
        await desk.comes_round()
        (topic,) = desk.group.topics
        assert desk.word("desk.reason.unreadable") in desk.card(topic).text

        api.inject(clinic.bots.patients, unreadable(anna, voice="no voice"))
        api.repeat(clinic.bots.patients)
        await desk.comes_round()
        assert await tickets(clinic, talk) == ["unreadable"]
        assert len(clinic.records.of("quarantined_update")) == 2
        view = await clinic.house.desk.conversation(desk.staff, talk)
        assert view is not None
        aside = [line.text for line in view.lines if line.state is LineState.PUT_ASIDE]
        assert aside == [NOBODY_CAN_SEND, ""]


async def test_nobody_is_asked_to_look_at_what_comes_from_no_patients_chat(clinic: Clinic, api: BotApi) -> None:
    desk = await connect_group(clinic)
    anna = await comes_by_link(clinic, clinic.add_patient())
    stranger = api.person("Nobody")
    stranger.start(clinic.bots.patients)
    await stranger.until_sees()
    await clinic.until_quiet()
    before = clinic.records.of("ticket")
    in_a_group = unreadable(anna, text="in a group")
    in_a_group["message"]["chat"] = {"id": desk.group.room.id, "type": "supergroup", "title": "Desk"}
    of_staff = {"message": unreadable(anna, text="to the desk's bot")["message"] | {"date": {}}}
    api.inject(clinic.bots.patients, unreadable(stranger, text="hello"))
    api.inject(clinic.bots.patients, unreadable(api.person("New"), text="hello"))
    api.inject(clinic.bots.patients, in_a_group)
    api.inject(clinic.bots.desk, of_staff)
    await desk.comes_round()
    assert len(clinic.records.of("quarantined_update")) == 4
    assert clinic.records.of("ticket") == before
