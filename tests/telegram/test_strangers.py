"""Somebody writes whom nobody knows yet: they share their phone, or tell their name and staff look; and families."""

from datetime import date

import pytest

from flows.ids import PatientId
from flows.vocabulary import Language
from storage.records.people import Profile
from tests.botapi.api import BotApi
from tests.botapi.people import Person
from tests.telegram.acts import MOBILE, is_offered_times
from tests.telegram.clinic import Clinic
from tests.telegram.words import WORDS

BORN = date(1984, 5, 2)
NAMES = {
    Language.EN: ("Anna", "Example"),
    Language.FR: ("Anna", "Exemple"),
    Language.NL: ("Anna", "Voorbeeld"),
    Language.RU: ("Анна", "Образцова"),
}


def in_the_books(
    clinic: Clinic, language: Language = Language.EN, *, given: str = "", born: date = BORN, mobile: str | None = None
) -> PatientId:
    """Somebody in the clinic's books."""
    first, family = NAMES[language]
    number = f"T-{next(clinic.numbers)}"
    profile = Profile(number=number, given_name=given or first, family_name=family, birth_date=born, mobile=mobile)
    return clinic.add_patient(profile, language=language)


def whose_talk(clinic: Clinic, person: Person) -> PatientId:
    """With whom the account is spoken of now."""
    return PatientId(clinic.records.of("conversation", id=clinic.talk_of(person))[0]["patient_id"])


async def starts(clinic: Clinic, language: Language = Language.EN, phone: str = MOBILE) -> Person:
    """Let somebody find the bot by themselves."""
    person = clinic.api.person("Somebody", language=language.value, phone=phone)
    person.start(clinic.bots.patients)
    asked = await person.until_sees(WORDS[language].who)
    assert asked.keyboard[0] == WORDS[language].share
    return person


@pytest.mark.parametrize("language", Language)
async def test_who_shares_the_phone_of_the_books_is_known(clinic: Clinic, language: Language) -> None:
    patient_id = in_the_books(clinic, language, mobile=MOBILE)
    person = await starts(clinic, language)
    assert all(name not in seen.text for seen in person.news() for name in NAMES[language])
    person.tap(WORDS[language].share)
    await person.until_sees(WORDS[language].known_now)
    await person.until_sees(WORDS[language].may_we_remind)
    assert person.keyboard() == []
    assert whose_talk(clinic, person) == patient_id


@pytest.mark.parametrize("language", Language)
async def test_who_tells_name_and_birth_date_is_looked_up_by_staff(clinic: Clinic, language: Language) -> None:
    patient_id, words = in_the_books(clinic, language), WORDS[language]
    person = await starts(clinic, language)
    person.write(words.name_and_birth)
    await person.until_sees(words.looked_up)
    stranger, staff = clinic.talk_of(person), clinic.add_staff()
    assert [row["reason"] for row in clinic.records.of("ticket", conversation_id=stranger)] == ["identify"]
    view = await clinic.house.identifying.candidates(staff, stranger)
    assert view is not None
    assert [(one.patient_id, one.same_day) for one in view.candidates] == [(patient_id, True)]
    await clinic.house.identifying.confirm(staff, stranger, patient_id)
    await person.until_sees(words.known_now)
    await person.until_sees(words.may_we_remind)
    assert whose_talk(clinic, person) == patient_id


async def test_whom_staff_do_not_find_is_told_so_and_nothing_else(clinic: Clinic) -> None:
    person = await starts(clinic)
    person.write("Nobody Sample, 3 March 1980")
    await person.until_sees(WORDS[Language.EN].looked_up)
    await clinic.house.identifying.reject(clinic.add_staff(), clinic.talk_of(person))
    assert WORDS[Language.EN].share in (await person.until_sees("found nobody with this name")).keyboard


async def test_anothers_card_makes_nobody_known(clinic: Clinic, api: BotApi) -> None:
    patient_id = in_the_books(clinic, mobile="+32470000009")
    person = await starts(clinic, phone="+32470000008")
    other = api.person("Other", phone="+32470000009")
    person.share_contact(other.account)
    await person.until_sees("your own")
    person.share_contact(person.account, forwarded_from=other.account)
    await person.until_sees("your own")
    assert whose_talk(clinic, person) != patient_id


async def test_a_phone_that_is_in_no_books_asks_for_the_name(clinic: Clinic) -> None:
    person = await starts(clinic, phone="+32470000007")
    person.share_phone()
    await person.until_sees("write your name and date of birth instead")


async def test_who_guesses_is_made_to_wait(clinic: Clinic) -> None:
    person = await starts(clinic)
    for number in range(5):
        person.start(clinic.bots.patients, f"no-link-{number}")
        await person.until_sees(WORDS[Language.EN].who)
    person.start(clinic.bots.patients, "no-link-again")
    await person.until_sees("1 minute")
    await clinic.until_quiet()
    person.start(clinic.bots.patients, "no-link-at-last")
    await clinic.until_quiet()
    assert person.news() == ()


async def test_danger_is_answered_before_anything_is_asked(clinic: Clinic, api: BotApi) -> None:
    person = api.person("Somebody", language=None)
    person.start(clinic.bots.patients)
    await person.until_sees(WORDS[Language.EN].who)
    person.write("my face is swollen and I can hardly breathe")
    await person.until_sees("112")
    assert [row["urgency"] for row in clinic.records.of("ticket")] == ["now"]


async def test_an_account_of_a_family_is_asked_for_whom(clinic: Clinic) -> None:
    mother = in_the_books(clinic, given="Mia", mobile=MOBILE)
    child = in_the_books(clinic, given="Tom", born=date(2017, 6, 1), mobile=MOBILE)
    person = await starts(clinic)
    person.share_phone()
    buttons = (await person.until_sees("Who is this about?")).buttons
    assert whose_talk(clinic, person) == mother
    person.press(next(label for label in buttons if "Tom" in label))
    await clinic.until(lambda: whose_talk(clinic, person) == child, "the child is spoken of")
    await clinic.until_quiet()
    await person.until_sees()
    person.press((await is_offered_times(person))[0])
    await person.until_sees("booked")
    assert [row["patient_id"] for row in clinic.records.of("appointment", status="booked")] == [child]
