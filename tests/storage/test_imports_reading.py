"""Patient lists read: generously, never guessed at, each problem with its place and remedy.

Longer than other files: one table of untidy cells for each column, read side by side.
"""

import codecs
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.vocabulary import Language, PatientStatus, Sex
from storage.imports.columns import ALIASES, Column
from storage.imports.dates import DateOrder, Moment
from storage.imports.problems import PatientListError, Severity
from storage.imports.rows import ListedPatient, ParsedList, ReadSettings, read_patients
from storage.imports.words import Consent

SETTINGS = ReadSettings(country="NL", today=date(2026, 11, 23))


def _list(text: str, **settings: object) -> ParsedList:
    told = {"country": "NL", "today": date(2026, 11, 23), **settings}
    return read_patients(text.encode(), ReadSettings(**told))  # type: ignore[arg-type]  # each test's own


def _one(column: str, cell: str, **settings: object) -> ListedPatient:
    parsed = _list(f'number,last name,{column}\n7,Example,"{cell}"\n', **settings)
    assert parsed.problems == ()
    (patient,) = parsed.patients
    return patient


def _problem(column: str, cell: str, **settings: object) -> tuple[str, str]:
    parsed = _list(f'number,last name,{column}\n7,Example,"{cell}"\n', **settings)
    (problem,) = parsed.problems
    assert problem.row == 2
    assert problem.column == column
    assert cell not in f"{problem}" or len(cell) < 3
    return problem.problem, problem.remedy


def _refused(data: bytes) -> str:
    with pytest.raises(PatientListError) as refused:
        read_patients(data, SETTINGS)
    return str(refused.value)


WHOLE = """\
number;title;first name;patronymic;last name;sex;birth date;mobile;e-mail;street;postcode;city;\
language;last visit;recall interval;next appointment;concern;status;consent;dentist;country
00123;Ms;Anna; Сергеевна ;Example;F;31.12.1980;+44 7700 900123;Anna@Example.COM;Voorbeeldlaan  5;1234 AB;Voorbeeldstad;\
Dutch;2024-10-05;6 months;24-12-2026 9:30;look at 26 again;Active;Yes;Dr. Vos;Belgium
"""


