"""Reads the programme recare ships; a programme that cannot be used stops the start."""

import tomllib
from importlib import resources

from bot.errors import RecareError
from bot.settings.toml_lines import line_of
from bot.settings.wrong import explain_syntax
from flows.outreach.policy_fields import PolicyError
from flows.outreach.programme import Programme
from flows.outreach.programme_reading import parse_programme

STANDARD = "standard"

_SHIPPED = resources.files("flows.outreach") / "programmes"


class UnusableProgrammeError(RecareError):
    """The programme cannot be used; nobody is invited by it."""


def read_programme(name: str = STANDARD) -> Programme:
    """Read a shipped programme by name. Raises UnusableProgrammeError, naming the file, line, key and remedy."""
    source = f"programmes/{name}.toml"
    return check_programme((_SHIPPED / f"{name}.toml").read_text("utf-8"), source=source)


def check_programme(text: str, *, source: str) -> Programme:
    """Check the text of a programme's file; source: its name. Raises UnusableProgrammeError."""
    try:
        return parse_programme(tomllib.loads(text), source=source)
    except tomllib.TOMLDecodeError as broken:
        raise UnusableProgrammeError(explain_syntax(source, broken)) from broken
    except PolicyError as broken:
        place = f"{source}, line {line_of(text, broken.place)}"
        raise UnusableProgrammeError(f"{place}: {broken.path} {broken.problem}; {broken.remedy}") from broken
