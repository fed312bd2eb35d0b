"""Checks how a text is written: what holds in every language, and the language's own `checks.toml`."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.wording.templates import GAP
from flows.vocabulary import Language
from locales import language_file

STAND_IN = "X"
"""What a check sees in place of a gap."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Something no text may hold, and why."""

    pattern: re.Pattern[str]
    why: str


EVERYWHERE = (
    Rule(pattern=re.compile(r"![^\w]*!|!\?|\?!"), why="at most one exclamation mark"),
    Rule(
        pattern=re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]"),
        why="no emoji from the bot (`VOICE.md`)",
    ),
    Rule(pattern=re.compile(r"  |^\s|\s$| \n|\n "), why="a space too many"),
    Rule(pattern=re.compile(r"[ \u00a0\u202f][,.](?!\w)"), why="no space before a comma or full stop"),
    Rule(pattern=re.compile(r"\.\.|,,|,\.|\.,"), why="a stop too many; an ellipsis is …"),
    Rule(pattern=re.compile(r" - "), why="a hyphen joins words, a dash stands between them"),
    Rule(pattern=re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"), why="an invisible character"),
)


def rules(language: Language) -> tuple[Rule, ...]:
    """Read what a language's texts may not hold, beside what holds everywhere."""
    raw: dict[str, Any] = tomllib.loads(language_file(language, "checks.toml").read_text(encoding="utf-8"))
    return (
        *EVERYWHERE,
        *(Rule(pattern=re.compile(check["pattern"]), why=check["why"]) for check in raw["checks"]),
    )


def slips(text: str, checks: tuple[Rule, ...]) -> Iterator[str]:
    """Tell which rules a text breaks, and where."""
    seen = GAP.sub(STAND_IN, text)
    for rule in checks:
        if found := rule.pattern.search(seen):
            around = seen[max(0, found.start() - 12) : found.end() + 12].strip()
            yield f"“{around}”: {rule.why}"
