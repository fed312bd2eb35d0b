"""Checks that a text is there in every form, with the values it was declared with and styles that suit them."""

from collections.abc import Iterator, Mapping

from bot.wording.declared import Declared
from bot.wording.facts import PERSONAL
from bot.wording.po_files import Forms
from bot.wording.style import NEEDS_TIME, MomentStyle
from bot.wording.templates import Gap, Template, TemplateError, read_template
from flows.messages.text import AMBIENT, LOCK_SCREEN

MAY_DIFFER = frozenset({"greeting", "clinic", "dentist"})
"""Ambient values a language may name where English does not, and the other way round."""

DAYS = frozenset({"last_visit"})
STYLES: Mapping[str, frozenset[str]] = {
    "instant": frozenset(MomentStyle),
    "day": frozenset(MomentStyle) - NEEDS_TIME,
}


def faults(entry: Declared, forms: Forms, english: Forms, plurals: int) -> Iterator[str]:
    """Tell what is wrong with the build of a text; `plurals` is the language's number of plural forms."""
    if not any(forms):
        yield "has no text"
        return
    if len(forms) != (plurals if entry.counts else 1):
        yield f"has {len(forms)} plural forms, not {plurals if entry.counts else 1}"
    try:
        expected = _names(english)
        templates = [read_template(form) for form in forms]
    except TemplateError as broken:
        yield str(broken)
        return
    for template in templates:
        yield from _faults_of_names(entry, template, expected)
        for gap in template.gaps:
            yield from _faults_of_gap(entry, gap)


def _names(forms: Forms) -> frozenset[str]:
    return frozenset[str]().union(*(read_template(form).names for form in forms))


def _faults_of_names(entry: Declared, template: Template, expected: frozenset[str]) -> Iterator[str]:
    page = entry.place[1] is None
    allowed = frozenset(entry.parameters) | (frozenset() if page else AMBIENT)
    for name in sorted(template.names - allowed):
        yield f"names {{{name}}}, which nobody gives"
    for name in sorted(expected - template.names - MAY_DIFFER):
        yield f"leaves out {{{name}}}, which English has"
    for name in sorted(template.names - expected - MAY_DIFFER):
        yield f"names {{{name}}}, which English has not"
    for name in sorted(entry.parameters if page else ()):
        if name not in template.names:
            yield f"leaves out {{{name}}}"
    if entry.place[1] == LOCK_SCREEN:
        for name in sorted(template.names & PERSONAL):
            yield f"names {{{name}}} on a lock screen"


def _faults_of_gap(entry: Declared, gap: Gap) -> Iterator[str]:
    kind = "day" if gap.name in DAYS else entry.parameters.get(gap.name, "words")
    styles = STYLES.get(kind, frozenset())
    if styles and gap.style not in styles:
        yield f"{{{gap.name}}} needs one of the styles {', '.join(sorted(styles))}"
    if not styles and gap.style:
        yield f"{{{gap.name}}} is shown without a style"
