"""How the `invites` commands carry an order out: chosen, recorded, written to its file, and reported.

The batch is recorded before its file is written: where the file fails, the outbox says that nothing left.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from bot.cli.invite_report import Report
from bot.cli.opening import Opened, opened
from bot.errors import RecareError
from bot.invites import WritableFile
from bot.services.invitations import InvitationWriter, Letter
from bot.services.invite_batches import Batch, Made, batch_name, make_letters, not_written, written
from bot.services.inviting import Chosen, Wanted, choose
from bot.services.people import voice_of
from bot.services.releasing import MAY_RELEASE
from bot.services.staff import member_called
from bot.settings.values import LOOPBACK
from bot.wording import Catalogue, Wording
from flows.ids import StaffId
from flows.vocabulary import Channel
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is asked for on paper, and how it is written. released_by: who went through it, by name."""

    what: str
    numbers: tuple[str, ...]
    limit: int
    out: Path
    released_by: str | None
    render: Callable[[Opened, Sequence[Letter], datetime], bytes]


def on_paper(clinic_file: Path, order: Order, *, dry_run: bool, as_json: bool) -> None:
    """Carry an order on paper out, or only tell how many it would reach. Raises RecareError."""
    with opened(clinic_file) as house:
        now = house.clock.now()
        wanted = wanted_of(house, order.what, Channel.LETTER, order.numbers, order.limit, now)
        if dry_run:
            with house.database.unit_of_work(house.clinic.id) as uow:
                # All is asked and made as it would be, and nothing of it is kept.
                chosen, batch = _made(uow, house, order, wanted, now, as_json=True)
            Report.of(wanted, chosen, made=len(batch.invitations), dry_run=True).show(as_json=as_json)
            return
        check_public(house)
        with WritableFile.open(order.out) as file:
            with house.database.unit_of_work(house.clinic.id) as uow:
                chosen, batch = _made(uow, house, order, wanted, now, as_json=as_json)
                uow.commit()
            write_batch(house, file, batch, lambda made: order.render(house, made, now))
        Report.of(wanted, chosen, made=len(batch.invitations), file=order.out).show(as_json=as_json)


def write_batch(
    house: Opened, file: WritableFile, batch: Batch[Made], render: Callable[[Sequence[Made]], bytes]
) -> None:
    """Write the file, and say in the outbox what became of it."""
    if not batch.invitations:
        return
    try:
        file.write(render(batch.invitations))
    except BaseException:
        with house.database.unit_of_work(house.clinic.id) as uow:
            not_written(uow, batch)
            uow.commit()
        raise
    with house.database.unit_of_work(house.clinic.id) as uow:
        written(uow, batch, house.clock.now())
        uow.commit()


def wanted_of(
    house: Opened, what: str, channel: Channel, numbers: tuple[str, ...], limit: int, now: datetime
) -> Wanted:
    """Name the batch and whom it is for: everybody due, or those with these numbers; `limit` at most."""
    return Wanted(batch=batch_name(what, house.clinic, now), channel=channel, numbers=numbers, limit=limit)


def writer_of(house: Opened) -> InvitationWriter:
    """Make what words the clinic's invitations."""
    return InvitationWriter(Wording(catalogue=Catalogue.load(), clinic=voice_of(house.clinic)), house.clinic)


def check_public(house: Opened) -> None:
    """A link that opens on this machine alone must not be printed; one that leads to the bot opens anywhere."""
    bot = house.settings.telegram
    if bot is None or bot.username is None or bot.links == "web":
        check_page_public(house)


def check_page_public(house: Opened) -> None:
    """What an e-mail needs, wherever its invitation leads: the page that ends such e-mails."""
    url = house.settings.web.public_url
    if urlsplit(url).hostname in LOOPBACK:
        raise RecareError(
            f"{house.file}: [web] public_url is {url}, which nobody else can open; set the public address"
        )


def is_hidden(*, as_json: bool) -> bool:
    """Nobody looks at a progress bar in a file or a program, and an error is to be the only line there."""
    return as_json or not sys.stderr.isatty()


def _made(
    uow: UnitOfWork, house: Opened, order: Order, wanted: Wanted, now: datetime, *, as_json: bool
) -> tuple[Chosen, Batch[Letter]]:
    with looking(as_json=as_json) as told:
        chosen = choose(uow, house.clinic, wanted, now, progress=told)
    who, writer = _who(uow, order.released_by), writer_of(house)
    return chosen, make_letters(uow, house.clinic, writer, chosen, wanted.batch, now, released_by=who)


def _who(uow: UnitOfWork, name: str | None) -> StaffId | None:
    if name is None:
        return None
    member = member_called(uow, name)
    if member.role not in MAY_RELEASE:
        raise RecareError(f"{member.name} is {member.role.value}; a dentist or a manager releases a batch")
    return member.id


@contextmanager
def looking(*, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far the choice of patients is; yields what is told: how many are done, of how many."""
    with click.progressbar(length=0, label="Patients", hidden=is_hidden(as_json=as_json), file=sys.stderr) as bar:

        def told(done: int, of_all: int) -> None:
            bar.length = of_all
            bar.update(done - bar.pos)

        yield told
