"""Attacks on what the house trusts: other people's visits, times nobody offered, words written to cost time."""

import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from bot.cli.root import root
from bot.services.desk_ports import ConflictError
from bot.services.links import make_link
from bot.services.views import StaffMember
from bot.understanding import Reading, RuleUnderstander
from flows.engine.choices import Payload, PayloadError
from flows.ids import ProviderId, StaffId, VisitTypeId
from flows.meaning import Expecting
from flows.vocabulary import Language
from storage.imports.problems import PatientListError
from storage.imports.rows import ReadSettings, read_patients
from tests.house.acts import HOUR, books, comes
from tests.house.records import Records
from tests.world import CLINIC_FILE, KEY, MONDAY_MORNING, World

LONGEST_READING_SECONDS = 0.05
READING = ReadSettings(country="NL", today=date(2026, 11, 23))
HOSTILE = ("not ", "niet ", "pas ", "no, ", "except ", "sauf ", "behalve ", "кроме ", "don't ", "not on monday ")


@pytest.fixture
def staff(world: World) -> StaffMember:
    """A member of staff who may do everything."""
    return world.add_staff()


async def test_a_visit_cannot_be_marked_in_somebody_elses_conversation(
    world: World, records: Records, staff: StaffMember
) -> None:
    (_, talk), (_, other) = world.add_patient(), world.add_patient()
    visit = await books(world, records, talk)
    await comes(world, visit["ends_at"])
    with pytest.raises(ConflictError, match="visit_gone"):
        await world.house.desk.mark_visited(staff, other, visit["id"])
    assert records.of("visit") == []
    assert records.of("staff_action", action="marked_visited") == []
    await world.house.desk.mark_visited(staff, talk, visit["id"])
    assert len(records.of("visit")) == 1


@pytest.mark.parametrize("forged", ["length", "provider", "visit_type"])
async def test_staff_cannot_book_a_time_that_no_page_shows(
    world: World, records: Records, staff: StaffMember, forged: str
) -> None:
    _, talk = world.add_patient()
    shown = (await world.house.desk.free_times(staff, talk))[0]
    forgeries = {
        "length": replace(shown, ends_at=shown.ends_at + timedelta(days=30)),
        "provider": replace(shown, provider_id=ProviderId(1)),
        "visit_type": replace(shown, visit_type_id=VisitTypeId(1)),
    }
    with pytest.raises(ConflictError, match="time_taken"):
        await world.house.desk.book(staff, talk, forgeries[forged])
    assert records.of("appointment") == []
    await world.house.desk.book(staff, talk, shown)


async def test_acting_in_a_conversation_there_is_not_is_refused_kindly(world: World, staff: StaffMember) -> None:
    with pytest.raises(ConflictError):
        await world.house.desk.take(staff, 999)


async def test_a_used_personal_link_says_so_at_once(world: World) -> None:
    patient_id, _ = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = make_link(uow, patient_id, world.house.clinic.settings, world.clock.now())
        uow.commit()
    token = link.url.rpartition("/")[2]
    assert await world.house.patient.peek_link(token) is not None
    assert await world.house.patient.redeem_link(token) is not None
    assert await world.house.patient.peek_link(token) is None


async def test_links_that_have_expired_do_not_pile_up(world: World, staff: StaffMember) -> None:
    patient_id, _ = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        make_link(uow, patient_id, world.house.clinic.settings, world.clock.now())
        uow.commit()
    kept = await world.house.staff.sign_in(StaffId(staff.staff_id))
    await comes(world, MONDAY_MORNING + timedelta(days=world.house.clinic.settings.recall.link_days) + HOUR)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        assert uow.passes.sweep(now=world.clock.now()) == 0
    assert await world.house.staff.staff(kept) is not None


@pytest.mark.parametrize(
    "raw", ["1:slot:+1:0", "1:slot: 1:0", "1:slot:1_0:0", "1:slot:٣:0", "1:stop:0:0 ", "1:slot:01:0"]
)
def test_a_payload_that_no_button_holds_is_none(raw: str) -> None:
    with pytest.raises(PayloadError):
        Payload.decode(raw)


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("language", Language)
def test_no_text_costs_more_than_fifty_milliseconds(words: str, language: Language) -> None:
    understander = RuleUnderstander.load()
    visit = MONDAY_MORNING + HOUR
    text = (words * 4096)[:4096]
    spent = []
    for _ in range(3):
        reading = Reading(
            language=language,
            expecting=Expecting.DATE,
            now=MONDAY_MORNING,
            zone=ZoneInfo("Europe/Amsterdam"),
            offers=(visit,),
            visit=visit,
        )
        began = time.process_time()
        understander.understand(text, reading)
        spent.append(time.process_time() - began)
    assert min(spent) < LONGEST_READING_SECONDS


def test_a_stored_chat_is_read_whoever_reads_it() -> None:
    """The preview of the plan reads chats without ever running one; it must know their states all the same."""
    program = """
from bot.services.talk import Talk
values = {"reason": "emergency"}
chat = {"v": 1, "state": "safety.frozen", "values": values, "asked": 1, "misunderstood": 0, "doubt": None}
print(Talk.from_json({"chat": chat, "buttons": []}).chat.state.name)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert ran.stdout.strip() == "safety.frozen"


def test_what_a_list_says_cannot_steer_the_terminal_it_is_shown_on() -> None:
    headers = "number,last name,\x1b]0;owned\x07\x1b[2Jshelf,\u202egnp.exe"
    assert read_patients(f"{headers}\n1,Example,,\n".encode(), READING).unused == ("]0;owned [2Jshelf", "gnp.exe")
    with pytest.raises(PatientListError) as refused:
        read_patients(b'sep=\x1b\n"a"b\n', READING)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("mark", ["\r", '"', "\x1b", " ", "\u202e"])
def test_a_list_names_no_delimiter_that_no_list_has(mark: str) -> None:
    with pytest.raises(PatientListError):
        read_patients(f"sep={mark}\nnumber{mark}last name\n1{mark}Example\n".encode(), READING)


def test_a_first_row_that_never_ends_is_refused_with_its_place() -> None:
    with pytest.raises(PatientListError, match="line 1"):
        read_patients(b"number,last name" + b"x" * 200_000 + b"\n1,Example\n", READING)


def test_links_for_a_spreadsheet_hold_no_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "patients.csv").write_text("number,last name\n=1+1,Example\nA-2,Example\n", encoding="utf-8")
    monkeypatch.setenv("RECARE_KEY", b64encode(KEY).decode())
    monkeypatch.setenv("RECARE_CLINIC", str(tmp_path / "clinic.toml"))
    (tmp_path / "clinic.toml").write_bytes(CLINIC_FILE.read_bytes())
    run = CliRunner()
    assert run.invoke(root, ["import", str(tmp_path / "patients.csv")]).exit_code == 0
    answer = run.invoke(root, ["link", "--csv", "=1+1", "A-2"], catch_exceptions=False)
    assert [line.partition(",")[0] for line in answer.stdout.splitlines()] == ["number", "'=1+1", "A-2"]
