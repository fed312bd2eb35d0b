"""From a patient list's bytes to patients as it tells them, and everything that is wrong with it.

Pure. A bad cell that is optional is left out and its row stays; a row without what makes it a patient is refused.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from flows.vocabulary import Language, PatientStatus, Sex
from storage.imports import cells
from storage.imports.columns import Column, read_headers
from storage.imports.contacts import read_email, read_mobile
from storage.imports.countries import read_country
from storage.imports.dates import DateOrder, Moment, order_of
from storage.imports.problems import CellError, Problem, Severity
from storage.imports.table import RawRow, read_table
from storage.imports.words import Consent

DATES = (Column.BIRTH_DATE, Column.LAST_VISIT, Column.NEXT_APPOINTMENT)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadSettings:
    """What has to be known to read a list.

    country: the clinic's ISO 3166 code, for phone numbers. today: in the clinic's calendar. date_order: what whoever
    imports says of dates like 03/04/2024; None: the file has to tell. language: for patients of whom the list names
    none; None: theirs stays unknown.
    """

    country: str
    today: date
    date_order: DateOrder | None = None
    language: Language | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedPatient:
    """A patient as a list tells it. row: as a spreadsheet counts.

    None: the list says nothing. next_appointment: in the clinic's time; None beside `Column.NEXT_APPOINTMENT` in
    `ParsedList.columns` and not in `left_out` means that there is none. left_out: columns whose cell could not be used.
    """

    row: int
    number: str
    last_name: str
    title: str | None
    first_name: str | None
    patronymic: str | None
    sex: Sex
    birth_date: date | None
    mobile: str | None
    email: str | None
    street: str | None
    postcode: str | None
    city: str | None
    language: Language | None
    last_visit_on: date | None
    recall_months: int | None
    next_appointment: Moment | None
    concern: str | None
    status: PatientStatus
    consent: Consent
    dentist: str | None
    residence: str | None
    left_out: frozenset[Column]


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedList:
    """A patient list, read. patients: each number once. file_hash: hex SHA-256 of the file. rows: refused ones too."""

    patients: tuple[ListedPatient, ...]
    problems: tuple[Problem, ...]
    columns: frozenset[Column]
    unused: tuple[str, ...]
    rows: int
    file_hash: str

    @property
    def refused(self) -> int:
        """How many rows are no patients."""
        return self.rows - len(self.patients)


def read_patients(data: bytes, settings: ReadSettings) -> ParsedList:
    """Read a patient list.

    Args:
        data: the file's bytes.
        settings: what has to be known beside it.

    Returns:
        the patients and the problems, both by row.

    Raises:
        PatientListError: the file is none.
    """
    table = read_table(data)
    headers = read_headers(table.headers)
    dates = (
        row.cells[headers.places[column]]
        for row in table.rows
        for column in DATES
        if column in headers.places and headers.places[column] < len(row.cells)
    )
    order = order_of(dates, settings.date_order)
    problems: list[Problem] = []
    first_rows: dict[str, int] = {}
    patients: list[ListedPatient] = []
    for row in table.rows:
        reading = _Reading(row=row, places=headers.places, width=len(table.headers), order=order, settings=settings)
        patient = reading.patient()
        if patient is not None and patient.number in first_rows:
            reading.refuse(
                Column.NUMBER,
                CellError(f"is the number of row {first_rows[patient.number]} too", "give each patient one row"),
            )
            patient = None
        problems += reading.problems
        if patient is not None:
            first_rows[patient.number] = row.row
            patients.append(patient)
    return ParsedList(
        patients=tuple(patients),
        problems=tuple(problems),
        columns=frozenset(headers.places),
        unused=headers.unused,
        rows=len(table.rows),
        file_hash=hashlib.sha256(data).hexdigest(),
    )


@dataclass(kw_only=True, slots=True)
class _Reading:
    """One row under way; collects what is wrong with it."""

    row: RawRow
    places: dict[Column, int]
    width: int
    order: DateOrder | None
    settings: ReadSettings
    problems: list[Problem] = field(default_factory=list)
    left_out: set[Column] = field(default_factory=set)

    def patient(self) -> ListedPatient | None:
        """Read the row; None if it is refused."""
        extra = self.row.cells[self.width :]
        if len(self.row.cells) < self.width or any(cell.strip() for cell in extra):
            self.refuse(
                None,
                CellError(
                    f"has {len(self.row.cells)} cells where the headers have {self.width}",
                    "look for a delimiter too many or too few, or put the cell that holds one into quotation marks",
                ),
            )
            return None
        try:
            number = cells.read_number(self._cell(Column.NUMBER))
        except CellError as error:
            self.refuse(Column.NUMBER, error)
            return None
        try:
            last_name = cells.read_last_name(self._cell(Column.LAST_NAME))
        except CellError as error:
            self.refuse(Column.LAST_NAME, error)
            return None
        try:
            # A word nobody understands may mean that they died: such a patient must not come in as one to write to.
            status = cells.read_status(self._cell(Column.STATUS))
        except CellError as error:
            self.refuse(Column.STATUS, error)
            return None
        return self._rest(number, last_name, status)

    def _rest(self, number: str, last_name: str, status: PatientStatus) -> ListedPatient:
        today, order = self.settings.today, self.order
        born = self._optional(Column.BIRTH_DATE, lambda text: cells.read_birth_date(text, order, today), None)
        seen = self._optional(Column.LAST_VISIT, lambda text: cells.read_past_date(text, order, today), None)
        if born is not None and seen is not None and seen < born:
            self._leave_out(Column.LAST_VISIT, CellError("is before the birth date", "compare both with the file"))
            seen = None
        language = self._optional(Column.LANGUAGE, cells.read_language, None)
        if language is None and Column.LANGUAGE not in self.left_out:
            language = self.settings.language
        return ListedPatient(
            row=self.row.row,
            number=number,
            last_name=last_name,
            title=self._optional(Column.TITLE, cells.read_name, None),
            first_name=self._optional(Column.FIRST_NAME, cells.read_name, None),
            patronymic=self._optional(Column.PATRONYMIC, cells.read_name, None),
            sex=self._optional(Column.SEX, cells.read_sex, Sex.UNKNOWN),
            birth_date=born,
            mobile=self._optional(Column.MOBILE, self._mobile, None),
            email=self._optional(Column.EMAIL, _email, None),
            street=self._optional(Column.STREET, cells.read_address_line, None),
            postcode=self._optional(Column.POSTCODE, cells.read_address_line, None),
            city=self._optional(Column.CITY, cells.read_address_line, None),
            language=language,
            last_visit_on=seen,
            recall_months=self._optional(Column.RECALL_INTERVAL, cells.read_recall_months, None),
            next_appointment=self._optional(
                Column.NEXT_APPOINTMENT, lambda text: cells.read_appointment(text, order), None
            ),
            concern=self._optional(Column.CONCERN, cells.read_concern, None),
            status=status,
            consent=self._optional(Column.CONSENT, cells.read_consent, Consent.UNSAID),
            dentist=cells.plain_text(self._cell(Column.DENTIST)) or None,
            residence=self._optional(Column.COUNTRY, read_country, None),
            left_out=frozenset(self.left_out),
        )

    def refuse(self, column: Column | None, error: CellError) -> None:
        """Record why the row is refused."""
        self._record(column, Severity.ERROR, error)

    def _leave_out(self, column: Column, error: CellError) -> None:
        self.left_out.add(column)
        self._record(column, Severity.WARNING, error)

    def _record(self, column: Column | None, severity: Severity, error: CellError) -> None:
        self.problems.append(
            Problem(row=self.row.row, column=column, severity=severity, problem=error.problem, remedy=error.remedy)
        )

    def _optional(self, column: Column, read: Callable[[str], T], otherwise: T) -> T:
        try:
            return read(self._cell(column))
        except CellError as error:
            self._leave_out(column, error)
            return otherwise

    def _cell(self, column: Column) -> str:
        place = self.places.get(column)
        return "" if place is None else self.row.cells[place]

    def _mobile(self, text: str) -> str | None:
        return read_mobile(text, self.settings.country) if text.strip() else None


def _email(text: str) -> str | None:
    return read_email(text) if text.strip() else None
