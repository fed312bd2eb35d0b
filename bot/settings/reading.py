"""Reads `clinic.toml` and the secrets; every error names the file, the line and the remedy."""

import base64
import binascii
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.errors import RecareError
from bot.settings.clinic import TABLES, ClinicSettings
from bot.settings.wrong import explain, explain_syntax

KEY_VARIABLE = "RECARE_KEY"
KEY_BYTES = 32
MOST_LEDGER_KEYS = 999
LEDGER_KEY_VARIABLE = "RECARE_LEDGER_KEY"
SMTP_PASSWORD_VARIABLE = "RECARE_SMTP_PASSWORD"  # noqa: S105 - the variable's name, not a secret
PATIENTS_TOKEN_VARIABLE = "RECARE_TELEGRAM_TOKEN"  # noqa: S105 - as above
DESK_TOKEN_VARIABLE = "RECARE_DESK_TOKEN"  # noqa: S105 - as above
BOT_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,100}")


class SettingsError(RecareError):
    """The settings cannot be used; the message is one line with place and remedy."""


class KeyNotSetError(SettingsError):
    """The key that seals all personal data is not there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BotTokens:
    """The tokens of the two bots on Telegram; None: that bot does not run."""

    patients: str | None
    desk: str | None


def read_clinic(path: Path) -> ClinicSettings:
    """Read and validate a clinic's file. Raises SettingsError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = f"{path}: there is no such file; `recare init` writes one, or name yours with --clinic"
        raise SettingsError(message) from None
    except (OSError, UnicodeDecodeError) as broken:
        message = f"{path}: cannot be read ({type(broken).__name__}); it must be a readable UTF-8 text file"
        raise SettingsError(message) from broken
    return parse_clinic(text, source=str(path))


def parse_clinic(text: str, *, source: str) -> ClinicSettings:
    """Validate the text of a clinic's file; `source` names it in errors. Raises SettingsError."""
    try:
        return ClinicSettings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as broken:
        raise SettingsError(explain_syntax(source, broken)) from broken
    except ValidationError as broken:
        raise SettingsError(explain(source, text, broken, TABLES)) from broken


def read_smtp_password(environment: Mapping[str, str], settings: ClinicSettings) -> str | None:
    """Read the password of the mail server's user; None where no user signs in there. Raises SettingsError."""
    if settings.mail is None or settings.mail.user is None:
        return None
    password = environment.get(SMTP_PASSWORD_VARIABLE, "")
    if not password:
        message = (
            f"{SMTP_PASSWORD_VARIABLE} is not set: [mail] names the user {settings.mail.user}, who signs in with it; "
            "set it, or remove `user` if the server asks for none"
        )
        raise SettingsError(message)
    return password


def read_bot_tokens(environment: Mapping[str, str], settings: ClinicSettings) -> BotTokens:
    """Read the bots' tokens; none is read where `clinic.toml` has no [telegram]. Raises SettingsError."""
    if settings.telegram is None:
        return BotTokens(patients=None, desk=None)
    patients, desk = (_bot_token(environment, name) for name in (PATIENTS_TOKEN_VARIABLE, DESK_TOKEN_VARIABLE))
    if patients is None and desk is None:
        message = (
            f"clinic.toml has [telegram], but neither {PATIENTS_TOKEN_VARIABLE} nor {DESK_TOKEN_VARIABLE} is set: "
            "set the token that @BotFather gave you, or remove [telegram]"
        )
        raise SettingsError(message)
    if patients == desk:
        message = (
            f"{PATIENTS_TOKEN_VARIABLE} and {DESK_TOKEN_VARIABLE} are the same bot: make a second one for the staff"
        )
        raise SettingsError(message)
    return BotTokens(patients=patients, desk=desk)


def _bot_token(environment: Mapping[str, str], variable: str) -> str | None:
    # Who copies a token may copy the blank or the end of the line after it, too.
    token = environment.get(variable, "").strip()
    if token and not BOT_TOKEN.fullmatch(token):
        message = f"{variable} is not a bot's token; it looks like 123456789:AAE..., as @BotFather gave it"
        raise SettingsError(message)
    return token or None


def read_ledger_key_version(environment: Mapping[str, str]) -> int:
    """Read which of the ledger's keys to use from now on, 1 unless set. Raises SettingsError."""
    raw = environment.get(LEDGER_KEY_VARIABLE, "1")
    if not raw.isascii() or not raw.isdecimal() or not 1 <= int(raw) <= MOST_LEDGER_KEYS:
        message = (
            f"{LEDGER_KEY_VARIABLE} counts the ledger's keys: a number from 1 to {MOST_LEDGER_KEYS}, never lowered"
        )
        raise SettingsError(message)
    return int(raw)


def read_master_key(environment: Mapping[str, str]) -> bytes:
    """Read the key that seals all personal data. Raises SettingsError, KeyNotSetError where there is none."""
    raw = environment.get(KEY_VARIABLE, "")
    if not raw:
        message = (
            f"{KEY_VARIABLE} is not set: it seals the patients' data. `recare key` prints a new one; "
            "keep it, and set the same one in every terminal (see `recare key --help`)"
        )
        raise KeyNotSetError(message)
    try:
        key = base64.urlsafe_b64decode(raw)
    except (binascii.Error, ValueError) as broken:
        message = f"{KEY_VARIABLE} is not a key that `recare key` printed"
        raise SettingsError(message) from broken
    if len(key) != KEY_BYTES:
        message = f"{KEY_VARIABLE} must be {KEY_BYTES} bytes long, as printed by `recare key`"
        raise SettingsError(message)
    return key
