"""Checks the notices: complete in every language, well written, and never changed once they were published.

`notices.sums` lists what was published; a line of it is only ever added.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.wording.completeness import faults
from bot.wording.declared import Declared, declared_notices
from bot.wording.findings import Finding
from bot.wording.notices import KEY, NOTICES, Notice, newest, read_notices
from bot.wording.typography import rules, slips
from flows.vocabulary import Language

SUMS = "notices.sums"


def notice_findings(folder: Path) -> Iterator[Finding]:
    """Check every version of every notice below a folder. Raises NoticeError."""
    english = newest(notices_of(folder, Language.EN))
    published = _published(folder)
    for language in Language:
        notices = notices_of(folder, language)
        for entry in declared_notices():
            for what in _faults(entry, newest(notices), english):
                yield Finding(language=language, place=entry.place, what=what)
        for notice in notices:
            for what in (*slips(notice.text, rules(language)), *_changes(notice, published)):
                yield Finding(language=language, place=_place(notice.name), what=what)
        titles = {notice.title for notice in notices}
        for title in sorted(published.keys() - titles):
            if title.startswith(f"{language}/"):
                name = title.partition("/")[2].partition("@")[0]
                yield Finding(language=language, place=_place(name), what=f"{title} is gone: what was agreed to stays")


def sums(folder: Path) -> bytes:
    """List what was published and what is there now; a line that stands is never changed."""
    known = _published(folder)
    found = {notice.title: notice.reference for language in Language for notice in notices_of(folder, language)}
    return "".join(f"{reference}\n" for _, reference in sorted((found | known).items())).encode()


def notices_of(folder: Path, language: Language) -> tuple[Notice, ...]:
    """Read a language's notices below a folder; none if there is no such file. Raises NoticeError."""
    path = folder / language.value / NOTICES
    if not path.is_file():
        return ()
    with path.open("rb") as source:
        return read_notices(source, language)


def _faults(entry: Declared, said: Mapping[str, Notice], english: Mapping[str, Notice]) -> Iterator[str]:
    name = entry.place[0].removeprefix(KEY)
    forms, source = ((each[name].text,) if name in each else () for each in (said, english))
    yield from faults(entry, forms, source, plurals=1)


def _changes(notice: Notice, published: dict[str, str]) -> Iterator[str]:
    before = published.get(notice.title)
    if before is not None and before != notice.reference:
        yield f"{notice.title} says something else than when it was published: give the new text a version of its own"


def _published(folder: Path) -> dict[str, str]:
    path = folder / SUMS
    lines = path.read_text(encoding="ascii").splitlines() if path.is_file() else []
    return {line.partition("#")[0]: line for line in lines}


def _place(name: str) -> tuple[str, int | None]:
    return (f"{KEY}{name}", 0)
