"""`recare phrases check`: whether all phrases are whole, and what understands texts was learnt from exactly them."""

from collections.abc import Iterator

import click

from bot.cli.counts import counted
from bot.understanding.checking import Checked, check_phrases
from bot.understanding.phrases import Use


@click.command(name="check", epilog="Example: recare phrases check")
def check() -> None:
    """Read the phrases of every language, and say whether they can be learnt from and measured with.

    Exit code 0: they can; 1: something is wrong, told with its remedy.
    """
    checked = check_phrases()
    click.echo("\n".join(_told(checked)))
    if checked.faults:
        click.get_current_context().exit(1)


def _told(checked: Checked) -> Iterator[str]:
    for language, files in checked.files.items():
        learnt, measured, times = (
            sum(len(file.phrases) for file in files if file.use is Use.TRAINING),
            sum(len(file.phrases) for file in files if file.use is Use.EVALUATION),
            sum(len(file.times) for file in files),
        )
        authors = counted(len({file.author for file in files}), "author")
        yield (
            f"{language.value}: {counted(len(files), 'file')} by {authors}; "
            f"{learnt} to learn from, {measured} to measure with, {times} name times"
        )
    yield from (f"note: {note}" for note in checked.notes)
    yield from (f"error: {fault}" for fault in checked.faults)
    yield f"phrases: {counted(len(checked.faults), 'error')}, {counted(len(checked.notes), 'note')}"
