"""Policy files: the shipped ones, a clinic's own, and what is said of one that cannot be used."""

import re
import shutil
from importlib import resources
from pathlib import Path

import pytest

from bot.settings.clinic import ClinicSettings
from bot.settings.policies import UnusablePolicyError, read_book, read_policy, shipped_policies
from bot.settings.reading import parse_clinic
from flows.outreach.ledger import Basis
from flows.outreach.policy import Automation, MustSay
from flows.outreach.policy_reading import SCHEMA
from flows.vocabulary import Channel, Purpose

SHIPPED = Path(str(resources.files("flows.outreach") / "policies"))
EXAMPLE = (Path(__file__).parents[2] / "examples" / "clinic.toml").read_text(encoding="utf-8")
JURISDICTIONS = {"be": "BE", "ca-qc": "CA-QC", "fr": "FR", "nl": "NL", "ru": "RU", "uk": "GB", "us": "US"}


def settings(*changes: tuple[str, str]) -> ClinicSettings:
    """The example's clinic, with some of its text replaced."""
    text = EXAMPLE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return parse_clinic(text, source="clinic.toml")


def own_file(folder: Path, name: str, *changes: tuple[str, str], like: str = "strictest") -> Path:
    """A policy of the clinic's own, like a shipped one but for some of its text."""
    file = folder / "policies" / f"{name}.toml"
    file.parent.mkdir(exist_ok=True)
    text = (SHIPPED / f"{like}.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file.write_text(text, encoding="utf-8")
    return file


def line_with(file: Path, part: str) -> int:
    """The first line (from 1) that holds something."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if part in line)


def refusal(folder: Path, name: str = "mine") -> str:
    with pytest.raises(UnusablePolicyError) as caught:
        read_policy(name, folder)
    return str(caught.value)


def test_there_is_a_policy_for_each_jurisdiction_and_one_for_everywhere_else() -> None:
    shipped = {name: read_policy(name).jurisdiction for name in shipped_policies()}
    assert shipped == JURISDICTIONS | {"strictest": "*"}


@pytest.mark.parametrize("name", [*JURISDICTIONS, "strictest"])
def test_a_shipped_policy_is_named_as_its_file_cites_sources_and_was_reviewed_by_nobody(name: str) -> None:
    policy = read_policy(name)
    assert (policy.id, policy.reviewed_by) == (name, "")
    assert len(policy.sources) >= 2


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_no_shipped_policy_says_more_than_a_lock_screen_may_show_or_writes_on_holidays(name: str) -> None:
    for rule in read_policy(name).rules:
        assert rule.highest_level == 0
        assert rule.hours.on_holidays.value == "rest"
        assert 7 not in rule.hours.days
        assert MustSay.SENDER in rule.must_say


@pytest.mark.parametrize("name", ["fr", "nl", "be", "ca-qc", "ru", "strictest"])
def test_where_the_law_lets_nobody_attract_by_price_offers_are_off(name: str) -> None:
    assert read_policy(name).rule(Purpose.OFFER) is None


@pytest.mark.parametrize("name", ["fr", "nl", "be", "ru", "uk", "strictest"])
def test_what_a_lawyer_has_not_confirmed_rests_on_express_consent_alone(name: str) -> None:
    rule = read_policy(name).rule(Purpose.RECALL)
    assert rule is not None
    assert [basis.basis for basis in rule.bases] == [Basis.EXPRESS_CONSENT]


def test_quebec_counts_implied_consent_for_two_years_and_presses_nobody() -> None:
    policy = read_policy("ca-qc")
    rule = policy.rule(Purpose.RECALL)
    assert rule is not None
    implied = rule.accepted(Basis.IMPLIED_CONSENT)
    assert implied is not None
    assert (implied.months, rule.caps.cycle, policy.minor_age) == (24, 2, 14)
    assert rule.must_say >= {MustSay.SENDER, MustSay.ADDRESS, MustSay.STOP}


def test_in_russia_and_belgium_a_person_releases_the_batch() -> None:
    for name in ("ru", "be"):
        rule = read_policy(name).rule(Purpose.RECALL)
        assert rule is not None
        assert rule.automation is Automation.HUMAN_RELEASE
    assert read_policy("ru").imported_yes == frozenset()


def test_in_the_united_states_one_message_a_day_and_three_a_week_are_the_most() -> None:
    for rule in read_policy("us").rules:
        assert rule.caps.day == 1
        assert rule.caps.week <= 3
        assert rule.hours.opens.hour >= 8
        assert rule.hours.closes.hour <= 21


def test_a_missing_field_is_refused_with_file_line_and_remedy(tmp_path: Path) -> None:
    file = own_file(tmp_path, "mine", ("gap_days = 30, ", ""))
    line = line_with(file, "cycle_months = 12")
    said = refusal(tmp_path)
    assert said.startswith(f"{file}, line {line}: purposes.recall.caps.gap_days is missing; add it")


def test_a_missing_field_of_the_whole_file_is_refused_on_its_first_line(tmp_path: Path) -> None:
    file = own_file(tmp_path, "mine", ('jurisdiction = "*"\n', ""))
    assert refusal(tmp_path).startswith(f"{file}, line 1: jurisdiction is missing; add it")


def test_a_wrong_type_is_refused_with_file_line_and_remedy(tmp_path: Path) -> None:
    file = own_file(tmp_path, "mine", ("minor_age = 18", 'minor_age = "18"'))
    line = line_with(file, "minor_age")
    assert refusal(tmp_path) == (f"{file}, line {line}: minor_age is of type str; give a whole number from 1 to 25")


def test_an_unknown_field_is_refused_with_file_line_and_remedy(tmp_path: Path) -> None:
    file = own_file(tmp_path, "mine", ("level = 0", "level = 0\nnightly = true"))
    line = line_with(file, "nightly")
    said = refusal(tmp_path)
    assert said.startswith(f"{file}, line {line}: purposes.appointment.nightly is unknown here; remove it")


def test_a_newer_version_is_refused_with_file_line_and_remedy(tmp_path: Path) -> None:
    file = own_file(tmp_path, "mine", (f"schema = {SCHEMA}", f"schema = {SCHEMA + 1}"))
    line = line_with(file, "schema")
    said = refusal(tmp_path)
    assert said.startswith(f"{file}, line {line}: schema is {SCHEMA + 1}, newer than this recare understands; ")
    assert "newer recare" in said


def test_what_is_no_toml_is_refused_with_file_line_and_remedy(tmp_path: Path) -> None:
    file = own_file(tmp_path, "mine", ("minor_age = 18", "minor_age = "))
    line = line_with(file, "minor_age")
    assert re.match(rf"{re.escape(str(file))}, line {line}: not valid TOML: .*; ", refusal(tmp_path))


def test_a_policy_that_nobody_has_is_refused_with_those_there_are(tmp_path: Path) -> None:
    assert "strictest" in refusal(tmp_path, "gentlest")


def test_a_clinics_own_file_goes_before_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    own_file(tmp_path, "be", ("minor_age = 18", "minor_age = 21"), like="be")
    assert read_policy("be", tmp_path).minor_age == 21
    assert read_book(settings(), tmp_path).by_residence["BE"].minor_age == 21
    assert read_policy("be").minor_age == 18


def test_the_policy_a_clinic_chose_counts_for_its_place_instead_of_the_shipped_one(tmp_path: Path) -> None:
    own_file(tmp_path, "mine", ('id = "nl"', 'id = "mine"'), ("gap_days = 30", "gap_days = 20"), like="nl")
    book = read_book(settings(('policy = "strictest"', 'policy = "mine"')), tmp_path)
    assert book.for_patient(None, None) == book.own
    assert book.for_patient(None, None).id == "mine"


def test_the_examples_clinic_needs_one_signature() -> None:
    book = read_book(settings())
    assert [part.id for part in book.parts] == ["strictest"]
    assert [part.id for part in book.parts_for(["BE", "RU", "DE"])] == ["be", "ru", "strictest"]


def test_a_clinic_in_quebec_is_at_home_under_quebecs_policy() -> None:
    quebec = settings(('country = "NL"', 'country = "CA"\nsubdivision = "QC"'), ('"strictest"', '"ca-qc"'))
    book = read_book(quebec)
    assert book.home == "CA-QC"
    assert book.for_patient("CA", None).id == "ca-qc"


def test_a_clinic_cannot_choose_its_way_out_of_its_own_countrys_policy() -> None:
    book = read_book(settings(('country = "NL"', 'country = "RU"'), ('"strictest"', '"us"')))
    rule = book.for_patient(None, None).rule(Purpose.RECALL)
    assert rule is not None
    assert rule.automation is Automation.HUMAN_RELEASE
    assert [basis.basis for basis in rule.bases] == [Basis.EXPRESS_CONSENT]


def test_a_channel_can_have_a_policy_of_its_own(tmp_path: Path) -> None:
    own_file(tmp_path, "chat", ('id = "strictest"', 'id = "chat"'), ("gap_days = 30", "gap_days = 90"))
    chosen = settings(('policy = "strictest"', 'policy = "strictest"\nchannel_policies = { telegram = "chat" }'))
    book = read_book(chosen, tmp_path)
    rule = book.for_patient(None, Channel.TELEGRAM).rule(Purpose.RECALL)
    assert rule is not None
    assert rule.caps.gap_days == 90
    assert book.for_patient(None, Channel.WEBCHAT) == book.own


def test_two_policies_for_one_place_are_refused(tmp_path: Path) -> None:
    own_file(tmp_path, "be", ('jurisdiction = "BE"', 'jurisdiction = "NL"'), like="be")
    with pytest.raises(UnusablePolicyError, match="be and nl are both for NL"):
        read_book(settings(), tmp_path)


def test_a_broken_policy_of_another_place_stops_the_start_too(tmp_path: Path) -> None:
    own_file(tmp_path, "be", ("schema = 2", "schema = 9"), like="be")
    with pytest.raises(UnusablePolicyError, match=r"be\.toml, line"):
        read_book(settings(), tmp_path)


def test_a_copy_of_a_shipped_file_is_the_same_policy(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    shutil.copy(SHIPPED / "fr.toml", tmp_path / "policies" / "fr.toml")
    assert read_policy("fr", tmp_path) == read_policy("fr")


@pytest.mark.parametrize(
    "line",
    [
        "x = " + "[" * 5000 + "]" * 5000,
        "x = " + "{a = " * 3000 + "1" + "}" * 3000,
        ".".join("a" * 3000) + " = 1",
        "x = " + "1" * 5000,
        "x = 1\n" + "#\n" * 300_000,
    ],
    ids=["lists", "tables", "keys", "number", "size"],
)
def test_a_policy_that_no_person_wrote_is_refused_at_once_and_in_one_line(tmp_path: Path, line: str) -> None:
    file = own_file(tmp_path, "mine", ("schema =", f"{line}\nschema ="))
    told = refusal(tmp_path)
    assert told.startswith(f"{file}")
    assert len(told.splitlines()) == 1
    assert len(told) < 300


@pytest.mark.parametrize("name", ["../clinic", "/etc/passwd", "policies/../../clinic", "a" * 300, "", "Mine", "a\nb"])
def test_what_is_no_name_of_a_policy_opens_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "clinic.toml").write_text("key = 'not for every eye'", encoding="utf-8")
    told = refusal(tmp_path, name)
    assert "is not the name of a policy" in told
    assert len(told.splitlines()) == 1
