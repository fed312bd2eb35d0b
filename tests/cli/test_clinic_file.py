"""What is wrong with a clinic's file is said in plain words, with the line, the key and the remedy."""

import re

import pytest

from bot.settings.reading import SettingsError, parse_clinic
from bot.settings.wrong import _WORDS
from tests.cli.shell import EXAMPLES

TEXT = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8")
LIBRARY = re.compile(r"Input should|Value error|validation error|should be a valid")


def line_of(part: str) -> str:
    """The line of a part of the example's file, as errors name it."""
    return f"line {TEXT[: TEXT.index(part)].count(chr(10)) + 1}"


def told(right: str, wrong: str) -> str:
    """What is said once `right` is replaced by `wrong` in the example's file."""
    assert TEXT.count(right) == 1
    with pytest.raises(SettingsError) as refused:
        parse_clinic(TEXT.replace(right, wrong), source="clinic.toml")
    said = str(refused.value)
    assert "\n" not in said
    assert not LIBRARY.search(said), said
    return said


BERG_ON_MONDAY = 'monday = ["10:00-14:00"]'
SHARE = "share_of_free_times = 0.5"
CLOSED = 'closed = ["2026-12-25", "2026-12-26", "2027-01-01"]'


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ('zone = "Europe/Amsterdam"', "phoone = 1", "{line}: clinic.phoone is not known; did you mean phone? (and 1"),
        ("[recall]", "[recal]", "{line}: recal is not known; did you mean recall?"),
        ("[recall]", "[weather]", "{line}: weather is not known; remove it, or mind the spelling"),
        ('country = "NL"', 'country = "XX"', "{line}: clinic.country is not a country's code"),
        ('country = "NL"', 'country = "UK"', "write it like NL, or GB for the UK"),
        ('country = "NL"', "country = 31", "{line}: clinic.country must be a text; put it into quotation marks"),
        ('zone = "Europe/Amsterdam"', 'zone = "Amsterdam"', "{line}: clinic.zone is not a time zone; write it like"),
        ('language = "en"', 'language = "de"', "{line}: clinic.language must be one of 'en', 'fr', 'nl' or 'ru'"),
        ("[says.fr]", "[says.de]", "{line}: says.de must be one of 'en', 'fr', 'nl' or 'ru'"),
        ('emergency = "112" ', 'emergency = "" ', "{line}: clinic.emergency is empty; fill it in"),
        ('emergency = "112" ', f'emergency = "{"1" * 121}" ', "clinic.emergency is longer than 120 characters"),
        (
            CLOSED,
            'closed = ["2026-12-25", "26.12."]',
            "{line}: clinic.closed no. 2 must be a date that exists, written",
        ),
        (CLOSED, "closed = [2026-12-25T09:00:00]", "clinic.closed no. 1 must be a date without a time"),
        (CLOSED, "closed = [true]", "clinic.closed no. 1 must be a date"),
        (BERG_ON_MONDAY, 'monday = "10:00-14:00"', "{line}: provider no. 2, hours.monday must be a list"),
        (BERG_ON_MONDAY, 'monday = ["9-13"]', "hours.monday no. 1 is not a stretch of opening hours; write it like"),
        (BERG_ON_MONDAY, 'monday = ["10:05-14:00"]', "must begin and end on a quarter of an hour"),
        (BERG_ON_MONDAY, 'funday = ["10:00-14:00"]', "{line}: provider no. 2, hours.funday must be one of 'monday'"),
        ('key = "berg"', 'key = "vos"', "provider has the key vos twice; give each its own"),
        ('key = "berg"', 'key = "Dr Berg"', "{line}: provider no. 2, key must be at most 40 lower-case letters"),
        ("minutes = 45", "minutes = 47", "{line}: visit_type no. 2, minutes must be a multiple of 15"),
        ("minutes = 45", "minutes = 600", "must be 480 or less"),
        ("minutes = 45", "minutes = 0", "must be 15 or more"),
        ("minutes = 45", "minutes = 37.5", "must be a whole number"),
        ("minutes = 45", 'minutes = "long"', "must be a whole number, without quotation marks"),
        ("surgical = true", 'surgical = "ja"', "{line}: visit_type no. 2, surgical must be true or false"),
        ('price = "95.00 EUR"', 'price = "95 euros"', "{line}: visit_type no. 2, price is not a price; write it like"),
        (SHARE, "share_of_free_times = 0", "{line}: recall.share_of_free_times must be more than 0"),
        (SHARE, 'share_of_free_times = "half"', "must be a number, like 0.5, without quotation marks"),
        ('public_url = "http://127.0.0.1:8080"', 'public_url = "recall"', "{line}: web.public_url is not the address"),
        (TEXT[: TEXT.index("[[provider]]")], "", "clinic.toml: clinic is missing; the file that `recare init` writes"),
        ("[web]", "[recall]", "clinic.toml, {line}: [recall] stands there twice; keep one"),
        ("[says.fr]", "[says.en]", "clinic.toml, {line}: [says.en] stands there twice; keep one"),
        ("[recall]", "[recall", "{line}: not valid TOML: expected ']'"),
        ('host = "127.0.0.1"', 'host = "127.0.0.1', "{line}: not valid TOML: illegal character"),
    ],
)
def test_a_mistake_is_told_with_its_line_its_key_and_the_remedy(right: str, wrong: str, what: str) -> None:
    said = told(right, wrong)
    assert said.startswith("clinic.toml")
    assert what.replace("{line}", line_of(right)) in said


