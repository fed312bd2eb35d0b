"""Draws the dialogs: one page with a Mermaid diagram and a table for each, made from the rules themselves.

`python -m bot.diagrams` writes `docs/dialogs/`; with `--check` it only compares, and fails where a page is stale.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import click

from flows.dialogs import DIALOGS
from flows.engine.choices import Choice
from flows.engine.dialog import STAY, Act, Dialog, Question, Rule, Trigger
from flows.engine.state import State
from flows.meaning import Flag, Intent

PAGES = Path(__file__).resolve().parents[1] / "docs" / "dialogs"
REMEDY = "run `python -m bot.diagrams` and commit what it writes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrow:
    """All triggers for which one act holds in one state."""

    state: type[State]
    triggers: tuple[Trigger, ...]
    ends: tuple[type[State], ...]
    act: Act
    guard: str | None


def pages() -> dict[str, str]:
    """Draw all pages; their text by file name."""
    drawn = {f"{dialog.name}.md": draw(dialog) for dialog in DIALOGS}
    return {"README.md": _index(), **drawn}


def draw(dialog: Dialog) -> str:
    """Draw the page of one dialog."""
    arrows = _arrows(dialog.rules)
    title, _, note = (import_module(f"flows.dialogs.{dialog.name}").__doc__ or "").strip().partition("\n\n")
    parts = [f"# {dialog.name}", title, note.strip()]
    if arrows:
        parts += ["```mermaid\n" + "\n".join(_diagram(arrows)) + "\n```", "\n".join(_table(arrows))]
    if dialog.questions or dialog.reminders:
        parts.append("\n".join(_questions(dialog)))
    return "\n\n".join(part for part in parts if part) + "\n"


def stale(folder: Path) -> list[Path]:
    """Give the pages in a folder that are missing, changed, or of no dialog any more."""
    wanted = pages()
    differing = (name for name, text in wanted.items() if _read(folder / name) != text)
    left_over = (page.name for page in folder.glob("*.md") if page.name not in wanted)
    return [folder / name for name in sorted((*differing, *left_over))]


def write(folder: Path) -> list[Path]:
    """Bring the pages in a folder up to date; those that changed."""
    changed, wanted = stale(folder), pages()
    folder.mkdir(parents=True, exist_ok=True)
    for page in changed:
        if page.name in wanted:
            page.write_text(wanted[page.name], encoding="utf-8")
        else:
            page.unlink()
    return changed


def _read(page: Path) -> str | None:
    return page.read_text(encoding="utf-8") if page.exists() else None


def _arrows(rules: Iterable[Rule]) -> list[Arrow]:
    together: dict[tuple[type[State], Act], list[Rule]] = {}
    for rule in rules:
        together.setdefault((rule.state, rule.act), []).append(rule)
    return [
        Arrow(
            state=state,
            triggers=tuple(rule.trigger for rule in same),
            ends=tuple(dict.fromkeys(end for rule in same for end in rule.ends)),
            act=act,
            guard=_first_line(same[0].when) if same[0].when else None,
        )
        for (state, act), same in together.items()
    ]


def _diagram(arrows: list[Arrow]) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction LR"
    states = dict.fromkeys(end for arrow in arrows for end in (arrow.state, *arrow.ends) if end is not STAY)
    for state in states:
        yield f'    state "{_name(state)}" as {_node(state)}'
    edges: dict[tuple[str, str], list[str]] = {}
    for arrow in arrows:
        label = ", ".join(_trigger(trigger) for trigger in arrow.triggers)
        for end in arrow.ends:
            reached = arrow.state if end is STAY else end
            # In any state, an arrow back to "any state" would say that it may lead anywhere.
            stays = " (stays)" if end is STAY and arrow.state is State else ""
            edges.setdefault((_node(arrow.state), _node(reached)), []).append(label + stays)
    for (start, target), labels in edges.items():
        yield f"    {start} --> {target}: {'<br/>'.join(labels)}"


def _table(arrows: list[Arrow]) -> Iterator[str]:
    yield "| in | on | what happens | goes to |"
    yield "|---|---|---|---|"
    for arrow in arrows:
        when = ", ".join(_trigger(trigger) for trigger in arrow.triggers)
        if arrow.guard:
            when += f" ({arrow.guard})"
        ends = ", ".join("stays" if end is STAY else _name(end) for end in arrow.ends)
        yield f"| {_name(arrow.state)} | {when} | {_first_line(arrow.act)} | {ends} |"


def _questions(dialog: Dialog) -> Iterator[str]:
    yield "| state | its question |"
    yield "|---|---|"
    asked: tuple[tuple[str, dict[type[State], Question]], ...] = (("", dialog.questions), (", again", dialog.reminders))
    for again, questions in asked:
        for state, ask in questions.items():
            yield f"| {_name(state)}{again} | {_first_line(ask)} |"


def _index() -> str:
    lines = [
        "# Dialogs",
        "",
        "One page a dialog, made from its rules by `python -m bot.diagrams` and compared in the tests: do not edit.",
        "",
        '"press" is a button or its words, "says" an intent that was understood, "flag" something else a text reveals;',
        "everything else is an event. A rule of a state comes before one of any state; danger, rights, a stop and the",
        "wish for a person come before both.",
        "",
        "| dialog | what it is about |",
        "|---|---|",
    ]
    for dialog in DIALOGS:
        title = (import_module(f"flows.dialogs.{dialog.name}").__doc__ or "").strip().partition("\n\n")[0]
        lines.append(f"| [{dialog.name}]({dialog.name}.md) | {title} |")
    return "\n".join(lines) + "\n"


def _node(state: type[State]) -> str:
    return "AnyState" if state is State else state.__name__


def _name(state: type[State]) -> str:
    return "any state" if state is State else state.name


def _trigger(trigger: Trigger) -> str:
    match trigger:
        case Choice():
            return f"press {_words(trigger.name)}"
        case Intent():
            return f"says {_words(trigger.name)}"
        case Flag():
            return f"flag {_words(trigger.name)}"
        case _:
            return _words(re.sub(r"(?<!^)(?=[A-Z])", " ", trigger.__name__))


def _words(name: str) -> str:
    return name.lower().replace("_", " ")


def _first_line(what: object) -> str:
    lines = (what.__doc__ or "").strip().splitlines()
    return lines[0] if lines else ""


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Compare, write nothing, and fail where a page is stale.")
@click.option("--folder", type=click.Path(path_type=Path), default=PAGES, help="Where the pages are.")
def main(*, only_check: bool, folder: Path) -> None:
    """Draw the dialogs as pages with diagrams. Example: python -m bot.diagrams --check."""
    if not only_check:
        for page in write(folder):
            click.echo(page)
        return
    outdated = stale(folder)
    for page in outdated:
        click.echo(f"{page} is stale: {REMEDY}", err=True)
    if outdated:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
