"""`recare init`: a clinic.toml to start from."""

from importlib import resources
from pathlib import Path

import click

from bot.errors import RecareError


@click.command(epilog="Example: recare init my-clinic")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def command(folder: Path) -> None:
    """Write clinic.toml into FOLDER (the current one by default); an existing file is left alone."""
    file = folder / "clinic.toml"
    text = (resources.files("bot.settings") / "example.toml").read_text(encoding="utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        message = f"{file} exists already; move it away first"
        raise RecareError(message) from None
    except OSError as failure:
        message = f"{file} cannot be written: {failure.strerror}; choose a folder you may write to"
        raise RecareError(message) from failure
    click.echo(f"Wrote {file}. Next: describe your clinic in it, then set RECARE_KEY (see `recare key --help`).")
