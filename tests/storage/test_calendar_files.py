"""Calendar files, read back by a small reader that shares nothing with the writer."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flows.ids import AppointmentId
from storage.calendars.ics import CalendarEntry, EntryStatus, Organiser, calendar_file, uid_of

NINE_THIRTY = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
QUARTER_PAST_TEN = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


def _entry(**changed: object) -> CalendarEntry:
    given_ = {
        "uid": uid_of("de-linde", AppointmentId(42)),
        "sequence": 0,
        "status": EntryStatus.CONFIRMED,
        "starts_at": NINE_THIRTY,
        "ends_at": QUARTER_PAST_TEN,
        "stamped_at": datetime(2026, 11, 20, 17, 5, tzinfo=UTC),
        "summary": "De Linde",
        **changed,
    }
    return CalendarEntry(**given_)  # type: ignore[arg-type]  # each test changes what it is about


def _read(text: str) -> dict[str, str]:
    """Unfold and unescape as RFC 5545 says; parameters stay with the name."""
    properties: dict[str, str] = {}
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, _, value = re.fullmatch(r'((?:[^":]|"[^"]*")+)(:)(.*)', line, re.DOTALL).groups()  # type: ignore[union-attr]
        properties[name] = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
    return properties


def test_a_booked_visit_is_a_confirmed_event_in_utc() -> None:
    read = _read(calendar_file(_entry(location="Voorbeeldstraat 1, Gent")))
    assert read["METHOD"] == "PUBLISH"
    assert read["DTSTART"] == "20261124T083000Z"
    assert read["DTEND"] == "20261124T091500Z"
    assert read["DTSTAMP"] == "20261120T170500Z"
    assert read["STATUS"] == "CONFIRMED"
    assert read["LOCATION"] == "Voorbeeldstraat 1, Gent"
    assert "BEGIN:VALARM" not in calendar_file(_entry())


def test_a_cancelled_visit_keeps_its_uid_and_frees_the_time() -> None:
    booked, cancelled = (
        _read(calendar_file(entry)) for entry in (_entry(), _entry(sequence=1, status=EntryStatus.CANCELLED))
    )
    assert booked["UID"] == cancelled["UID"]
    assert (cancelled["SEQUENCE"], cancelled["STATUS"], cancelled["TRANSP"]) == ("1", "CANCELLED", "TRANSPARENT")


def test_each_appointment_of_each_clinic_has_its_own_uid() -> None:
    uids = {uid_of("a", AppointmentId(1)), uid_of("a", AppointmentId(2)), uid_of("b", AppointmentId(1))}
    assert len(uids) == 3


def test_the_organiser_is_named_with_its_address() -> None:
    text = calendar_file(_entry(organiser=Organiser(name='Praxis "Süd": 1', email="desk@example.com")))
    assert "ORGANIZER;CN=\"Praxis 'Süd': 1\":mailto:desk@example.com" in text.replace("\r\n ", "")


def test_empty_details_leave_no_empty_lines_behind() -> None:
    text = calendar_file(_entry())
    assert "LOCATION" not in text
    assert "DESCRIPTION" not in text
    assert "ORGANIZER" not in text


def test_a_line_break_in_a_text_cannot_begin_a_property() -> None:
    text = calendar_file(_entry(summary="x\r\nATTACH:http://example.com/\rSUMMARY:y\u2028z\x00"))
    assert not re.search(r"^ATTACH", text, re.MULTILINE)
    assert _read(text)["SUMMARY"] == "x\nATTACH:http://example.com/\nSUMMARY:y\nz"


def test_a_line_is_folded_from_the_76th_octet_on() -> None:
    longest = "x" * (75 - len("SUMMARY:"))
    assert f"SUMMARY:{longest}\r\n" in calendar_file(_entry(summary=longest))
    assert f"SUMMARY:{longest}\r\n x\r\n" in calendar_file(_entry(summary=f"{longest}x"))
    assert f"SUMMARY:{longest[:-1]}\r\n é\r\n" in calendar_file(_entry(summary=f"{longest[:-1]}é"))


texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=300)


@given(texts, texts)
def test_any_text_comes_back_from_lines_of_at_most_75_octets(summary: str, description: str) -> None:
    text = calendar_file(_entry(summary=summary, description=description))
    assert text.endswith("\r\n")
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    read = _read(text)
    assert read["SUMMARY"] == summary
    assert read["DESCRIPTION"] == description
