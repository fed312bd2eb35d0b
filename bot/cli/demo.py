"""`recare demo`: the whole path, rehearsed in a browser with synthetic patients."""

import asyncio
import signal
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from bot.cli.opening import speaking_plainly
from bot.errors import RecareError
from bot.logs import write_logs
from bot.rehearsal.folder import own_folder
from bot.rehearsal.stage import rehearse
from flows.vocabulary import Language

FOLDER = Path(".recare")


@click.command(name="demo", epilog="Example: recare demo --port 8090 --lang fr")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port on this machine.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser; print the address only.")
@click.option(
    "--lang",
    "language",
    type=click.Choice([each.value for each in Language]),
    default="en",
    show_default=True,
    help="Language of the stage.",
)
def command(port: int, language: str, *, no_browser: bool) -> None:
    """Rehearse with synthetic patients: their phones and the desk side by side, and a clock you move.

    Nothing leaves this machine; what the rehearsal writes lies in .recare/ and is removed at the end.
    """
    write_logs()
    url = f"http://127.0.0.1:{port}/?lang={language}"

    def ready() -> None:
        click.echo(f"The rehearsal is on: {url}  (Ctrl-C ends it)")
        if not no_browser:
            # Some browsers let one wait, and the page they ask for meanwhile comes from here.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    _end_in_order()
    with rehearsal_folder() as folder, speaking_plainly():
        asyncio.run(rehearse(folder=folder, port=port, ready=ready))


def _end_in_order() -> None:
    """Let whoever ends the rehearsal while its stage is still being set end it as Ctrl-C does, folder and all."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_DFL:
            signal.signal(each, signal.default_int_handler)


@contextmanager
def rehearsal_folder() -> Iterator[Path]:
    """Lend a rehearsal a folder of its own in .recare/, gone at the end. Raises RecareError if none can be made."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(own_folder(FOLDER))
        except OSError as failure:
            place = FOLDER.resolve()
            message = f"{place} cannot be written: {failure.strerror}; start the rehearsal in a folder of yours"
            raise RecareError(message) from failure
        yield folder
