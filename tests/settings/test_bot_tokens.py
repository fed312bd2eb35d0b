"""The bots' tokens, as people paste them."""

import pytest

from bot.settings.reading import (
    DESK_TOKEN_VARIABLE,
    PATIENTS_TOKEN_VARIABLE,
    SettingsError,
    parse_clinic,
    read_bot_tokens,
)
from tests.world import CLINIC_FILE

SETTINGS = parse_clinic(CLINIC_FILE.read_text(encoding="utf-8") + "\n[telegram]\n", source="clinic.toml")
TOKEN = "123456789:" + "A" * 35


def test_blanks_around_a_token_are_not_part_of_it() -> None:
    tokens = read_bot_tokens({PATIENTS_TOKEN_VARIABLE: f" {TOKEN}\r\n", DESK_TOKEN_VARIABLE: " \n"}, SETTINGS)
    assert (tokens.patients, tokens.desk) == (TOKEN, None)


def test_one_token_twice_is_one_bot_whatever_is_around_it() -> None:
    with pytest.raises(SettingsError, match="are the same bot"):
        read_bot_tokens({PATIENTS_TOKEN_VARIABLE: TOKEN, DESK_TOKEN_VARIABLE: f"{TOKEN} "}, SETTINGS)


def test_a_blank_within_a_token_is_refused_by_the_name_of_its_variable() -> None:
    with pytest.raises(SettingsError, match=f"{DESK_TOKEN_VARIABLE} is not a bot's token"):
        read_bot_tokens({DESK_TOKEN_VARIABLE: TOKEN.replace(":", ": ")}, SETTINGS)
