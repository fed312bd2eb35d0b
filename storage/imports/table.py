"""From the bytes of a file to rows of cells: encoding, delimiter, quotes, ragged rows.

What cannot be read for certain is refused with its place; nothing is replaced, cut or skipped silently.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.imports.columns import column_of
from storage.imports.problems import PatientListError

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 10_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS = "save it as 'CSV UTF-8'"
_SEPARATOR_LINE = re.compile(r'^"?sep=([!#-~]|\t)"?\r?\n?$')


@dataclass(frozen=True, kw_only=True, slots=True)
class RawRow:
    """A row that is not blank. row: as a spreadsheet counts; the headers are row 1."""

    row: int
    cells: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class RawTable:
    """A file's headers and the rows below them."""

    headers: list[str]
    rows: list[RawRow]


def read_table(data: bytes) -> RawTable:
    """Read a delimited file.

    Args:
        data: the file: UTF-8 with or without a byte order mark, cells parted by comma, semicolon, tab or bar.

    Returns:
        the cells as they stand there, without blank rows.

    Raises:
        PatientListError: the file is none, or is damaged; says where and what to do.
    """
    text = _decode(data)
    separator = _SEPARATOR_LINE.match(text.split("\n", 1)[0])
    offset = 0
    if separator:
        # A line by which spreadsheets are told the delimiter; they do not show it as a row.
        text = text.split("\n", 1)[1] if "\n" in text else ""
        offset = 1
    delimiter = separator[1] if separator else _delimiter(text)
    rows = [row for row in _rows(text, delimiter, offset) if any(cell.strip() for cell in row.cells)]
    if not rows:
        raise PatientListError(place="the file", problem="is empty", remedy="export the patient list again")
    return RawTable(headers=rows[0].cells, rows=rows[1:])


def _decode(data: bytes) -> str:
    if data.startswith(_WORKBOOKS):
        raise PatientListError(place="the file", problem="is a workbook, not a CSV file", remedy=_SAVE_AS)
    if data.startswith(_UTF16_MARKS):
        raise PatientListError(place="the file", problem="is UTF-16, not UTF-8", remedy=_SAVE_AS)
    if (nul := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise PatientListError(place=f"line {line}", problem="holds a NUL byte, so it is no text", remedy=_SAVE_AS)
    try:
        return data.removeprefix(_UTF8_MARK).decode()
    except UnicodeDecodeError as error:
        start = error.start + (len(_UTF8_MARK) if data.startswith(_UTF8_MARK) else 0)
        line = data.count(b"\n", 0, start) + 1
        byte = start - data.rfind(b"\n", 0, start)
        raise PatientListError(place=f"line {line}, byte {byte}", problem="is not UTF-8", remedy=_SAVE_AS) from None


def _delimiter(text: str) -> str:
    """Take the delimiter by which the first row that is not blank names most columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:  # the row says later, and better, what is wrong with it
            return 0, 0
        return sum(column_of(cell) is not None for cell in cells), len(cells)

    return max(DELIMITERS, key=known)


def _rows(text: str, delimiter: str, offset: int) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row, line = 0, 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise PatientListError(
                place=f"line {line + offset}",
                problem=f"the row that begins here cannot be read ({error})",
                remedy="look for a quotation mark that is opened and not closed, or not doubled inside a cell",
            ) from None
        if cells is None:
            return
        row += 1
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise PatientListError(
                place=f"row {row}",
                problem=f"has a cell of more than {LONGEST_CELL} characters",
                remedy="look for a quotation mark that is opened and not closed, or shorten the cell",
            )
        line = reader.line_num + 1
        yield RawRow(row=row, cells=cells)
