"""Makes the synthetic patients of a simulation, and the list a practice would export of them; no one of them exists.

The same seed, number and day make the same people.
"""

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from random import Random
from typing import Any

from bot.rehearsal.simulation.temperaments import TRAITS, Temperament
from flows.outreach.bands import add_months
from flows.vocabulary import Language, Sex

HEADERS = (
    "number",
    "first name",
    "last name",
    "sex",
    "birth date",
    "mobile",
    "e-mail",
    "street address",
    "post code",
    "town",
    "language",
    "last visit",
    "recall interval",
    "concern",
    "status",
    "consent",
    "dentist",
)
STATUSES = ("active", "moved", "left", "deceased", "do not contact")
STATUS_SHARES = (94, 2, 2, 1, 1)
CONSENTS = ("yes", "no", "")
CONSENT_SHARES = (70, 8, 22)
AWAY = ((3, 12), (12, 18), (18, 24), (24, 36), (36, 60))
AWAY_SHARES = (35, 25, 18, 15, 7)
"""Months since the last visit, and how many of a hundred are away for so long."""

LANGUAGE_SHARES: Mapping[Language, int] = {Language.EN: 30, Language.FR: 20, Language.NL: 35, Language.RU: 15}
CHILDREN, HOUSEHOLDS, CONCERNS, OPENERS = 0.06, 0.15, 0.2, 0.7
FICTIONAL_MOBILES = 10_000
"""The range +33 6 39 98 is kept for fiction."""

POSTCODE, TOWN = "1234 AB", "Voorbeeldstad"
CONCERN = "to be looked at again"
_NAMES = tomllib.loads((resources.files(__package__) / "names.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A made-up patient. opens_after: days until they open the link they were given; None: they never do."""

    number: str
    first_name: str
    last_name: str
    sex: Sex
    birth_date: date
    mobile: str
    street: str
    language: Language
    last_visit_on: date
    concern: str
    status: str
    consent: str
    dentist: str
    temperament: Temperament
    opens_after: int | None


def make_people(count: int, seed: int, today: date, dentists: Sequence[str]) -> tuple[Person, ...]:
    """Make so many patients as of a day."""
    chance = Random(f"people:{seed}")  # noqa: S311 - a rehearsal must repeat itself, nothing is kept secret by it
    made: list[Person] = []
    for index in range(count):
        shares_with = made[-1] if made and chance.random() < HOUSEHOLDS else None
        made.append(_person(index, shares_with, chance, today, dentists))
    return tuple(made)


def patient_list(people: Sequence[Person]) -> bytes:
    """Write the list as a practice's software would export it: UTF-8 CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    writer.writerows(_row(person) for person in people)
    return out.getvalue().encode()


def _person(index: int, shares_with: Person | None, chance: Random, today: date, dentists: Sequence[str]) -> Person:
    language = (
        shares_with.language if shares_with else _one_of(tuple(LANGUAGE_SHARES), LANGUAGE_SHARES.values(), chance)
    )
    names: Mapping[str, Any] = _NAMES[language.value]
    sex = chance.choice((Sex.FEMALE, Sex.MALE))
    first, last = ("women", "last_women") if sex is Sex.FEMALE else ("men", "last_men")
    years = chance.randint(4, 17) if chance.random() < CHILDREN else chance.randint(18, 85)
    fewest, most = _one_of(AWAY, AWAY_SHARES, chance)
    fresh = f"+33 6 39 98 {index // 100 % 100:02} {index % 100:02}" if index < FICTIONAL_MOBILES else ""
    return Person(
        number=f"S-{index + 1:06}",
        first_name=chance.choice(names[first]),
        last_name=chance.choice(names[last]),
        sex=sex,
        birth_date=add_months(today, -12 * years) - timedelta(days=chance.randint(1, 360)),
        mobile=shares_with.mobile if shares_with else fresh,
        street=shares_with.street if shares_with else f"Lindelaan {index + 1}",
        language=language,
        last_visit_on=add_months(today, -chance.randint(fewest, most - 1)) - timedelta(days=chance.randint(0, 27)),
        concern=CONCERN if chance.random() < CONCERNS else "",
        status=_one_of(STATUSES, STATUS_SHARES, chance),
        consent=_one_of(CONSENTS, CONSENT_SHARES, chance),
        dentist=chance.choice(dentists),
        temperament=_one_of(tuple(Temperament), (TRAITS[each].share for each in Temperament), chance),
        opens_after=min(int(chance.expovariate(1 / 20)), 90) if chance.random() < OPENERS else None,
    )


def _one_of(things: Sequence[Any], shares: Any, chance: Random) -> Any:  # noqa: ANN401 - whatever is chosen from
    return chance.choices(things, tuple(shares))[0]


def _row(person: Person) -> tuple[str, ...]:
    return (
        person.number,
        person.first_name,
        person.last_name,
        person.sex.value,
        person.birth_date.isoformat(),
        person.mobile,
        f"{person.number.lower()}@example.com",
        person.street,
        POSTCODE,
        TOWN,
        person.language.value,
        person.last_visit_on.isoformat(),
        "12",
        person.concern,
        person.status,
        person.consent,
        person.dentist,
    )
