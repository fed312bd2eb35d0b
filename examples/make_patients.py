# ruff: noqa: INP001  # a script beside its data, not a package
"""Makes the example list `patients.csv`: synthetic patients, as untidy as a practice's export.

Nobody in it exists: the names mean "example", the phone numbers are of ranges reserved for fiction, mailboxes are at
example.com and example.org. The same seed and day give the same file.
Longer than other files: one script, to be read and run without the project.

    python examples/make_patients.py > examples/patients.csv
    python examples/make_patients.py 2028-03-01 > examples/patients.csv    # as of another day
"""

import csv
import io
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")
SEED = 20261120
AS_OF = date(2026, 11, 20)
HEADERS = (
    "Patient No", "Title", "First Name", "Patronymic", "Last Name", "Sex", "Date of birth", "Mobile phone", "E-Mail",
    "Street", "Postcode", "City",
    "Language", "Last visit", "Recall (months)", "Next appointment", "Concern", "Status", "Consent", "Dentist",
    "Filing shelf",
)  # fmt: skip
STREETS = ("Voorbeeldlaan", "Proefstraat", "Verzonnen weg", "Oefenplein")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Names of one language; the last names of women and men differ in Russian alone."""

    language: str
    spellings: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    titles: tuple[str, str]
    last_women: tuple[str, ...]
    last_men: tuple[str, ...]
    patronymics: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


ENGLISH = ("Example", "Sample", "Specimen", "Placeholder", "Fictional", "Madeup")
FRENCH = ("Modèle", "Exemple", "Échantillon", "Spécimen", "Factice", "d'Essai")
DUTCH = ("Voorbeeld", "van Voorbeeld", "de Proef", "Verzonnen", "Oefening", "Steekproef")
PEOPLE = (
    People(
        language="en",
        spellings=("en", "English", "EN", "en-GB", "english "),
        women=("Anna", "Emily", "Grace", "Olivia", "Ruth", "Hannah", "Zoe"),
        men=("James", "Oliver", "Samuel", "Peter", "Owen", "Hugh"),
        titles=("Ms", "Mr"),
        last_women=ENGLISH,
        last_men=ENGLISH,
    ),
    People(
        language="fr",
        spellings=("fr", "French", "Français", "fr_FR"),
        women=("Jeanne", "Camille", "Élise", "Margaux", "Inès", "Anne-Laure"),
        men=("Louis", "Théo", "Émile", "Jean-Paul", "Hugo", "Gaël"),
        titles=("Mme", "M."),
        last_women=FRENCH,
        last_men=FRENCH,
    ),
    People(
        language="nl",
        spellings=("nl", "Dutch", "Nederlands", "NL"),
        women=("Sanne", "Lotte", "Fleur", "Maartje", "Noor", "Griet"),
        men=("Piet", "Daan", "Sem", "Joris", "Bram", "Thijs"),
        titles=("mevrouw", "de heer"),
        last_women=DUTCH,
        last_men=DUTCH,
    ),
    People(
        language="ru",
        spellings=("ru", "Russian", "русский"),
        women=("Анна", "Мария", "Ольга", "Светлана", "Дарья"),
        men=("Иван", "Сергей", "Пётр", "Алексей", "Дмитрий"),
        titles=("", ""),
        last_women=("Образцова", "Примерова", "Учебнова", "Вымыслова"),
        last_men=("Образцов", "Примеров", "Учебнов", "Вымыслов"),
        patronymics=(
            ("Сергеевна", "Ивановна", "Петровна", "Алексеевна"),
            ("Сергеевич", "Иванович", "Петрович", "Алексеевич"),
        ),
    ),
)
CONCERNS = (
    "would like to see the upper right molar again", "gums to be checked", "filling to be watched",
    "wisdom tooth; see again", "crown advised, not done", "pocket lower left",
)  # fmt: skip


@dataclass(kw_only=True, slots=True)
class Maker:
    """Makes rows; keeps count of the numbers given out."""

    today: date
    rng: random.Random
    count: int = 0
    phones: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    def pick(self, choices: Sequence[T]) -> T:
        """Take one; by `random()` alone, which every Python version draws alike."""
        return choices[int(self.rng.random() * len(choices))]

    def between(self, least: int, most: int) -> int:
        """Take a whole number; both ends included."""
        return least + int(self.rng.random() * (most - least + 1))

    def written(self, day: date) -> str:
        """Write a day in one of the ways lists have."""
        forms: list[Callable[[date], str]] = [
            date.isoformat,
            lambda on: f"{on:%d.%m.%Y}",
            lambda on: f"{on.day}.{on.month}.{on.year}",
            lambda on: f"{on.day} {MONTHS[on.month - 1]} {on.year}",
            lambda on: f"{on:%Y-%m-%d} 00:00:00",
            # With a stroke or hyphen only where it can be no other day.
            lambda on: f"{on:%d/%m/%Y}" if on.day > len(MONTHS) else f"{on:%d.%m.%Y}",
            lambda on: f"{on:%d-%m-%Y}" if on.day > len(MONTHS) else on.isoformat(),
        ]
        return self.pick(forms)(day)

    def phone(self) -> str:
        """Give out a number of a range reserved for fiction, written in some way."""
        number, british = divmod(next(self.phones), 2)
        if british:
            digits = f"7700900{number:03}"
            return self.pick((f"+44{digits}", f"+44 7700 {digits[4:]}", f"0044 {digits[:4]} {digits[4:]}"))
        digits = f"63998{number:04}"
        return self.pick((f"+33{digits}", f"+33 (0)6 39 98 {digits[5:7]} {digits[7:]}"))

    def address(self) -> dict[str, str]:
        """Make an address in a town of no map; one in six has none."""
        if self.count % 6 == 0:
            return {"street": "", "postcode": "", "city": ""}
        street = STREETS[self.count % len(STREETS)]
        return {
            "street": f"{street} {self.count % 90 + 1}",
            "postcode": f"{1000 + self.count} AB",
            "city": "Voorbeeldstad",
        }

    def row(self, *, away_days: int | None, age: int | None = None, **cells: str) -> dict[str, str]:
        """Make a patient.

        Args:
            away_days: days since the last visit; None if never seen.
            age: years; some adult's if not given.
            cells: by header in lower case with underscores, what is to stand there instead.
        """
        self.count += 1
        people = self.pick(PEOPLE)
        is_woman = self.rng.random() < 0.54  # noqa: PLR2004  # a little more than half
        first = self.pick(people.women if is_woman else people.men)
        last = self.pick(people.last_women if is_woman else people.last_men)
        patronymics = people.patronymics[0 if is_woman else 1]
        years = self.between(19, 88) if age is None else age
        born = self.today - timedelta(days=365 * years + 20 + self.between(0, 300) + years // 4)
        made = {
            "patient_no": f"{1000 + self.count}",
            "title": self.pick((people.titles[0 if is_woman else 1], "")),
            "first_name": self.pick((first, first, first, first.upper(), f" {first}")),
            "patronymic": self.pick((*patronymics, "")) if patronymics else "",
            "last_name": last,
            "sex": self.pick(("F", "f", "female", "") if is_woman else ("M", "m", "male", "")),
            "date_of_birth": self.written(born),
            "mobile_phone": self.phone() if self.rng.random() < 0.85 else "",  # noqa: PLR2004  # most have one
            "e_mail": f"{people.language}.patient{self.count}@example.{self.pick(('com', 'org'))}"
            if self.rng.random() < 0.7  # noqa: PLR2004  # many have one
            else "",
            **self.address(),
            "language": self.pick(people.spellings),
            "last_visit": "" if away_days is None else self.written(self.today - timedelta(days=away_days)),
            "recall": self.pick(("6", "6", "6 months", "12", "12", "4", "9", "1 year", "")),
            "next_appointment": "",
            "concern": self.pick(CONCERNS) if self.rng.random() < 0.2 else self.pick(("", "", "none", "-")),  # noqa: PLR2004
            "status": self.pick(("", "active", "Active", "current")),
            "consent": self.pick(("yes", "yes", "Yes", "Y", "")),
            "dentist": self.pick(("Vos", "Dr. Vos", "dr vos", "A. Vos", "Berg", "Dr. Berg", "")),
            "filing_shelf": f"{self.pick('ABCDEF')}{self.between(1, 40)}",
        }
        return made | cells

    def working_day(self, ahead: int) -> date:
        """Return the first weekday from so many days ahead."""
        day = self.today + timedelta(days=ahead)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)  # noqa: PLR2004  # Friday


PLAIN: tuple[tuple[int, tuple[int, int]], ...] = (
    (95, (370, 545)),
    (60, (550, 725)),
    (50, (735, 1090)),
    (55, (5, 360)),
    (18, (1105, 2900)),
)
"""So many patients, last seen so many days ago: three bands, not due yet, away too long."""

GONE = ("moved", "Moved away", "deceased", "died", "†", "left", "transferred", "do not contact", "never contact")


def plain_rows(make: Maker) -> Iterator[dict[str, str]]:
    """Make those whom a programme knows: due, not yet due, away too long, never seen, gone."""
    for count, (least, most) in PLAIN:
        yield from (make.row(away_days=make.between(least, most)) for _ in range(count))
    yield from (make.row(away_days=make.between(370, 430), recall=make.pick(("18", "24"))) for _ in range(12))
    yield from (make.row(away_days=None) for _ in range(8))
    yield from (make.row(away_days=make.between(380, 900), status=status) for status in GONE * 3)
    noes = ("no", "No", "refused", "opted out")
    yield from (make.row(away_days=make.between(380, 900), consent=make.pick(noes)) for _ in range(22))


def booked_rows(make: Maker) -> Iterator[dict[str, str]]:
    """Make those who have an appointment already, most with its time."""
    for number in range(22):
        day = make.written(make.working_day(12 + 3 * number)).removesuffix(" 00:00:00")
        at = make.pick(("09:00", "9:30", "10.15", "14h30", "2:45 pm", "11:00"))
        yield make.row(away_days=make.between(200, 600), next_appointment=f"{day} {at}")
    for number in range(5):
        yield make.row(away_days=make.between(200, 600), next_appointment=make.written(make.working_day(20 + number)))
    same = f"{make.working_day(16):%d.%m.%Y} 10:00"
    yield from (make.row(away_days=300, next_appointment=same, dentist="Vos") for _ in range(2))


def children_and_families(make: Maker) -> Iterator[dict[str, str]]:
    """Make children, who share a phone or mailbox with a parent."""
    for number in range(9):
        parent = make.row(away_days=make.between(380, 700), mobile_phone=make.phone())
        shared = {
            "mobile_phone": parent["mobile_phone"],
            "last_name": parent["last_name"],
            "language": parent["language"],
        }
        yield parent
        for _ in range(1 + number % 2):
            child = make.row(away_days=make.between(380, 700), age=make.between(3, 16), title="", patronymic="")
            yield child | shared
    for _ in range(3):
        mailbox = f"family{make.count}@example.org"
        yield make.row(away_days=make.between(380, 700), e_mail=mailbox)
        yield make.row(away_days=make.between(380, 700), e_mail=mailbox.upper())


def untidy_rows(make: Maker) -> Iterator[dict[str, str]]:
    """Make everything a practice's export gets wrong, once or twice each."""
    cells: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("date_of_birth", (
            "", "", "", "", "", "", "01/01/1900", "45657", "31.12.84", "30.02.1980", "not known", "2031-05-01",
        )),
        ("language", ("", "", "", "", "German", "Deutsch", "tr")),
        ("mobile_phone", (
            "ask her son", "06 12 34", "+44 7700 90", "020 7946 0123", "+44 20 7946 0124", "+44 7700 900123 ext. 12",
            "+44 7700 900124 / +44 7700 900125", "none",
        )),
        ("e_mail", ("anna(at)example.com", "piet@example", "@example.com", "a@example.com; b@example.com", "no")),
        ("last_visit", (
            "03/04/2025", "05/06/2025", "12/31/2024", "07/25/2024", "45321", "12.05.24", "autumn", "2031-01-15",
        )),
        ("recall", ("0", "72", "twice a year", "6,5")),
        ("next_appointment", (
            f"{make.today - timedelta(days=9):%Y-%m-%d} 10:00", "soon", f"{make.working_day(30):%Y-%m-%d} 26:00",
        )),
        ("consent", ("yes, but not by phone", "maybe", "see file")),
        ("sex", ("?", "mevrouw", "diverse")),
        ("dentist", ("Dr. Previous", "locum", "V.")),
        ("first_name", ("Anna 2", "x" * 120)),
        ("concern", ("see letter. " * 60,)),
    )  # fmt: skip
    for name, texts in cells:
        for text in texts:
            yield make.row(away_days=make.between(380, 900)) | {name: text}
    yield make.row(away_days=500, age=30, last_visit=(make.today - timedelta(days=365 * 40)).isoformat())
    # Rows that cannot come in at all.
    yield make.row(away_days=400, patient_no="")
    yield make.row(away_days=400, last_name="")
    yield make.row(away_days=400, last_name="4711")
    yield make.row(away_days=400, status="archived")
    yield make.row(away_days=400, patient_no="1007")


def make_list(today: date) -> bytes:
    """Make the file: semicolons, as spreadsheets of half of Europe write it, with a byte order mark."""
    make = Maker(today=today, rng=random.Random(SEED))  # noqa: S311  # the same list each time, nothing secret
    rows = [*plain_rows(make), *booked_rows(make), *children_and_families(make), *untidy_rows(make)]
    order = sorted(range(len(rows)), key=lambda _: make.rng.random())
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    names = [header.split(" (")[0].lower().replace(" ", "_").replace("-", "_") for header in HEADERS]
    for place, index in enumerate(order):
        writer.writerow([rows[index][name] for name in names])
        if place == len(order) // 2:
            writer.writerow([])
            writer.writerow(["9001", "Mr", "Owen", "", "Sample", "m", "1971-03-02"])  # the rest of the row is missing
    return "\ufeff".encode() + out.getvalue().encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(make_list(date.fromisoformat(sys.argv[1]) if sys.argv[1:] else AS_OF))