def test_a_whole_row_is_read() -> None:
    parsed = _list(WHOLE)
    assert parsed.problems == ()
    assert parsed.columns == frozenset(Column)
    assert parsed.patients == (
        ListedPatient(
            row=2,
            number="00123",
            last_name="Example",
            title="Ms",
            first_name="Anna",
            patronymic="Сергеевна",
            sex=Sex.FEMALE,
            birth_date=date(1980, 12, 31),
            mobile="+447700900123",
            email="Anna@example.com",
            street="Voorbeeldlaan 5",
            postcode="1234 AB",
            city="Voorbeeldstad",
            language=Language.NL,
            last_visit_on=date(2024, 10, 5),
            recall_months=6,
            next_appointment=Moment(day=date(2026, 12, 24), at=time(9, 30)),
            concern="look at 26 again",
            status=PatientStatus.ACTIVE,
            consent=Consent.YES,
            dentist="Dr. Vos",
            residence="BE",
            left_out=frozenset(),
        ),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(delimiter: str, end: str) -> None:
    rows = [["Number", "Last_Name", "E-Mail"], ["1", "Example", "a@example.com"], ["", "", ""], ["2", "Model", ""]]
    parsed = _list(end.join(delimiter.join(row) for row in rows))
    assert [(patient.row, patient.last_name) for patient in parsed.patients] == [(2, "Example"), (4, "Model")]


def test_a_byte_order_mark_and_a_separator_line_are_understood() -> None:
    data = codecs.BOM_UTF8 + b"sep=;\r\nnumber;last name\r\n1;Example, PhD\r\n"
    assert read_patients(data, SETTINGS).patients[0].last_name == "Example, PhD"
    assert read_patients(b"\nnumber,last name\n1,Example\n", SETTINGS).patients[0].row == 3


def test_every_alias_names_its_column_in_any_case_and_spelling() -> None:
    assert set(ALIASES) == set(Column)
    for column, names in ALIASES.items():
        for name in (column.value, column.value.upper().replace(" ", "_"), *names):
            extra = {Column.NUMBER: "last name", Column.LAST_NAME: "number"}.get(column, "number,last name")
            assert column in _list(f"{extra},{name}\n").columns


def test_columns_without_a_meaning_are_named_and_left_alone() -> None:
    parsed = _list("number,last name,balance,,first name (call)\n1,Example,12.50,x,y\n")
    assert parsed.unused == ("balance", "first name (call)")
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file: is empty"),
        (b" \n,,\n", "the file: is empty"),
        (b"PK\x03\x04rest", "is a workbook, not a CSV file; save it as 'CSV UTF-8'"),
        (b"\xd0\xcf\x11\xe0rest", "is a workbook"),
        ("number,last name\n".encode("utf-16"), "is UTF-16, not UTF-8"),
        (b"number,last name\n1,Exa\0mple\n", "line 2: holds a NUL byte"),
        ("number,last name\n1,Modèle\n".encode("latin-1"), "line 2, byte 6: is not UTF-8"),
        (codecs.BOM_UTF8 + "number,last name,è\n".encode("latin-1"), "line 1, byte 21: is not UTF-8"),
        (b"first name,last name\n", "row 1: there is no column 'number'; add it, or rename"),
        (b"number,first name\n", "there is no column 'last name'"),
        (b"number,last name,mobile,phone\n", "row 1, columns 3 and 4: the column 'mobile' is there twice"),
        (b'number,last name\n1,"Example\n2,Model\n', "line 2: the row that begins here cannot be read"),
        (b'number,last name\n1,Example\n2,"Mo"del"\n', "line 3: the row that begins here cannot be read"),
        (b'sep=;\nnumber;last name\n1;"Example', "line 3: the row that begins here cannot be read"),
        (b"number,last name\n1," + b"x" * 10_001 + b"\n", "row 2: has a cell of more than 10000 characters"),
        (b"number,last name\n1," + b"x" * 200_000 + b"\n", "line 2: the row that begins here cannot be read"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_place_and_remedy(data: bytes, said: str) -> None:
    assert said in _refused(data)


def test_ragged_rows_are_refused_and_blank_ends_are_not() -> None:
    parsed = _list("number,last name,e-mail\n1,Example\n2,Model,a@example.com,x\n3,Sample,,,\n4,Good,\n")
    assert [patient.number for patient in parsed.patients] == ["3", "4"]
    assert [(problem.row, problem.column, problem.severity) for problem in parsed.problems] == [
        (2, None, Severity.ERROR),
        (3, None, Severity.ERROR),
    ]
    assert str(parsed.problems[0]).startswith("row 2: has 2 cells where the headers have 3; look for a delimiter")
    assert parsed.refused == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Example,", Column.NUMBER),
        ("1, ,", Column.LAST_NAME),
        ("1,4711,", Column.LAST_NAME),
        ("1,Example,verstorben", Column.STATUS),
        ("9" * 41 + ",Example,", Column.NUMBER),
    ],
)
def test_without_number_name_or_a_readable_status_a_row_is_refused(row: str, column: Column) -> None:
    parsed = _list(f"number,last name,status\n{row}\n")
    assert parsed.patients == ()
    assert [(problem.column, problem.severity) for problem in parsed.problems] == [(column, Severity.ERROR)]


def test_a_number_counts_once_in_a_file() -> None:
    parsed = _list("number,last name\n1,Example\n01,Other\n1,Example\n")
    assert [patient.number for patient in parsed.patients] == ["1", "01"]
    assert str(parsed.problems[0]) == "row 4: number is the number of row 2 too; give each patient one row"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-12-31", date(2024, 12, 31)),
        ("20241231", date(2024, 12, 31)),
        ("2024-12-31T00:00:00", date(2024, 12, 31)),
        ("2024-12-31 14:05:09.123", date(2024, 12, 31)),
        ("31.12.2024", date(2024, 12, 31)),
        ("1. 2. 2024", date(2024, 2, 1)),
        ("31/12/2024", date(2024, 12, 31)),
        ("31-12-2024", date(2024, 12, 31)),
        ("5/5/2024", date(2024, 5, 5)),
        ("31 December 2024", date(2024, 12, 31)),
        ("31-dec-2024", date(2024, 12, 31)),
        ("3 Sept. 2024", date(2024, 9, 3)),
        ("Dec 31, 2024", date(2024, 12, 31)),
        ("  May 1 2024 ", date(2024, 5, 1)),
    ],
)
def test_dates_are_read_in_the_forms_lists_have(cell: str, day: date) -> None:
    assert _one("last visit", cell).last_visit_on == day


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("03/04/2024", "could be two different days"),
        ("12/31/2024", "has the month first"),
        ("2024-02-30", "names a day that does not exist"),
        ("12.31.2024", "names a day that does not exist"),
        ("31/13/2024", "names a day that does not exist"),
        ("13/31/2024", "names a day that does not exist"),
        ("31 Foo 2024", "names a day that does not exist"),
        ("45657", "is a spreadsheet's day number, not a date"),
        ("31.12.24", "has a year of two digits"),
        ("last autumn", "is no date"),
        ("2027-01-01", "is in the future"),
    ],
)
def test_what_is_no_certain_date_is_left_out(cell: str, said: str) -> None:
    problem, remedy = _problem("last visit", cell)
    assert problem == said
    assert remedy


