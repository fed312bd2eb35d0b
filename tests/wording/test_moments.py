"""Dates and times as people of each language write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.wording.catalogue import Catalogue
from bot.wording.moments import Calendar, MomentError, show_moment
from bot.wording.style import MomentStyle
from flows.vocabulary import Language

BRUSSELS = ZoneInfo("Europe/Brussels")
CALENDAR = Calendar(zone=BRUSSELS, today=date(2026, 11, 20))
TUESDAY = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 9, 1, 15, 0, tzinfo=UTC)
LAST_YEAR = date(2025, 3, 4)
LONG_AGO = date(2023, 5, 9)


@pytest.mark.parametrize(
    ("language", "style", "value", "expected"),
    [
        ("en", "sentence", TUESDAY, "Tuesday 24 November, 9:30"),
        ("fr", "sentence", TUESDAY, "mardi 24 novembre à 9\u00a0h\u00a030"),
        ("nl", "sentence", TUESDAY, "dinsdag 24 november om 9.30 uur"),
        ("ru", "sentence", TUESDAY, "во вторник, 24 ноября, в 9:30"),
        ("en", "sentence", NEXT_YEAR, "Wednesday 1 September 2027, 17:00"),
        ("fr", "sentence", NEXT_YEAR, "mercredi 1er septembre 2027 à 17\u00a0h"),
        ("nl", "sentence", NEXT_YEAR, "woensdag 1 september 2027 om 17 uur"),
        ("ru", "sentence", NEXT_YEAR, "в среду, 1 сентября 2027 года, в 17:00"),
        ("en", "alone", TUESDAY, "Tuesday 24 November, 9:30"),
        ("fr", "alone", TUESDAY, "mardi 24 novembre, 9\u00a0h\u00a030"),
        ("nl", "alone", TUESDAY, "dinsdag 24 november, 9.30 uur"),
        ("ru", "alone", TUESDAY, "вторник, 24 ноября, 9:30"),
        ("en", "short", TUESDAY, "Tue 24 Nov, 9:30"),
        ("fr", "short", TUESDAY, "mar. 24 nov. à 9\u00a0h\u00a030"),
        ("nl", "short", TUESDAY, "di 24 nov, 9.30 uur"),
        ("ru", "short", TUESDAY, "вт, 24 ноября, 9:30"),
        ("en", "time", TUESDAY, "9:30"),
        ("fr", "time", NEXT_YEAR, "17\u00a0h\u00a000"),
        ("nl", "time", TUESDAY, "9.30"),
        ("ru", "time", TUESDAY, "9:30"),
        ("en", "day", TUESDAY, "Tuesday 24 November"),
        ("fr", "on_day", TUESDAY, "le mardi 24 novembre"),
        ("nl", "on_day", TUESDAY, "op dinsdag 24 november"),
        ("ru", "on_day", TUESDAY, "во вторник, 24 ноября"),
        ("ru", "day", TUESDAY, "вторник, 24 ноября"),
        ("en", "date", TUESDAY, "24 November 2026"),
        ("ru", "date", TUESDAY, "24 ноября 2026 года"),
        ("en", "until", date(2027, 2, 24), "24 February 2027"),
        ("ru", "until", date(2026, 12, 24), "24 декабря"),
        ("en", "in_month", LAST_YEAR, "in March last year"),
        ("fr", "in_month", LAST_YEAR, "en mars de l’année dernière"),
        ("nl", "in_month", LAST_YEAR, "in maart vorig jaar"),
        ("ru", "in_month", LAST_YEAR, "в марте прошлого года"),
        ("en", "in_month", date(2026, 1, 8), "in January"),
        ("en", "in_month", LONG_AGO, "in May 2023"),
        ("fr", "in_month", LONG_AGO, "en mai 2023"),
        ("nl", "in_month", LONG_AGO, "in mei 2023"),
        ("ru", "in_month", LONG_AGO, "в мае 2023 года"),
        ("ru", "soon_month", date(2027, 2, 1), "в феврале"),
    ],
)
def test_a_moment_reads_as_people_write_it(
    catalogue: Catalogue, language: str, style: str, value: date, expected: str
) -> None:
    manner = catalogue.lexicon(Language(language)).style

    assert show_moment(value, MomentStyle(style), manner, CALENDAR) == expected


def test_russian_says_on_which_weekday_in_the_accusative(catalogue: Catalogue) -> None:
    manner = catalogue.lexicon(Language.RU).style
    week = [datetime(2026, 11, day, 9, 0, tzinfo=UTC) for day in range(23, 30)]

    shown = [show_moment(day, MomentStyle.ON_DAY, manner, CALENDAR).partition(",")[0] for day in week]

    assert shown == [
        "в понедельник",
        "во вторник",
        "в среду",
        "в четверг",
        "в пятницу",
        "в субботу",
        "в воскресенье",
    ]


def test_a_time_is_that_of_the_clinic_on_both_sides_of_a_clock_change(catalogue: Catalogue) -> None:
    manner = catalogue.lexicon(Language.EN).style
    before = datetime(2026, 10, 24, 7, 0, tzinfo=UTC)
    after = datetime(2026, 10, 26, 8, 0, tzinfo=UTC)

    assert show_moment(before, MomentStyle.SENTENCE, manner, CALENDAR) == "Saturday 24 October, 9:00"
    assert show_moment(after, MomentStyle.SENTENCE, manner, CALENDAR) == "Monday 26 October, 9:00"


def test_an_evening_in_utc_may_be_the_next_day_at_the_clinic(catalogue: Catalogue) -> None:
    manner = catalogue.lexicon(Language.EN).style
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)

    assert show_moment(late, MomentStyle.SHORT, manner, CALENDAR) == "Wed 25 Nov, 0:30"


def test_the_year_turns_at_the_clinics_midnight(catalogue: Catalogue) -> None:
    manner = catalogue.lexicon(Language.EN).style
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    shown = show_moment(date(2027, 1, 4), MomentStyle.DAY, manner, Calendar.at(new_year, BRUSSELS))

    assert shown == "Monday 4 January"


def test_a_moment_that_was_shown_before_is_shown_to_each_in_their_own_manner(catalogue: Catalogue) -> None:
    london = Calendar(zone=ZoneInfo("Europe/London"), today=CALENDAR.today)
    a_year_on = Calendar(zone=BRUSSELS, today=date(2027, 11, 20))
    english, dutch = (catalogue.lexicon(language).style for language in (Language.EN, Language.NL))

    for _ in range(2):
        assert show_moment(TUESDAY, MomentStyle.ALONE, english, CALENDAR) == "Tuesday 24 November, 9:30"
        assert show_moment(TUESDAY, MomentStyle.ALONE, english, london) == "Tuesday 24 November, 8:30"
        assert show_moment(TUESDAY, MomentStyle.ALONE, english, a_year_on) == "Tuesday 24 November 2026, 9:30"
        assert show_moment(TUESDAY, MomentStyle.SHORT, english, CALENDAR) == "Tue 24 Nov, 9:30"
        assert show_moment(TUESDAY, MomentStyle.ALONE, dutch, CALENDAR) == "dinsdag 24 november, 9.30 uur"
        assert show_moment(TUESDAY.date(), MomentStyle.DAY, english, CALENDAR) == "Tuesday 24 November"


def test_the_hour_that_comes_twice_reads_the_same_twice(catalogue: Catalogue) -> None:
    manner = catalogue.lexicon(Language.EN).style
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

    shown = [show_moment(each, MomentStyle.TIME, manner, CALENDAR) for each in (first, second)]

    assert shown == ["2:30", "2:30"]


def test_an_instant_without_a_zone_is_not_shown(catalogue: Catalogue) -> None:
    naive = TUESDAY.replace(tzinfo=None)

    with pytest.raises(MomentError, match="without a zone"):
        show_moment(naive, MomentStyle.SENTENCE, catalogue.lexicon(Language.EN).style, CALENDAR)


def test_a_day_is_not_shown_with_a_time(catalogue: Catalogue) -> None:
    with pytest.raises(MomentError, match="no time"):
        show_moment(LAST_YEAR, MomentStyle.SHORT, catalogue.lexicon(Language.EN).style, CALENDAR)
