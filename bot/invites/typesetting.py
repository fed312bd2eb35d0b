"""Sets pages by Typst, with the fonts it brings along: the same PDF on every machine, Cyrillic included.

What a page says comes in as data. Nothing in it is read as markup, so that no name can change a page.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources

from typst import Compiler

DATA = "data"


def set_pages(template: str, data: Mapping[str, object], *, now: datetime) -> bytes:
    """Set a document from a template of this folder and return the PDF. now: aware UTC, the document's date."""
    return _set(template, data, "pdf", now)[0]


def set_pictures(template: str, data: Mapping[str, object], *, now: datetime) -> list[bytes]:
    """Set the same document as PNG pictures, one a page: to be looked at."""
    return _set(template, data, "png", now)


def _set(template: str, data: Mapping[str, object], kind: str, now: datetime) -> list[bytes]:
    source = (resources.files("bot.invites") / "templates" / template).read_bytes()
    compiler = Compiler(source, ignore_system_fonts=True, sys_inputs={DATA: json.dumps(data, ensure_ascii=False)})
    made = compiler.compile(format="png" if kind == "png" else "pdf", timestamp=int(now.timestamp()))
    return made if isinstance(made, list) else [made or b""]