def test_the_order_of_ambiguous_dates_is_what_is_said_or_what_the_file_shows() -> None:
    assert _one("last visit", "03/04/2024", date_order=DateOrder.DAY_FIRST).last_visit_on == date(2024, 4, 3)
    assert _one("last visit", "03/04/2024", date_order=DateOrder.MONTH_FIRST).last_visit_on == date(2024, 3, 4)
    assert _one("last visit", "12/31/2024", date_order=DateOrder.MONTH_FIRST).last_visit_on == date(2024, 12, 31)
    shown = _list("number,last name,last visit\n1,Example,03/04/2024\n2,Model,31/12/2024\n")
    assert [patient.last_visit_on for patient in shown.patients] == [date(2024, 4, 3), date(2024, 12, 31)]
    mixed = _list("number,last name,last visit\n1,Example,03/04/2024\n2,Model,31/12/2024\n3,Sample,12/31/2024\n")
    assert [patient.last_visit_on for patient in mixed.patients] == [None, date(2024, 12, 31), None]
    american = _list("number,last name,last visit\n1,Example,03/04/2024\n2,Model,12/31/2024\n")
    assert [patient.last_visit_on for patient in american.patients] == [None, None]


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-12-24 09:30", time(9, 30)),
        ("24.12.2026 9h30", time(9, 30)),
        ("24/12/2026, 9.30", time(9, 30)),
        ("24 December 2026 at 1:15 pm", time(13, 15)),
        ("2026-12-24 12:05 AM", time(0, 5)),
        ("2026-12-24 12:05 p.m.", time(12, 5)),
        ("2026-12-24 00:00:00", None),
        ("2026-12-24", None),
    ],
)
def test_the_time_of_an_appointment_is_read(cell: str, at: time | None) -> None:
    assert _one("next appointment", cell).next_appointment == Moment(day=date(2026, 12, 24), at=at)


@pytest.mark.parametrize("cell", ["2026-12-24 25:00", "2026-12-24 13:00 pm", "2026-12-24 9:75"])
def test_a_time_that_does_not_exist_is_no_appointment(cell: str) -> None:
    assert _problem("next appointment", cell)[0] == "names a day that does not exist"


@pytest.mark.parametrize(
    ("cell", "said"),
    [("2030-01-01", "is in the future"), ("1900-01-01", "is more than 120 years ago")],
)
def test_an_impossible_birth_date_is_left_out(cell: str, said: str) -> None:
    assert _problem("birth date", cell)[0] == said


def test_nobody_was_seen_before_being_born() -> None:
    parsed = _list("number,last name,birth date,last visit\n1,Example,2010-05-01,2009-05-01\n")
    assert parsed.patients[0].last_visit_on is None
    assert parsed.patients[0].left_out == {Column.LAST_VISIT}
    assert parsed.problems[0].column == Column.LAST_VISIT


@pytest.mark.parametrize(
    ("cell", "country", "value"),
    [
        ("+44 7700 900123", "NL", "+447700900123"),
        ("0044 (0)7700-900 123", "NL", "+447700900123"),
        ("06 39 98 12 34", "FR", "+33639981234"),
        ("07700 900999", "GB", "+447700900999"),
        ("0612345678", "NL", "+31612345678"),
        ("514-555-0123", "CA-QC", "+15145550123"),
    ],
)
def test_mobiles_are_read_in_national_and_international_form(cell: str, country: str, value: str) -> None:
    assert _one("mobile", cell, country=country).mobile == value


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("ask her son", "is no phone number"),
        ("06 12 34 56", "is not a number in use in its country"),
        ("+44 7700 90012", "is not a number in use in its country"),
        ("020 794 6012", "is not a mobile number"),
        ("+31612345678 ext. 5", "has an extension, so it is not a mobile number"),
    ],
)
def test_what_is_no_mobile_is_left_out(cell: str, said: str) -> None:
    assert _problem("mobile", cell)[0] == said


