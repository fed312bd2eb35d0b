"""`recare policy` as a manager meets it, and the handbook's page that is made with it."""

import json
import re
from pathlib import Path

from tests.cli.shell import EXAMPLES, one_line, recare

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"


def test_a_policy_is_shown_with_what_it_allows_and_its_sources(tmp_path: Path) -> None:
    shown = recare("policy", "show", "ca-qc", folder=tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "not reviewed by a lawyer" in shown.stdout
    assert "recall         auto; on express_consent, implied_consent for 24 months; level 0" in shown.stdout
    assert "says address, sender, stop" in shown.stdout
    assert "D-3, r. 4" in shown.stdout
    assert "offer" not in shown.stdout


def test_a_merge_is_shown_like_a_policy(tmp_path: Path) -> None:
    data = json.loads(recare("policy", "show", "ru+fr", "--json", folder=tmp_path).stdout)
    assert (data["id"], [part["id"] for part in data["parts"]]) == ("fr+ru", ["fr", "ru"])
    assert data["purposes"]["recall"]["automation"] == "human_release"
    assert data["purposes"]["recall"]["days"] == [1, 2, 3, 4, 5]


def test_all_shipped_policies_and_the_clinics_own_are_checked(clinic: Path) -> None:
    (clinic / "policies").mkdir()
    own = clinic / "policies" / "mine.toml"
    own.write_text("schema = 2\n", encoding="utf-8")
    broken = recare("policy", "check", folder=clinic)
    assert broken.returncode == 1
    assert "mine.toml, line 1" in broken.stderr
    own.unlink()
    checked = recare("policy", "check", folder=clinic)
    assert checked.returncode == 0
    assert [line.split(" ")[0] for line in checked.stdout.splitlines()] == [
        "be", "ca-qc", "fr", "nl", "ru", "strictest", "uk", "us",
    ]  # fmt: skip
    assert all(line.endswith("whole, not reviewed") for line in checked.stdout.splitlines())


def test_a_broken_policy_names_file_line_and_remedy(clinic: Path) -> None:
    (clinic / "policies").mkdir()
    (clinic / "policies" / "mine.toml").write_text('schema = 2\nid = "mine"\nversion = "one"\n', encoding="utf-8")
    one_line(recare("policy", "check", "mine", folder=clinic), "mine.toml, line 1", "purposes", "is missing", "add it")


def test_two_policies_are_compared_field_by_field(tmp_path: Path) -> None:
    told = recare("policy", "diff", "strictest", "us", folder=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    rows = [re.split(r" {2,}", line) for line in told.stdout.splitlines()]
    assert ["appointment.caps.week", "4", "3 *"] in rows
    assert ["recall.bases.care_contract", "no *", "no_end"] in rows
    assert ["recall.must_say", "sender, stop, automatic **", "sender, address, stop **"] in rows


def test_a_comparison_can_be_read_by_a_program(tmp_path: Path) -> None:
    rows = json.loads(recare("policy", "diff", "be", "nl", "--json", folder=tmp_path).stdout)
    assert rows == [
        {"field": "minor_age", "be": "18", "nl": "16", "stricter": "first"},
        {"field": "recall.automation", "be": "human_release", "nl": "auto", "stricter": "first"},
    ]


def test_a_policy_compared_with_itself_differs_in_nothing(tmp_path: Path) -> None:
    assert recare("policy", "diff", "nl", "nl", folder=tmp_path).stdout == "nl and nl allow the same.\n"


def test_a_signature_covers_every_policy_that_counts_for_a_patient(clinic: Path) -> None:
    signed = recare("policy", "sign", "--by", "Dr A. Example", folder=clinic)
    assert [line.split(" signed ")[1].split(" ")[0] for line in signed.stdout.splitlines()] == ["strictest"]
    rows = "number;last name;country\n1;Example;Belgium\n2;Sample;NL\n3;Model;Québec\n"
    (clinic / "list.csv").write_text(rows, encoding="utf-8")
    assert recare("import", "list.csv", folder=clinic).returncode == 0
    signed = recare("policy", "sign", "--by", "Dr A. Example", folder=clinic)
    assert [line.split(" signed ")[1].split(" ")[0] for line in signed.stdout.splitlines()] == [
        "be", "ca-qc", "strictest",
    ]  # fmt: skip


def test_the_handbooks_page_shows_the_policies_as_they_are(tmp_path: Path) -> None:
    made = recare("policy", "show", "--markdown", folder=tmp_path).stdout
    written = PAGE.read_text(encoding="utf-8").split("<!-- made by recare: begin -->")[1]
    assert written.split("<!-- made by recare: end -->")[0].strip() == made.strip()


def test_the_handbooks_page_names_every_field() -> None:
    page = PAGE.read_text(encoding="utf-8")
    strictest = (EXAMPLES.parent / "flows/outreach/policies/strictest.toml").read_text(encoding="utf-8")
    for field in set(re.findall(r"^(\w+) = ", strictest, re.MULTILINE)):
        assert f"`{field}" in page
    for cap in ("day", "week", "cycle", "cycle_months", "gap_days", "year", "household"):
        assert f"caps.{cap}`" in page
