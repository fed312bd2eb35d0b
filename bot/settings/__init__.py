"""What recare is told at start: `clinic.toml`, and secrets from the environment."""

from bot.settings.clinic import ClinicSettings
from bot.settings.reading import (
    BotTokens,
    KeyNotSetError,
    SettingsError,
    read_bot_tokens,
    read_clinic,
    read_ledger_key_version,
    read_master_key,
    read_smtp_password,
)

__all__ = [
    "BotTokens",
    "ClinicSettings",
    "KeyNotSetError",
    "SettingsError",
    "read_bot_tokens",
    "read_clinic",
    "read_ledger_key_version",
    "read_master_key",
    "read_smtp_password",
]
