"""What a patient sent and was put aside: staff are asked to look, once a chat, in the transaction that keeps it."""

import pytest

from bot.services.acceptance import MOST_TRIES, Acceptance, TakingIn
from bot.services.intake_ports import RawUpdate
from bot.services.updates import LONGEST_TEXT, Wrote
from bot.services.views import LineState
from flows.ids import ConversationId
from flows.vocabulary import Channel
from storage.errors import StorageBusyError
from storage.repositories.tickets import TicketRepository
from tests.house.line import Line
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, talk_of, whose
from tests.intake.messenger import ToldBot
from tests.intake.test_polling import taking_in
from tests.world import World

ACCOUNT = "501"
BOT_ID = 7


@pytest.fixture
def phone(world: World) -> Phone:
    """An account at the messenger."""
    made = Line(name=Channel.TELEGRAM)
    world.house.delivery.channels[Channel.TELEGRAM] = made
    return Phone(world=world, line=made, account=ACCOUNT)


@pytest.fixture
async def talk(world: World, phone: Phone) -> ConversationId:
    """The talk of a patient who came by their link."""
    return await comes_by_link(phone, world.add_patient()[0])


def broken(number: int, words: str = "", account: str = ACCOUNT) -> RawUpdate:
    """An update that nobody can read."""
    return {"update_id": number, "unreadable": True, "from": account, "words": words}


def asked(records: Records) -> list[tuple[str, str, str]]:
    """What staff were asked: why, how urgently, and how far it is."""
    return [(row["reason"], row["urgency"], row["status"]) for row in records.of("ticket")]


async def put_aside(world: World, talk: ConversationId) -> list[str]:
    """What of a talk the desk shows as put aside."""
    view = await world.house.desk.conversation(world.add_staff(), talk)
    assert view is not None
    return [line.text for line in view.lines if line.state is LineState.PUT_ASIDE]


async def test_staff_are_asked_once_a_chat_while_nobody_has_looked(
    world: World, records: Records, talk: ConversationId
) -> None:
    intake, bot, staff = taking_in(world), ToldBot(), world.add_staff()
    await intake.take(bot, BOT_ID, broken(1))
    await intake.take(bot, BOT_ID, broken(2))
    assert asked(records) == [("unreadable", "now", "open")]
    row = (await world.house.desk.conversations(staff))[0]
    assert (row.conversation_id, row.unread, row.alarm) == (talk, True, True)

    await world.house.desk.take(staff, talk)
    await world.house.desk.hand_back(staff, talk)
    assert await intake.take(bot, BOT_ID, broken(1)) is Acceptance.PUT_ASIDE
    assert asked(records) == [("unreadable", "now", "closed")], "it lay there already"
    await intake.take(bot, BOT_ID, broken(3))
    assert asked(records) == [("unreadable", "now", "closed"), ("unreadable", "now", "open")]


async def test_the_words_are_read_at_the_desk_where_they_can_be_told(world: World, talk: ConversationId) -> None:
    intake, bot = taking_in(world), ToldBot()
    for number, words in enumerate(("my gum bleeds", "half \ud83d", "x" * (LONGEST_TEXT + 1), ""), start=1):
        await intake.take(bot, BOT_ID, broken(number, words))
    assert await put_aside(world, talk) == ["my gum bleeds", "half ?", "x" * LONGEST_TEXT, ""]


async def test_whatever_keeps_it_from_being_taken_in_there_is_one_ticket(
    world: World, records: Records, talk: ConversationId
) -> None:
    intake = taking_in(world)
    bot = ToldBot(failing={1: [StorageBusyError("try again")] * MOST_TRIES, 2: [ZeroDivisionError()]})
    refused = {"update_id": 1, "from": ACCOUNT, "words": "refused"}
    assert [await intake.take(bot, BOT_ID, refused) for _ in range(MOST_TRIES)][-1] is Acceptance.PUT_ASIDE
    await intake.take(bot, BOT_ID, {"update_id": 2, "from": ACCOUNT, "words": "not foreseen"})
    await intake.take(bot, BOT_ID, broken(3, "not read"))
    assert asked(records) == [("put_aside", "now", "open")]
    assert await put_aside(world, talk) == ["refused", "not foreseen", "not read"]


async def test_nobody_is_asked_about_what_had_its_effect_before_it_broke(
    world: World, phone: Phone, records: Records, talk: ConversationId
) -> None:
    await phone.does(Wrote(text="thank you"), update=f"{BOT_ID}:1")
    bot = ToldBot(failing={1: [ZeroDivisionError()]})
    await taking_in(world).take(bot, BOT_ID, {"update_id": 1, "from": ACCOUNT, "words": "thank you"})
    assert len(records.of("quarantined_update")) == 1
    assert asked(records) == []
    assert await put_aside(world, talk) == []


async def test_it_is_kept_with_the_question_to_staff_or_comes_again(
    world: World, records: Records, talk: ConversationId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise StorageBusyError("try again")

    intake, bot = taking_in(world), ToldBot()
    with monkeypatch.context() as disk:
        disk.setattr(TicketRepository, "open", busy)
        assert await intake.take(bot, BOT_ID, broken(1)) is Acceptance.LATER
    assert records.of("quarantined_update") == []
    assert await intake.take(bot, BOT_ID, broken(1)) is Acceptance.PUT_ASIDE
    assert [row["conversation_id"] for row in records.of("ticket")] == [talk]


async def test_a_stranger_a_new_account_and_the_erased_are_no_patients(
    world: World, phone: Phone, records: Records, talk: ConversationId
) -> None:
    stranger = Phone(world=world, line=phone.line, account="502")
    await stranger.writes("hello")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(whose(records, talk), now=world.clock.now())
        uow.commit()
    intake, bot = taking_in(world), ToldBot()
    for number, account in enumerate((ACCOUNT, "502", "503"), start=1):
        await intake.take(bot, BOT_ID, broken(number, account=account))
    assert len(records.of("quarantined_update")) == 3
    assert asked(records) == []


async def test_where_one_of_a_family_was_erased_staff_are_asked_in_the_chat_of_the_next(
    world: World, phone: Phone, records: Records, talk: ConversationId
) -> None:
    await comes_by_link(phone, world.add_patient()[0])
    now_in = talk_of(world, ACCOUNT)
    assert now_in != talk
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(whose(records, now_in), now=world.clock.now())
        uow.commit()
    await taking_in(world).take(ToldBot(), BOT_ID, broken(1))
    assert [row["conversation_id"] for row in records.of("ticket", reason="unreadable")] == [talk]


async def test_open_desks_are_told_at_once(world: World, talk: ConversationId) -> None:
    told: list[int] = []

    async def changed(conversation_id: int) -> None:
        told.append(conversation_id)

    house, bot = world.house, ToldBot()
    intake = TakingIn(
        database=house.database, clinic=house.clinic, clock=house.clock, channel=Channel.TELEGRAM, changed=changed
    )
    for number in (1, 1, 2):
        await intake.take(bot, BOT_ID, broken(number))
    await intake.take(bot, BOT_ID, broken(3, account="503"))
    assert told == [talk, talk]
