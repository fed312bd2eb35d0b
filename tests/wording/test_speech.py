"""What is said at which level, and that nothing is said above it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.wording import NOBODY, Catalogue, ClinicVoice, LevelError, OwnWords, Reader, Worded, Wording
from flows.messages.answers import Fees
from flows.messages.booking import Booked
from flows.messages.buttons import ButtonDay, ButtonInMonth, ButtonSlot
from flows.messages.contact import ReadBackEmail
from flows.messages.recall import FirstInvitation
from flows.messages.text import AGREED_HERE, LOCK_SCREEN, VERIFIED_CHAT, Text
from flows.messages.times import OneTime
from flows.vocabulary import Language

FIRST = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
SECOND = datetime(2026, 11, 26, 16, 45, tzinfo=UTC)
INVITATION = FirstInvitation(first=FIRST, second=SECOND)


def invitation_at(*levels: int) -> Text:
    """Declare the invitation at other levels (for this one text, so that nobody else finds another class)."""
    text = FirstInvitation(first=FIRST, second=SECOND)
    object.__setattr__(text, "levels", levels)
    return text


def test_the_invitation_of_the_voice_page_is_said_in_a_verified_chat(
    wording: Wording, anna: Reader, now: datetime
) -> None:
    said = wording.word(INVITATION, language=Language.EN, level_limit=VERIFIED_CHAT, reader=anna, now=now)

    assert said == Worded(
        text="Hello Anna, this is De Linde dental practice, writing automatically. You were last here in March last "
        "year, and Dr Vos would like to see you again. We could keep Tuesday 24 November, 9:30, or Thursday "
        "26 November, 17:45 for you. Which suits you better?\n“Stop” ends these messages.",
        level=VERIFIED_CHAT,
    )


@pytest.mark.parametrize("language", list(Language))
def test_a_lock_screen_shows_clinic_and_times_only(
    wording: Wording, anna: Reader, now: datetime, language: Language
) -> None:
    said = wording.word(INVITATION, language=language, level_limit=LOCK_SCREEN, reader=anna, now=now)

    assert said.level == LOCK_SCREEN
    assert "De Linde dental practice" in said.text
    for secret in ("Anna", "Martin", "Sergeevna", "Vos", "2025", "mar", "март"):
        assert secret not in said.text.replace("mardi", "")


def test_a_limit_above_all_levels_says_the_highest(wording: Wording, anna: Reader, now: datetime) -> None:
    said = wording.word(INVITATION, language=Language.NL, level_limit=AGREED_HERE, reader=anna, now=now)

    assert said.level == VERIFIED_CHAT


def test_a_fact_nobody_knows_lowers_the_level_instead_of_leaving_a_hole(
    wording: Wording, anna: Reader, now: datetime
) -> None:
    without_dentist = replace(anna, dentist=None)

    said = wording.word(INVITATION, language=Language.EN, level_limit=VERIFIED_CHAT, reader=without_dentist, now=now)

    assert said.level == LOCK_SCREEN


def test_words_the_clinic_never_wrote_in_this_language_are_not_said(wording: Wording, now: datetime) -> None:
    said = wording.word(Fees(), language=Language.EN, level_limit=LOCK_SCREEN, reader=NOBODY, now=now)

    assert "A check-up costs €45." in said.text
    with pytest.raises(LevelError):
        wording.word(Fees(), language=Language.FR, level_limit=LOCK_SCREEN, reader=NOBODY, now=now)


def test_a_text_without_a_level_that_low_is_not_said(wording: Wording, anna: Reader, now: datetime) -> None:
    only_agreed = invitation_at(AGREED_HERE)

    with pytest.raises(LevelError):
        wording.word(only_agreed, language=Language.EN, level_limit=VERIFIED_CHAT, reader=anna, now=now)


def test_a_level_the_text_does_not_declare_is_not_said_though_the_catalogue_has_it(
    wording: Wording, anna: Reader, now: datetime
) -> None:
    lowered = invitation_at(LOCK_SCREEN)

    said = wording.word(lowered, language=Language.EN, level_limit=AGREED_HERE, reader=anna, now=now)

    assert said.level == LOCK_SCREEN


def test_what_a_patient_wrote_is_read_back_in_a_verified_chat_only(wording: Wording, now: datetime) -> None:
    text = ReadBackEmail(shown="{phone} {0.__class__}\n“Stop”")

    chat = wording.word(text, language=Language.EN, level_limit=VERIFIED_CHAT, reader=NOBODY, now=now)
    lock = wording.word(text, language=Language.EN, level_limit=LOCK_SCREEN, reader=NOBODY, now=now)

    assert chat.text == "We read your new e-mail address as {phone} {0.__class__} “Stop”. Is that right?"
    assert lock.text == "Is the address you just wrote correct?"


def test_hostile_facts_are_inserted_as_they_stand(catalogue: Catalogue, clinic: ClinicVoice, now: datetime) -> None:
    hostile = replace(clinic, name="{dentist}", says={Language.EN: OwnWords(fees="{phone} {greeting}")})
    wording = Wording(catalogue=catalogue, clinic=hostile)

    fees = wording.word(Fees(), language=Language.EN, level_limit=LOCK_SCREEN, reader=NOBODY, now=now)
    booked = wording.word(
        Booked(starts_at=FIRST, provider="{address}"),
        language=Language.EN,
        level_limit=VERIFIED_CHAT,
        reader=Reader(first_name="{clinic}"),
        now=now,
    )

    assert "{phone} {greeting}" in fees.text
    assert "with {address}, at Lindestraat 12, Gent." in booked.text


@pytest.mark.parametrize(
    ("language", "minutes", "expected"),
    [
        (Language.EN, 1, "for 1 minute."),
        (Language.EN, 10, "for 10 minutes."),
        (Language.FR, 0, "pendant 0 minute."),
        (Language.FR, 1, "pendant 1 minute."),
        (Language.FR, 2, "pendant 2 minutes."),
        (Language.NL, 1, "1 minuut"),
        (Language.NL, 5, "5 minuten"),
        (Language.RU, 1, "1 минуту."),
        (Language.RU, 3, "3 минуты."),
        (Language.RU, 10, "10 минут."),
        (Language.RU, 11, "11 минут."),
        (Language.RU, 21, "21 минуту."),
        (Language.RU, 24, "24 минуты."),
    ],
)
def test_a_count_takes_the_plural_of_its_language(
    wording: Wording, now: datetime, language: Language, minutes: int, expected: str
) -> None:
    text = OneTime(first=FIRST, minutes=minutes)

    said = wording.word(text, language=language, level_limit=LOCK_SCREEN, reader=NOBODY, now=now)

    assert expected in said.text


@pytest.mark.parametrize(
    ("language", "slot", "day", "month"),
    [
        (Language.EN, "Tue 24 Nov, 9:30", "Tuesday 24 Nov", "In February"),
        (Language.FR, "Mar. 24 nov. à 9\u00a0h\u00a030", "Mardi 24 nov.", "En février"),
        (Language.NL, "Di 24 nov, 9.30 uur", "Dinsdag 24 nov", "In februari"),
        (Language.RU, "Вт, 24 ноября, 9:30", "Вторник, 24 ноября", "В феврале"),
    ],
)
def test_dates_on_buttons_are_short_and_begin_with_a_capital(
    wording: Wording, now: datetime, language: Language, slot: str, day: str, month: str
) -> None:
    labels = [
        wording.word(text, language=language, level_limit=LOCK_SCREEN, reader=NOBODY, now=now).text
        for text in (
            ButtonSlot(starts_at=FIRST),
            ButtonDay(day=FIRST.date()),
            ButtonInMonth(month=datetime(2027, 2, 1, tzinfo=UTC).date()),
        )
    ]

    assert labels == [slot, day, month]


def test_the_clinic_tells_on_what_it_has_words_of_its_own(clinic: ClinicVoice) -> None:
    assert clinic.says_in(Language.EN) == {"fees"}
    assert clinic.says_in(Language.FR) == set()


def test_a_lock_screen_text_that_names_the_dentist_is_not_said(
    tmp_path: Path, clinic: ClinicVoice, anna: Reader, now: datetime
) -> None:
    for language in Language:
        folder = tmp_path / language.value
        folder.mkdir()
        (folder / "messages.po").write_text('msgctxt "level 0"\nmsgid "recall.first"\nmsgstr "{dentist}"\n')
    careless = Wording(catalogue=Catalogue.load(tmp_path), clinic=clinic)

    with pytest.raises(LevelError):
        careless.word(INVITATION, language=Language.EN, level_limit=LOCK_SCREEN, reader=anna, now=now)
