"""`recare key`: a new key that seals patients' data."""

import base64
import secrets

import click

from bot.settings.reading import KEY_BYTES


@click.command(epilog='Example: export RECARE_KEY="$(recare key)"')
def command() -> None:
    """Print a new key for RECARE_KEY. Keep it safe: without it, nothing stored can be read again."""
    click.echo(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode())
