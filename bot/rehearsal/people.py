"""The synthetic patients of the rehearsal, as a list a clinic might import; no one of them exists."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from flows.outreach.bands import add_months
from flows.vocabulary import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Synthetic:
    """One made-up patient. months_away: since the last visit. hint: a key of the stage's texts."""

    number: str
    title: str
    first_name: str
    patronymic: str
    last_name: str
    sex: str
    birth_date: date
    mobile: str
    email: str
    language: Language
    months_away: int
    concern: str
    dentist: str
    hint: str


PEOPLE = (
    Synthetic(
        number="R-1",
        title="Ms",
        first_name="Anna",
        patronymic="",
        last_name="Example",
        sex="female",
        birth_date=date(1984, 5, 2),
        mobile="+44 7700 900001",
        email="anna.example@example.com",
        language=Language.EN,
        months_away=20,
        concern="",
        dentist="Dr Vos",
        hint="demo.hint.lapsed_two_years",
    ),
    Synthetic(
        number="R-2",
        title="Mme",
        first_name="Jeanne",
        patronymic="",
        last_name="Modèle",
        sex="female",
        birth_date=date(1971, 9, 14),
        mobile="+33 6 39 98 00 01",
        email="jeanne.modele@example.com",
        language=Language.FR,
        months_away=14,
        concern="",
        dentist="Dr Vos",
        hint="demo.hint.lapsed_one_year",
    ),
    Synthetic(
        number="R-3",
        title="dhr.",
        first_name="Piet",
        patronymic="",
        last_name="van Voorbeeld",
        sex="male",
        birth_date=date(1990, 1, 30),
        mobile="+31 6 00 00 00 01",
        email="piet.voorbeeld@example.com",
        language=Language.NL,
        months_away=16,
        concern="to be looked at again",
        dentist="Dr Berg",
        hint="demo.hint.concern",
    ),
    Synthetic(
        number="R-4",
        title="",
        first_name="Анна",
        patronymic="Сергеевна",
        last_name="Образцова",
        sex="female",
        birth_date=date(1966, 11, 8),
        mobile="+7 900 000-00-01",
        email="obraztsova@example.com",
        language=Language.RU,
        months_away=26,
        concern="",
        dentist="Dr Vos",
        hint="demo.hint.lapsed_long",
    ),
)

HEADERS = (
    "number",
    "title",
    "first name",
    "patronymic",
    "last name",
    "sex",
    "birth date",
    "mobile",
    "e-mail",
    "language",
    "last visit",
    "recall interval",
    "concern",
    "status",
    "consent",
    "dentist",
)


def patient_list(today: date) -> bytes:
    """Write the list as a practice's software would export it today: UTF-8 CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for each in PEOPLE:
        writer.writerow(
            (
                each.number,
                each.title,
                each.first_name,
                each.patronymic,
                each.last_name,
                each.sex,
                each.birth_date.isoformat(),
                each.mobile,
                each.email,
                each.language.value,
                add_months(today, -each.months_away).isoformat(),
                "12",
                each.concern,
                "active",
                "yes",
                each.dentist,
            )
        )
    return out.getvalue().encode()
