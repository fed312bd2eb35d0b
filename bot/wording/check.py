"""Checks the catalogues: `python -m bot.wording.check`; a finding that is no mere warning fails it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from babel.messages.plurals import get_plural

from bot.wording.catalogue import Catalogue
from bot.wording.completeness import faults
from bot.wording.declared import Declared, declared
from bot.wording.extract import SHIPPED, SOURCE, outdated, texts_of
from bot.wording.findings import Finding, Weight
from bot.wording.lengths import too_long
from bot.wording.notice_check import notice_findings
from bot.wording.po_files import Forms, Place
from bot.wording.typography import rules, slips
from flows.vocabulary import Language


def findings(folder: Path) -> list[Finding]:
    """Check every text of every language below a folder; lengths only where all texts can be filled."""
    entries = [entry for entries in declared().values() for entry in entries]
    found = [finding for name, some in declared().items() for finding in _of_file(folder, name, some)]
    found += notice_findings(folder)
    if any(finding.weight is Weight.ERROR for finding in found):
        return found
    return [*found, *_of_length(entries, Catalogue.load(folder))]


def _of_file(folder: Path, name: str, entries: Sequence[Declared]) -> Iterator[Finding]:
    source = texts_of(folder / SOURCE.value / name)
    for language in Language:
        said = texts_of(folder / language.value / name)
        yield from _of_build(language, entries, said, source)
        yield from _of_manner(language, said)


def _of_build(
    language: Language, entries: Sequence[Declared], said: Mapping[Place, Forms], source: Mapping[Place, Forms]
) -> Iterator[Finding]:
    plurals = get_plural(language.value).num_plurals
    for entry in entries:
        for what in faults(entry, said.get(entry.place, ()), source.get(entry.place, ()), plurals):
            yield Finding(language=language, place=entry.place, what=what)
    for place in sorted(said.keys() - {entry.place for entry in entries}, key=str):
        yield Finding(language=language, place=place, what="is declared nowhere")


def _of_manner(language: Language, said: Mapping[Place, Forms]) -> Iterator[Finding]:
    checks = rules(language)
    for place, forms in said.items():
        for form in forms:
            for what in slips(form, checks):
                yield Finding(language=language, place=place, what=what)


def _of_length(entries: Sequence[Declared], catalogue: Catalogue) -> Iterator[Finding]:
    for language in Language:
        for entry in entries:
            for weight, what in too_long(entry, language, catalogue):
                yield Finding(language=language, place=entry.place, what=what, weight=weight)


def main() -> int:
    """Check the shipped catalogues; 0 if nothing is wrong."""
    found = findings(SHIPPED)
    for finding in found:
        sys.stdout.write(f"{finding}\n")
    stale = outdated(SHIPPED)
    for path in stale:
        sys.stdout.write(f"error: {path.relative_to(SHIPPED.parent)} is out of date: run `make catalogues`\n")
    errors = sum(finding.weight is Weight.ERROR for finding in found) + len(stale)
    sys.stdout.write(f"catalogues: {errors} errors, {len(found) + len(stale) - errors} warnings\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
