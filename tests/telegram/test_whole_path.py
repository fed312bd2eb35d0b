"""A patient comes back on Telegram: by their link, with a visit booked and kept, until they say stop.

Another waits until the programme itself writes, and takes one of its times.

Over real HTTP, in each language, whether updates are fetched or brought.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clocks import RehearsalClock
from bot.intake import Mode
from bot.services.work_ports import Came
from flows.ids import PatientId
from flows.vocabulary import Channel, ContactKind, Language
from tests.botapi.api import BotApi
from tests.botapi.files import StoredFile
from tests.botapi.people import Person
from tests.telegram.acts import presses
from tests.telegram.clinic import Clinic
from tests.telegram.starting import EVERY_WAY, house_on_telegram
from tests.telegram.words import WORDS, Words

REMINDED = datetime(2026, 11, 24, 9, 1, tzinfo=UTC)
INVITED = datetime(2026, 11, 23, 16, 31, tzinfo=UTC)
VISIT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
INVITED_VISIT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
VISIT_OVER = datetime(2026, 11, 24, 16, 31, tzinfo=UTC)
CHECK_IN_PLANNED = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
ASKED_AFTER = datetime(2026, 11, 26, 16, 31, tzinfo=UTC)
LATER = tuple(ASKED_AFTER + timedelta(days=days) for days in (1, 2, 7, 90, 200, 400, 401))


@EVERY_WAY
async def test_a_patient_comes_back(
    language: Language, mode: Mode, api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    words = WORDS[language]
    async with house_on_telegram(api, folder, clock, mode=mode) as clinic:
        anna, patient_id = await comes_by_link(clinic, api, language)
        await books(clinic, anna, words)
        await changes_their_mobile(clinic, anna, words, patient_id)
        await is_reminded(clinic, anna, words)
        await is_asked_after_the_visit(clinic, anna, words, patient_id)
        await stops(clinic, anna, words, patient_id)


@EVERY_WAY
async def test_the_programme_writes_by_itself_and_one_press_books(
    language: Language, mode: Mode, api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    words = WORDS[language]
    async with house_on_telegram(api, folder, clock, mode=mode) as clinic:
        anna, patient_id = await comes_by_link(clinic, api, language)
        await clinic.until_quiet()
        await is_invited(clinic, anna, words)
        await takes_an_offered_time(clinic, anna, words)
        sent = clinic.records.of("outbox", kind="proactive", patient_id=patient_id, status="sent")
        assert [(row["channel"], row["purpose"]) for row in sent] == [(Channel.TELEGRAM.value, "recall")]


async def comes_by_link(clinic: Clinic, api: BotApi, language: Language) -> tuple[Person, PatientId]:
    """Open the chat by a personal link, and allow what is asked."""
    patient_id = clinic.add_patient(language=language)
    anna = api.person("Anna", language=language.value, phone="+32470000001")
    anna.start(clinic.bots.patients, clinic.link_for(patient_id))
    await allows_both(anna, WORDS[language])
    return anna, patient_id


async def allows_both(anna: Person, words: Words) -> None:
    """Say yes to what is asked of whoever was never asked."""
    await anna.until_sees(words.may_we_remind)
    for question, answer, after in (
        (words.may_we_remind, words.yes, words.may_we_ask_after),
        (words.may_we_ask_after, words.yes, words.how_often),
        (words.how_often, words.when_due, words.noted),
    ):
        await presses(anna, answer, of=question)
        assert (await anna.until_sees(after)).buttons
    assert (await anna.until_sees(words.noted)).file == words.receipt


async def books(clinic: Clinic, anna: Person, words: Words) -> None:
    """Say when, press one of two times, and get the visit as a file for the calendar."""
    anna.write(words.wants_time)
    offered = await anna.until_sees(words.times)
    assert words.slot in offered.buttons
    await presses(anna, words.slot, of=words.times)
    await has_booked(clinic, anna, words, words.booked, VISIT)


async def is_invited(clinic: Clinic, anna: Person, words: Words) -> None:
    """Ask for nothing, and get the programme's message in the early evening: two times, and what ends such messages."""
    await clinic.comes(clinic.clock.now())
    assert [row["status"] for row in clinic.records.of("outbox", kind="proactive")] == ["planned"]
    await clinic.comes(INVITED)
    invitation = await anna.until_sees(words.ends_these)
    assert words.invited_for in invitation.text
    assert invitation.buttons[0] == words.invited_slot
    assert invitation.file is None


