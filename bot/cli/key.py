"""`recare key`: a new key that seals patients' data."""

import base64
import secrets

import click

from bot.settings.reading import KEY_BYTES

EXAMPLE = """\b
Example:
  (umask 077; set -C; recare key > ../.recare-key)   # once
  export RECARE_KEY="$(cat ../.recare-key)"          # in every terminal
"""


@click.command(epilog=EXAMPLE)
def command() -> None:
    """Print a new key for RECARE_KEY, once for a clinic: it seals the patients' data.

    Keep a copy elsewhere: without it nothing stored can be read again, and a second one does not open what the first
    has sealed.
    """
    click.echo(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode())
