"""Words: each key that a page names exists, in every language."""

import re
from pathlib import Path

import pytest

import bot
from bot.wording.pages import PAGE_ENTRIES
from flows.vocabulary import Language
from tests.web.site import CATALOGUE

ROOMS = ("web", "channels", "desk")
KEY = re.compile(r"""["']((?:page|desk|demo)\.[a-z0-9_.]+)["']""")


def named() -> set[str]:
    """All keys, and beginnings of keys, that stand in templates and code."""
    here = Path(bot.__file__).parent
    files = [path for room in ROOMS for path in (here / room).rglob("*") if path.suffix in {".html", ".py"}]
    return {key for path in files for key in KEY.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("key", sorted(named()))
def test_a_key_that_a_page_names_exists_in_every_language(key: str) -> None:
    if key.endswith((".", "_")):
        assert any(entry.startswith(key) for entry in PAGE_ENTRIES)
        return
    assert key in PAGE_ENTRIES
    for language in Language:
        assert (key, None) in CATALOGUE.lexicon(language).entries
