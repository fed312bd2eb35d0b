"""Finds and reads policy files: those recare ships, and a clinic's own beside its `clinic.toml`.

A file that cannot be used is never skipped: without it nobody knows what it forbids.
"""

import tomllib
from importlib import resources
from pathlib import Path

from bot.errors import RecareError
from bot.settings.clinic import ClinicSettings
from bot.settings.toml_lines import line_of
from bot.settings.values import POLICY
from bot.settings.wrong import explain_syntax
from flows.outreach.policy import EVERYWHERE, Policy
from flows.outreach.policy_book import PolicyBook
from flows.outreach.policy_fields import PolicyError
from flows.outreach.policy_reading import parse_policy

FALLBACK = "strictest"
"""The policy that protects patients of whose residence recare knows no rules."""

LARGEST = 64 * 1024
"""Bytes: twenty times what a shipped policy has."""

_SHIPPED = resources.files("flows.outreach") / "policies"


class UnusablePolicyError(RecareError):
    """The policy cannot be used; nothing is sent under it."""


def read_policy(name: str, beside: Path | None = None) -> Policy:
    """Read a policy by name: `policies/<name>.toml` beside the clinic's file, else the one recare ships.

    Raises UnusablePolicyError, naming the file, the line, the key and the remedy.
    """
    source, text = _find(name, beside)
    try:
        return _parsed(source, text)
    except (RecursionError, ValueError) as beyond:
        message = f"{source}: nests too deeply, or has a number too long; write it as docs/policies.md describes"
        raise UnusablePolicyError(message) from beyond


def read_book(settings: ClinicSettings, beside: Path | None = None) -> PolicyBook:
    """Read every policy that may count for a patient of the clinic; its own files replace shipped ones of their name.

    The policy the clinic chose counts for its jurisdiction instead of the shipped one. Raises UnusablePolicyError.
    """
    own = read_policy(settings.recall.policy, beside)
    chosen = {} if own.jurisdiction == EVERYWHERE else {own.jurisdiction: own}
    return PolicyBook(
        own=own,
        by_residence=_by_jurisdiction(beside) | chosen,
        by_channel={channel: read_policy(name, beside) for channel, name in settings.recall.channel_policies.items()},
        fallback=read_policy(FALLBACK, beside),
        home=settings.home,
    )


def shipped_policies() -> tuple[str, ...]:
    """Name the policies recare ships."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _SHIPPED.iterdir() if file.name.endswith(".toml")))


def _by_jurisdiction(beside: Path | None) -> dict[str, Policy]:
    found: dict[str, Policy] = {}
    for name in shipped_policies():
        policy = read_policy(name, beside)
        if policy.jurisdiction == EVERYWHERE:
            continue
        if policy.jurisdiction in found:
            twice = f"{found[policy.jurisdiction].id} and {policy.id}"
            message = f"{twice} are both for {policy.jurisdiction}; give one of them its own `jurisdiction`"
            raise UnusablePolicyError(message)
        found[policy.jurisdiction] = policy
    return found


def _parsed(source: str, text: str) -> Policy:
    try:
        return parse_policy(tomllib.loads(text), source=source)
    except tomllib.TOMLDecodeError as broken:
        raise UnusablePolicyError(explain_syntax(source, broken)) from broken
    except PolicyError as broken:
        place = f"{source}, line {line_of(text, broken.place)}"
        message = f"{place}: {broken.path} {broken.problem}; {broken.remedy}"
        raise UnusablePolicyError(message) from broken


def _find(name: str, beside: Path | None) -> tuple[str, str]:
    """The name of a policy's file, for errors, and its text."""
    if not POLICY.fullmatch(name):
        raise UnusablePolicyError(f"{name[:40]!r} is not the name of a policy; write it like strictest or ca-qc")
    own = beside / "policies" / f"{name}.toml" if beside else None
    if own is not None and own.is_file():
        return str(own), _read(own)
    shipped = _SHIPPED / f"{name}.toml"
    if not shipped.is_file():
        message = f"there is no policy {name}; recare ships: {', '.join(shipped_policies())}"
        raise UnusablePolicyError(message)
    return f"policies/{name}.toml", shipped.read_text(encoding="utf-8")


def _read(own: Path) -> str:
    try:
        if own.stat().st_size > LARGEST:
            raise UnusablePolicyError(f"{own}: is longer than {LARGEST // 1024} KiB, as no policy is")
        return own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        message = f"{own}: cannot be read ({type(broken).__name__}); it must be a readable UTF-8 text file"
        raise UnusablePolicyError(message) from broken