async def takes_an_offered_time(clinic: Clinic, anna: Person, words: Words) -> None:
    """Press one of the invitation's times, which books it, and get the visit as a file for the calendar."""
    await presses(anna, words.invited_slot, of=words.ends_these)
    await has_booked(clinic, anna, words, words.invited_booked, INVITED_VISIT)


async def has_booked(clinic: Clinic, anna: Person, words: Words, told: str, visit: datetime) -> None:
    """Be told of one visit, by a file for the calendar, too; it is the only one that is booked."""
    booked = await anna.until_sees(told)
    assert booked.file == words.visit
    assert booked.message.file is not None
    event = event_of(booked.message.file)
    assert event["DTSTART"] == f"{visit:%Y%m%dT%H%M%SZ}"
    assert event["DTEND"] == f"{visit + timedelta(minutes=30):%Y%m%dT%H%M%SZ}"
    assert [row["starts_at"] for row in clinic.records.of("appointment", status="booked")] == [visit]


async def changes_their_mobile(clinic: Clinic, anna: Person, words: Words, patient_id: PatientId) -> None:
    """Tell a new mobile, see it read back, and say that it is right."""
    anna.write(words.has_new_mobile)
    assert words.right in (await anna.until_sees(words.mobile)).buttons
    await presses(anna, words.right, of=words.mobile)
    await anna.until_sees(words.mobile_kept)
    with clinic.house.database.reading(clinic.house.clinic.id) as uow:
        mobile = uow.patients.get_many([patient_id])[patient_id].profile.contact(ContactKind.MOBILE)
    assert mobile is not None
    assert mobile == "".join(sign for sign in words.mobile if sign.isdecimal() or sign == "+")


async def is_reminded(clinic: Clinic, anna: Person, words: Words) -> None:
    """Be reminded of the visit, and say that one comes."""
    await clinic.comes(REMINDED)
    reminder = await anna.until_sees(words.reminder)
    assert reminder.file == words.visit
    await presses(anna, words.coming, of=words.reminder)
    await anna.until_sees(words.see_you)


async def is_asked_after_the_visit(clinic: Clinic, anna: Person, words: Words, patient_id: PatientId) -> None:
    """Come; staff mark it; some days later be asked how one is."""
    await clinic.comes(VISIT_OVER)
    await clinic.house.attendance.mark(clinic.add_staff(), patient_id, VISIT, Came.CAME)
    for moment in (CHECK_IN_PLANNED, ASKED_AFTER):
        await clinic.comes(moment)
    await anna.until_sees(words.check_in)
    await presses(anna, words.all_well, of=words.check_in)
    await anna.until_sees(words.glad)


async def stops(clinic: Clinic, anna: Person, words: Words, patient_id: PatientId) -> None:
    """Say stop in one's own words: one confirmation, and never again a word by itself."""
    anna.write(words.stop)
    await anna.until_sees(words.stopped)
    await clinic.until_quiet()
    for moment in LATER:
        await clinic.comes(moment)
    assert [words.stopped in seen.text for seen in anna.news()] == [True]
    sent = clinic.records.of("outbox", kind="proactive", patient_id=patient_id, status="sent")
    assert [(row["channel"], row["purpose"]) for row in sent] == [
        (Channel.TELEGRAM.value, "appointment"),
        (Channel.TELEGRAM.value, "postvisit"),
    ]


def event_of(file: StoredFile) -> dict[str, str]:
    """Read the one event of a calendar file, as RFC 5545 writes it; parameters are left out."""
    text = file.content.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.removesuffix("\r\n").replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    begins, ends = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
    assert lines.count("BEGIN:VEVENT") == 1
    properties = [line.partition(":") for line in lines[begins + 1 : ends]]
    event = {name.partition(";")[0]: value for name, _, value in properties}
    assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= event.keys()
    return event