@pytest.mark.parametrize(
    "cell", ["anna(at)example.com", "a@b..c", "@example.org", "a@example.com, b@example.com", f"a@{'b.' * 125}com"]
)
def test_what_is_no_mailbox_is_left_out(cell: str) -> None:
    assert _problem("e-mail", cell) == ("is no e-mail address", "write one address, as name@example.com")


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("en", Language.EN),
        ("EN-gb", Language.EN),
        ("nl_BE", Language.NL),
        ("French", Language.FR),
        ("Français", Language.FR),
        ("русский", Language.RU),
        ("vlaams", Language.NL),
        ("", None),
    ],
)
def test_languages_are_read_by_name_or_code(cell: str, language: Language | None) -> None:
    assert _one("language", cell).language == language


def test_a_language_not_spoken_stays_unknown_even_where_blank_ones_are_told() -> None:
    assert _one("language", "", language=Language.FR).language is Language.FR
    parsed = _list("number,last name,language\n1,Example,German\n", language=Language.FR)
    assert parsed.patients[0].language is None
    assert parsed.problems[0].remedy == "write one of en, fr, nl, ru"


@pytest.mark.parametrize(
    ("cell", "consent"),
    [
        ("YES", Consent.YES),
        ("1", Consent.YES),
        ("oui", Consent.YES),
        ("No", Consent.NO),
        ("opted out", Consent.NO),
        ("", Consent.UNSAID),
        ("unknown", Consent.UNSAID),
    ],
)
def test_consent_is_yes_no_or_unsaid(cell: str, consent: Consent) -> None:
    assert _one("consent", cell).consent is consent


def test_an_unreadable_consent_gives_no_right() -> None:
    parsed = _list("number,last name,consent\n1,Example,yes but not on Sundays\n")
    assert parsed.patients[0].consent is Consent.UNSAID
    assert parsed.problems[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("", PatientStatus.ACTIVE),
        ("Moved away", PatientStatus.MOVED),
        ("†", PatientStatus.DECEASED),
        ("LEFT", PatientStatus.LEFT),
        ("don\u2019t contact", PatientStatus.DO_NOT_CONTACT),
        ("do_not_contact", PatientStatus.DO_NOT_CONTACT),
    ],
)
def test_statuses_are_read(cell: str, status: PatientStatus) -> None:
    assert _one("status", cell).status is status


@pytest.mark.parametrize(("cell", "months"), [("6", 6), ("12 months", 12), ("1 year", 12), ("9m", 9), ("", None)])
def test_recall_intervals_are_read(cell: str, months: int | None) -> None:
    assert _one("recall interval", cell).recall_months == months


@pytest.mark.parametrize("cell", ["0", "72", "half a year", "6.5", "-6"])
def test_what_is_no_recall_interval_is_left_out(cell: str) -> None:
    assert _problem("recall interval", cell)


@pytest.mark.parametrize(("cell", "concern"), [("None", None), ("-", None), (" crown  26\tloose ", "crown 26 loose")])
def test_a_concern_is_a_text_or_none(cell: str, concern: str | None) -> None:
    assert _one("concern", cell).concern == concern


def test_texts_too_long_or_with_digits_are_left_out() -> None:
    assert _problem("concern", "x" * 501)[0] == "is longer than 500 characters"
    assert _problem("first name", "Anna2")[0] == "has a digit in it, so it is no name"
    assert _problem("sex", "ja")[0] == "has a word that is not known here"


def test_names_are_tidied_and_composed() -> None:
    assert _one("first name", " Zoe\u0308  Marie\u200b\n").first_name == "Zoë Marie"


def test_no_problem_quotes_a_patients_data() -> None:
    cells = ["secretname7", "secret", "secret", "secret", "secret", "secret", "secret", "secret"]
    columns = "first name,birth date,mobile,e-mail,language,recall interval,sex,consent"
    parsed = _list(f"number,last name,{columns}\n1,Example,{','.join(cells)}\n")
    assert len(parsed.problems) == len(cells)
    assert "secret" not in " ".join(str(problem) for problem in parsed.problems)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_refused_as_none(data: bytes) -> None:
    try:
        parsed = read_patients(b"number,last name,mobile,last visit,status\n" + data, SETTINGS)
    except PatientListError as refused:
        assert refused.place  # noqa: PT017  # both outcomes are right, each in its own way
        return
    assert parsed.refused == sum(problem.severity is Severity.ERROR for problem in parsed.problems)


@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=6))
def test_whatever_cells_say_each_row_is_a_patient_or_refused(rows: list[list[str]]) -> None:
    quoted = "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    text = f"number,last name,birth date,consent\n{quoted}\n".replace("\0", "").encode("utf-8", "ignore")
    parsed = read_patients(text, SETTINGS)
    assert len(parsed.patients) + parsed.refused == parsed.rows
    assert len({patient.number for patient in parsed.patients}) == len(parsed.patients)
