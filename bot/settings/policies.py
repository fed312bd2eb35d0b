"""Finds and reads policy files: those recare ships, and a clinic's own beside its `clinic.toml`."""

import tomllib
from importlib import resources
from pathlib import Path

from bot.errors import RecareError
from flows.outreach.policy import Policy, PolicyError, parse_policy


class UnusablePolicyError(RecareError):
    """The policy cannot be used; nothing is sent under it."""


def read_policy(name: str, beside: Path | None = None) -> Policy:
    """Read a policy by name: `policies/<name>.toml` beside the clinic's file, else the one recare ships.

    Raises UnusablePolicyError, naming the file, the key and the remedy.
    """
    own = beside / "policies" / f"{name}.toml" if beside else None
    if own is not None and own.is_file():
        source, text = str(own), _read(own)
    else:
        shipped = resources.files("flows.outreach") / "policies" / f"{name}.toml"
        if not shipped.is_file():
            message = f"there is no policy {name}; recare ships: {', '.join(shipped_policies())}"
            raise UnusablePolicyError(message)
        source, text = f"policies/{name}.toml", shipped.read_text(encoding="utf-8")
    try:
        return parse_policy(tomllib.loads(text), source=source)
    except tomllib.TOMLDecodeError as broken:
        message = f"{source}: not valid TOML: {broken}"
        raise UnusablePolicyError(message) from broken
    except PolicyError as broken:
        raise UnusablePolicyError(str(broken)) from broken


def _read(own: Path) -> str:
    try:
        return own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        message = f"{own}: cannot be read ({type(broken).__name__}); it must be a readable UTF-8 text file"
        raise UnusablePolicyError(message) from broken


def shipped_policies() -> tuple[str, ...]:
    """Name the policies recare ships."""
    folder = resources.files("flows.outreach") / "policies"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))
