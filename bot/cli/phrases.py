"""`recare phrases`: the phrases from which understanding is learnt, and what staff said of what was understood."""

import click

from bot.cli.phrases_check import check
from bot.cli.phrases_corrections import corrections


@click.group(name="phrases", epilog="Example: recare phrases check")
def command() -> None:
    """Look after the phrases from which understanding is learnt."""


command.add_command(check)
command.add_command(corrections)
