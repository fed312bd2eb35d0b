"""Reads `clinic.toml` and the secrets; every error names the file, the line and the remedy."""

import base64
import binascii
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from bot.errors import RecareError
from bot.settings.clinic import ClinicSettings

KEY_VARIABLE = "RECARE_KEY"
KEY_BYTES = 32


class SettingsError(RecareError):
    """The settings cannot be used; the message is one line with place and remedy."""


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
        message = f"{source}: not valid TOML: {broken}"
        raise SettingsError(message) from broken
    except ValidationError as broken:
        raise SettingsError(_explain(source, text, broken)) from broken


def read_master_key(environment: Mapping[str, str]) -> bytes:
    """Read the key that seals all personal data. Raises SettingsError."""
    raw = environment.get(KEY_VARIABLE, "")
    if not raw:
        message = (
            f"{KEY_VARIABLE} is not set: it seals the patients' data. `recare key` prints a new one; "
            "keep it safe and set it each time"
        )
        raise SettingsError(message)
    try:
        key = base64.urlsafe_b64decode(raw)
    except (binascii.Error, ValueError) as broken:
        message = f"{KEY_VARIABLE} is not a key that `recare key` printed"
        raise SettingsError(message) from broken
    if len(key) != KEY_BYTES:
        message = f"{KEY_VARIABLE} must be {KEY_BYTES} bytes long, as printed by `recare key`"
        raise SettingsError(message)
    return key


def _explain(source: str, text: str, broken: ValidationError) -> str:
    first = broken.errors()[0]
    place = tuple(first["loc"])
    name = ".".join(str(part) for part in place) or "the file"
    remedies = {
        "missing": "is missing; add it",
        "extra_forbidden": "is not known; remove it or mind the spelling",
    }
    what = remedies.get(first["type"], first["msg"].removeprefix("Value error, "))
    others = broken.error_count() - 1
    more = f" (and {others} more)" if others else ""
    return f"{source}, line {_line_of(text, place)}: {name} {what}{more}"


def _line_of(text: str, place: tuple[int | str, ...]) -> int:
    """Find the line of a key: its table's header first, then the key below it; a missing key has its table's line."""
    lines = text.splitlines()
    names = [part for part in place if isinstance(part, str)]
    nth = next((part for part in place if isinstance(part, int)), 0)
    line = 0
    for depth in range(len(names), 0, -1):
        header = re.compile(r"\s*\[\[?\s*" + r"\s*\.\s*".join(map(re.escape, names[:depth])) + r"\s*\]\]?")
        found = [number for number, content in enumerate(lines) if header.match(content)]
        if found:
            line = found[min(nth, len(found) - 1)]
            names = names[depth:]
            break
    for name in names:
        key = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
        after = (number for number in range(line, len(lines)) if key.match(lines[number]))
        line = next(after, line)
    return line + 1
