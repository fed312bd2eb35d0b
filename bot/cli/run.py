"""`recare run`: patients' pages, the desk, and whatever is due."""

import asyncio
import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from bot.app import House, build_house, build_web_of, serve
from bot.app.listening import Listening
from bot.cli.opening import clinic_option, read_key, speaking_plainly
from bot.clocks import SystemClock
from bot.logs import write_logs
from bot.services.judging import is_signed
from bot.settings import (
    BotTokens,
    ClinicSettings,
    read_bot_tokens,
    read_clinic,
    read_ledger_key_version,
    read_smtp_password,
)
from bot.settings.policies import read_book
from bot.understanding import load_understander
from bot.web.serving import closing, listen
from flows.outreach.facts import Mode
from storage.claims import claiming
from storage.database import Database

log = logging.getLogger(__name__)
NOT_SIGNED = "The policy is not signed: nothing is sent by itself until `recare policy sign` (see its --help)."
SHARED = "another recare runs on these data already; end one of them (PostgreSQL is for more than one process)"


@click.command(name="run", epilog="Example: recare run --port 8080")
@click.option("--host", help="Address to listen on; default: [web] host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: [web] port.")
@clinic_option
def command(host: str | None, port: int | None, clinic_file: Path) -> None:
    """Serve patients' pages and the desk, and send, remind and check in as it falls due. Stop it with Ctrl-C."""
    # The ledger's daily seal is worth most outside of the database: in the log.
    write_logs(own=logging.INFO)
    settings = read_clinic(clinic_file)
    key, ledger_key_version = read_key(settings, clinic_file), read_ledger_key_version(os.environ)
    smtp_password = read_smtp_password(os.environ, settings)
    tokens = read_bot_tokens(os.environ, settings)
    policies = read_book(settings, clinic_file.parent)
    clock = SystemClock()
    where, gate = host or settings.web.host, port or settings.web.port
    url = settings.database_url(clinic_file.parent)

    with closing(listen(where, gate)) as socket, claiming(url) as alone, speaking_plainly():
        if not alone:
            log.warning(SHARED)
        database = Database.open(
            url,
            master_key=key,
            clock=clock.now,
            ledger_key_version=ledger_key_version,
        )
        database.migrate()
        build = partial(
            build_house,
            settings=settings,
            policies=policies,
            database=database,
            clock=clock,
            mode=Mode.LIVE,
            smtp_password=smtp_password,
            understander=load_understander(),
        )
        house, bots = (build(), None) if settings.telegram is None else _with_bots(build, settings, tokens)
        with database.reading(house.clinic.id) as uow:
            signed = is_signed(uow, house.clinic)

        def ready() -> None:
            click.echo(f"recare runs for {settings.clinic.name} on http://{where}:{gate}  (Ctrl-C ends it)")
            if not signed:
                click.echo(NOT_SIGNED)

        asyncio.run(serve(house, build_web_of(house, bots), socket, ready, bots))


def _with_bots(
    build: Callable[..., House], settings: ClinicSettings, tokens: BotTokens
) -> tuple[House, Listening | None]:
    from bot.app.bots import connect_bots, lead_in  # noqa: PLC0415 - Telegram's libraries take seconds to load

    bots = connect_bots(settings, tokens)
    channels = () if bots is None or bots.channel is None else (bots.channel,)
    house = build(channels=channels, board=None if bots is None else bots.board)
    return house, lead_in(house, bots)
