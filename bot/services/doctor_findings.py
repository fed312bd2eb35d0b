"""What a check-up finds: one line each, with its remedy. English, for whoever runs recare; no patient is named."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something stands. WARN: recare works, but not all of it, or not for long."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """How one thing stands. check: its name, for programs, too. remedy: what to do, "" where nothing is."""

    check: str
    health: Health
    says: str
    remedy: str = ""


def fine(check: str, says: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(check=check, health=Health.OK, says=says)


def doubtful(check: str, says: str, remedy: str) -> Finding:
    """Say what does not work fully, or not for long."""
    return Finding(check=check, health=Health.WARN, says=says, remedy=remedy)


def broken(check: str, says: str, remedy: str) -> Finding:
    """Say what does not work."""
    return Finding(check=check, health=Health.FAIL, says=says, remedy=remedy)
