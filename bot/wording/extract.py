"""Brings the catalogues up to date with what is declared: `python -m bot.wording.extract`.

A new key gets an empty text, never one guessed from a similar key; a key nobody declares is dropped. A new version of a
notice is listed as published. A second run changes nothing.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import locales
from bot.wording.declared import Declared, declared
from bot.wording.notice_check import SUMS, sums
from bot.wording.po_files import Forms, Place, Row, read_rows, write_rows
from flows.vocabulary import Language

SOURCE = Language.EN
SHIPPED = Path(locales.__file__).parent


def extract(folder: Path) -> tuple[Path, ...]:
    """Write the catalogues below the folder anew; tells which files have changed."""
    changed = outdated(folder)
    for path, content in changed.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tuple(changed)


def outdated(folder: Path) -> Mapping[Path, bytes]:
    """Tell which catalogues `extract` would change, and into what."""
    changed = {}
    for name, entries in declared().items():
        source = texts_of(folder / SOURCE.value / name)
        for language in Language:
            path = folder / language.value / name
            english = {} if language is SOURCE else source
            said = texts_of(path)
            content = write_rows([_row(entry, said, english) for entry in entries], language)
            if not path.is_file() or path.read_bytes() != content:
                changed[path] = content
    published = folder / SUMS
    if (lines := sums(folder)) and (not published.is_file() or published.read_bytes() != lines):
        changed[published] = lines
    return changed


def texts_of(path: Path) -> dict[Place, Forms]:
    """Read the texts of a catalogue; none if there is no such file yet."""
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return read_rows(file, f"{path.parent.name}/{path.name}")


def _row(entry: Declared, said: Mapping[Place, Forms], english: Mapping[Place, Forms]) -> Row:
    comments = [entry.note] if entry.note else []
    if entry.parameters:
        comments.append("Values: " + ", ".join(f"{{{name}}} {kind}" for name, kind in entry.parameters.items()))
    comments += [f"English: {form}" for form in english.get(entry.place, ())]
    return Row(place=entry.place, counts=entry.counts, comments=tuple(comments), forms=said.get(entry.place, ()))


def main() -> int:
    """Bring the shipped catalogues up to date and say which have changed."""
    for path in extract(SHIPPED):
        sys.stdout.write(f"written: {path.relative_to(SHIPPED.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
