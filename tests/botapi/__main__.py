"""The Bot API server as a program, for a house on the same machine: says where it is and what its bots' tokens are.

python -m tests.botapi --port 8081 --bot example_recall_bot --desk example_desk_bot
"""

import argparse
import asyncio
import secrets
import signal

import click

from tests.botapi.api import MOST_FIRST, bot_api

HIGHEST_PORT = 65535


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= HIGHEST_PORT:
        raise ValueError
    return port


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read what is to be served; None: as the program was called."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=_port, default=0, help="on 127.0.0.1; default: any free one")
    parser.add_argument("--bot", default="example_recall_bot", help="username of the patients' bot")
    parser.add_argument("--desk", default="example_desk_bot", help="username of the staff's bot")
    return parser.parse_args(arguments)


async def serve(port: int, patients: str, desk: str) -> None:
    """Serve two bots until cancelled."""
    # A clinic that was tried with an earlier one would take the same numbers for what it has heard already.
    async with bot_api(port=port, first=secrets.randbelow(MOST_FIRST)) as api:
        for line in (
            "# in clinic.toml",
            "[telegram]",
            f'api_base = "{api.base}"',
            f'username = "{patients}"',
            f'desk_username = "{desk}"',
            "",
            "# in the shell (Ctrl-C here ends it; the tokens are good until then)",
            f"export RECARE_TELEGRAM_TOKEN={api.bot(patients).token}",
            f"export RECARE_DESK_TOKEN={api.bot(desk, sees_all=True).token}",
        ):
            click.echo(line)
        await asyncio.Event().wait()


def main() -> None:
    """Run it."""
    asked = read_arguments()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts behind itself would ignore it
    try:
        asyncio.run(serve(asked.port, asked.bot, asked.desk))
    except KeyboardInterrupt:
        return
    except OSError as taken:
        raise SystemExit(f"port {asked.port} cannot be used: {taken.strerror}; name another with --port") from None


if __name__ == "__main__":
    main()