PUBLIC_URL = 'public_url = "http://127.0.0.1:8080"'


@pytest.mark.parametrize(
    "address",
    [
        "recall.example.org",
        "ftp://recall.example.org",
        "https://",
        "https://recall.example.org/",
        "https://recall.example.org?x",
        "https://recall.example.org#x",
        "https://somebody:secret@recall.example.org",
        "https://recall.example.org:70000",
        "https://recall.example.org:0",
        "https://recall.example.org:",
        "https://rappel-santé.example",
        "https://[::1",
        "https://[1:2:3]",
        "https://recall.example.org\\r\\nX: y",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(address: str) -> None:
    said = told(PUBLIC_URL, f'public_url = "{address}"')
    assert f"{line_of(PUBLIC_URL)}: web.public_url is not the address of a site; write it like" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    "address", ["https://recall.example.org", "http://[::1]:8081", "https://xn--sant-dpa.example:8443"]
)
def test_a_site_may_be_named_in_any_way_a_machine_can_ask_for(address: str) -> None:
    settings = parse_clinic(TEXT.replace(PUBLIC_URL, f'public_url = "{address}"'), source="clinic.toml")
    assert settings.web.public_url == address


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("https://bots.example.org/", "https://bots.example.org"),
        ("http://[::1]:8081/telegram/api-9.2", "http://[::1]:8081/telegram/api-9.2"),
    ],
)
def test_a_bot_api_server_may_lie_below_a_path(address: str, meant: str) -> None:
    settings = parse_clinic(f'{TEXT}\n[telegram]\napi_base = "{address}"\n', source="clinic.toml")
    assert settings.telegram is not None
    assert settings.telegram.api_base == meant


@pytest.mark.parametrize(
    "address",
    [
        "api.telegram.org",
        "https://api.telegram.org?a=b",
        "https://api.telegram.org//bots",
        "https://api.telegram.org/../bots",
        "https://name:secret@api.telegram.org/bots",
        "https://api.telegram.org:99999/bots",
        "https://api.telegram.org/b ots",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(address: str) -> None:
    said = told(PUBLIC_URL, f'{PUBLIC_URL}\n[telegram]\napi_base = "{address}"')
    assert "telegram.api_base is not the address of a server; write it like" in said
    assert "secret" not in said


def test_what_is_missing_is_told_with_the_line_of_its_table() -> None:
    where = line_of("[clinic]")
    assert f"{where}: clinic.phone is missing; add it under [clinic]" in told('phone = "+31 20 000 0000"', "")
    where = line_of('[[provider]]\nkey = "berg"')
    assert f"{where}: provider no. 2, key is missing; add it under [[provider]]" in told('key = "berg"', "")


@pytest.mark.parametrize(
    ("openings", "what"),
    [
        ('"10:00-14:00", "13:00-15:00"', "overlap"),
        ('"13:00-15:00", "10:00-14:00"', "overlap"),
        ('"10:00-14:00", "10:00-14:00"', "overlap"),
        ('"09:00-18:00", "10:00-11:00", "12:00-13:00"', "overlap"),
        ('"10:00-14:00", "14:00-15:00"', "without a break between them; write them as one"),
    ],
)
def test_the_openings_of_a_day_leave_a_break_between_them(openings: str, what: str) -> None:
    said = told(BERG_ON_MONDAY, f"monday = [{openings}]")
    assert f"{line_of(BERG_ON_MONDAY)}: provider no. 2, hours.monday has opening hours" in said
    assert what in said


def test_the_hours_of_the_right_provider_are_pointed_at_however_the_others_are_written() -> None:
    begin, end = TEXT.index("[provider.hours]"), TEXT.index('\n[[provider]]\nkey = "berg"')
    inline = TEXT[:begin] + "hours = { monday = ['09:00-12:30'] }\n" + TEXT[end:]
    wrong = inline.replace(BERG_ON_MONDAY, 'monday = ["9-13"]')
    line = wrong[: wrong.index('"9-13"')].count("\n") + 1
    with pytest.raises(SettingsError, match=rf"line {line}: provider no\. 2, hours\.monday no\. 1"):
        parse_clinic(wrong, source="clinic.toml")


def test_no_value_is_quoted_for_one_of_them_may_hold_a_password() -> None:
    assert "secret" not in told('url = "sqlite:///recare.sqlite"', f'url = "{"secret" * 30}"')


@pytest.mark.parametrize("kind", sorted(_WORDS))
def test_our_words_follow_the_name_of_a_key(kind: str) -> None:
    assert _WORDS[kind].startswith(("is ", "must be ", "{error}"))
