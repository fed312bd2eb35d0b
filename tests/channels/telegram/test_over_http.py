"""A patient and the bot over real HTTP, every call checked against the published Bot API."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.channels.telegram import BotWords, Connection, PatientsBot, TelegramChannel
from bot.clocks import RehearsalClock
from bot.services.arriving import ArrivedContent, CameByLink, ChatClosed, ChatReopened, Edited, SharedPhone
from bot.services.intake_ports import TokenRevokedError
from bot.services.ports import (
    AddressClosedError,
    Busy,
    Keyboard,
    NotSentError,
    OutcomeUnknownError,
    OutgoingButton,
    OutgoingFile,
    OutgoingMessage,
    OutgoingVenue,
)
from bot.services.updates import Pressed, SentFile, Wrote
from flows.engine.choices import Choice, Payload
from flows.vocabulary import AttachmentKind, Language
from tests.botapi.api import BotApi, bot_api
from tests.botapi.faults import Limits, Trouble
from tests.botapi.files import MediaKind
from tests.botapi.hub import BotAccount
from tests.botapi.people import Person
from tests.channels.telegram.conftest import RecordingEntrance

CHOICES = (
    OutgoingButton(label="Tue 24 Nov, 9:30", payload="1:slot:0:4"),
    OutgoingButton(label="Other times", payload="1:other:0:4"),
)
QUESTION = OutgoingMessage(key="1", text="Which suits you?", buttons=CHOICES)


@dataclass(kw_only=True)
class Line:
    """A patient at one end, the bot at the other."""

    api: BotApi
    account: BotAccount
    patient: Person
    bot: PatientsBot
    channel: TelegramChannel
    entrance: RecordingEntrance
    offset: int | None = None

    async def hear(self) -> list[ArrivedContent]:
        """Fetch what waits and handle it."""
        before = len(self.entrance.taken)
        for raw in await self.bot.fetch(self.offset, 0):
            await self.bot.handle(raw)
            self.offset = int(raw["update_id"]) + 1
        return [arrival.content for arrival in self.entrance.taken[before:]]

    async def say(self, message: OutgoingMessage) -> str:
        """Send to the patient."""
        return await self.channel.send(str(self.patient.id), message)


@pytest.fixture
async def line(words: BotWords, clock: RehearsalClock) -> AsyncIterator[Line]:
    async with bot_api() as api:
        account = api.bot("clinic_bot")
        patient = api.person("Synthetic", language="ru", phone="+31600000001")
        connection = Connection(account.token, api.base)
        entrance = RecordingEntrance()
        bot = PatientsBot(connection=connection, entrance=entrance, words=words, clock=clock)
        patient.start(account, "abc_-9")
        line = Line(
            api=api,
            account=account,
            patient=patient,
            bot=bot,
            channel=TelegramChannel(connection),
            entrance=entrance,
        )
        assert await line.hear() == [CameByLink(token="abc_-9")]  # noqa: S106 - opens nothing
        yield line
        await connection.close()
        api.must_be_clean()


async def test_a_question_is_asked_pressed_and_becomes_its_answer(line: Line) -> None:
    line.entrance.answers = True
    await line.say(QUESTION)
    assert (await line.patient.until_sees("Which")).buttons == ("Tue 24 Nov, 9:30", "Other times")

    tapped = line.patient.press("Tue 24 Nov, 9:30")

    assert await line.hear() == [Pressed(payload=Payload(choice=Choice.SLOT, argument=0, asked=4))]
    assert await tapped.until_answered() == ""
    answered = line.patient.sees()[-1]
    assert (answered.text, answered.buttons) == ("Which suits you?\n\n→ Tue 24 Nov, 9:30", ())
    assert line.entrance.taken[-1].language is Language.RU


async def test_a_tap_on_a_forgotten_message_counts(line: Line) -> None:
    line.entrance.answers = True
    await line.say(QUESTION)
    tapped = line.patient.press("Other times")
    line.patient.forget_history()

    assert await line.hear() == [Pressed(payload=Payload(choice=Choice.OTHER_TIMES, argument=0, asked=4))]
    assert await tapped.until_answered() == ""


async def test_a_tap_answered_too_late_counts(line: Line) -> None:
    await line.say(QUESTION)
    line.patient.press("Other times").expire()

    assert len(await line.hear()) == 1


async def test_a_forged_button_is_told_off_politely(line: Line) -> None:
    await line.say(QUESTION)
    tapped = line.patient.press_data(line.patient.sees()[-1].message, "2:everything:0:0")

    assert await line.hear() == []
    assert "не действует" in await tapped.until_answered()


async def test_the_own_phone_is_shared_by_the_keyboard(line: Line) -> None:
    ask = OutgoingMessage(
        key="1",
        text="Who are you?",
        buttons=(OutgoingButton(label="I am new here", payload="1:new:0:0"),),
        keyboard=Keyboard.SHARE_PHONE,
        keyboard_label="Share my number",
    )
    await line.say(ask)
    line.patient.share_phone()
    line.patient.tap("I am new here")
    line.patient.share_contact(line.api.person("Another", phone="+31600000002").account)

    own, typed, other = await line.hear()
    assert isinstance(own, SharedPhone)
    assert own.own is True
    assert own.number.lstrip("+") == "31600000001"
    assert typed == Wrote(text="I am new here")
    assert isinstance(other, SharedPhone)
    assert other.own is False
    await line.say(OutgoingMessage(key="2", text="Thank you.", keyboard=Keyboard.NONE))
    assert line.patient.keyboard() == []


async def test_files_come_in_and_go_out(line: Line) -> None:
    line.patient.send(MediaKind.PHOTO, b"picture", caption="My tooth")
    line.patient.send(MediaKind.VOICE, b"sound")
    line.patient.send(MediaKind.DOCUMENT, b"large", name="scan.pdf", size=21 << 20)

    picture, sound, large = await line.hear()
    assert isinstance(picture, SentFile)
    assert (picture.kind, picture.content, picture.caption) == (AttachmentKind.PICTURE, b"picture", "My tooth")
    assert isinstance(sound, SentFile)
    assert (sound.kind, sound.content) == (AttachmentKind.VOICE, b"sound")
    assert isinstance(large, SentFile)
    assert (large.kind, large.content) == (AttachmentKind.DOCUMENT, None)

    file = OutgoingFile(name="visit.ics", media_type="text/calendar", content=b"BEGIN:VCALENDAR")
    await line.say(OutgoingMessage(key="1", text="You are booked.", file=file, buttons=CHOICES[:1]))
    seen = await line.patient.until_sees("booked")
    assert (seen.file, seen.buttons) == ("visit.ics", ("Tue 24 Nov, 9:30",))


async def test_each_kind_of_file_leaves_as_the_api_has_it(line: Line) -> None:
    for kind in ("image/png", "audio/ogg", "application/pdf"):
        file = OutgoingFile(name="file", media_type=kind, content=b"1")
        await line.say(OutgoingMessage(key="1", text=f"A file: {kind}", file=file))
        await line.patient.until_sees(kind)


async def test_a_place_a_long_text_and_a_change(line: Line) -> None:
    venue = OutgoingVenue(name="Synthetic practice", address="Lindelaan 1", latitude=52.1, longitude=4.9)
    sent = await line.say(OutgoingMessage(key="1", text="Here we are. " * 400, venue=venue))
    await line.say(OutgoingMessage(key="2", text="Here we were.", edits=sent))
    await line.say(OutgoingMessage(key="2", text="Here we were.", edits=sent))

    shown = line.patient.sees()
    assert any(each.place for each in shown)
    assert any(each.text == "Here we were." and each.is_edited for each in shown)


async def test_edits_forwards_and_places_come_in(line: Line) -> None:
    written = line.patient.write("It hurst")
    line.patient.edit(written, "It hurts")
    line.patient.forward("Do not forget")
    line.patient.send_location()

    assert await line.hear() == [
        Wrote(text="It hurst"),
        Edited(text="It hurts", message_id=str(written.id)),
        Wrote(text="Do not forget"),
        SentFile(kind=AttachmentKind.PLACE),
    ]


async def test_a_block_comes_in_and_closes_the_address(line: Line) -> None:
    line.patient.block()
    with pytest.raises(AddressClosedError):
        await line.say(QUESTION)
    line.patient.unblock()

    assert await line.hear() == [ChatClosed(), ChatReopened()]
    await line.say(QUESTION)


async def test_who_never_started_the_chat_is_not_written_to(line: Line) -> None:
    with pytest.raises(AddressClosedError):
        await line.channel.send(str(line.api.person("Stranger").id), QUESTION)


@pytest.mark.parametrize("trouble", [Trouble.CUT_AFTER, Trouble.PROXY_PAGE, Trouble.GARBLED_AFTER, Trouble.SERVER])
async def test_trouble_on_the_way_back_is_unknown(line: Line, trouble: Trouble) -> None:
    line.api.fault(trouble, method="sendMessage")

    with pytest.raises(OutcomeUnknownError):
        await line.say(QUESTION)


async def test_a_burst_in_one_chat_makes_that_chat_wait(line: Line) -> None:
    line.api.limit(Limits(person=(1, 60.0)))
    await line.say(QUESTION)

    with pytest.raises(NotSentError) as told:
        await line.say(QUESTION)
    assert told.value.busy is Busy.CHAT


async def test_a_group_is_told_that_we_talk_in_private(line: Line) -> None:
    group = line.api.group("Family", owner=line.patient)
    group.add(line.account, rights=None)
    group.member(line.patient.account).write(None, "/book")

    assert await line.hear() == []
    await group.until_sees("личные")


async def test_the_bot_introduces_itself_and_stops_when_revoked(line: Line) -> None:
    await line.bot.start()
    await line.bot.start()
    assert len(line.api.calls_of("setMyCommands")) == len(Language) + 1
    line.account.is_revoked = True

    with pytest.raises(TokenRevokedError):
        await line.bot.fetch(None, 0)
