"""`recare invites`: cards, letters, lists for a mail merge and e-mails for those whom no messenger reaches yet."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from bot.channels.email import read_reports
from bot.cli.invite_orders import (
    Order,
    check_page_public,
    check_public,
    is_hidden,
    looking,
    on_paper,
    wanted_of,
    write_batch,
    writer_of,
)
from bot.cli.invite_report import CardsReport, Report, print_bounces
from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.errors import RecareError
from bot.invites import WritableFile, cards_pdf, letters_pdf, merge_csv
from bot.services.bouncing import Outcome, take_bounce
from bot.services.invitations import Letter
from bot.services.invite_batches import (
    batch_name,
    make_cards,
    plan_mails,
)
from bot.services.inviting import Chosen, Wanted, choose, leaves_at, named
from bot.services.judging import is_signed
from flows.outreach.hours import day_begins
from flows.vocabulary import Channel
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork

MOST = 1000
DEFAULT = 200
DAY = click.DateTime(formats=["%Y-%m-%d"])

numbers_argument = click.argument("numbers", nargs=-1)
limit_option = click.option(
    "--limit", type=click.IntRange(1, MOST), default=DEFAULT, show_default=True, help="How many at most."
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Show how many would be made; make and record nothing.")
released_option = click.option(
    "--released-by",
    metavar="NAME",
    help="The dentist or manager who went through the batch, where the policy wants somebody to.",
)


def _out_option(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path(default),
        show_default=True,
        help="The new file. It holds personal links: print it, then delete it.",
    )


def _json_of_what(context: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's call
    if asked:
        message = "--json goes behind what to make: `recare invites cards NUMBER... --json`; only cards print links"
        raise click.UsageError(message, context)


@click.group(name="invites", epilog="Example: recare invites letters --dry-run")
@click.option("--json", is_flag=True, hidden=True, is_eager=True, expose_value=False, callback=_json_of_what)
def command() -> None:
    """Invite those whom no messenger reaches yet. Each link is personal, opens once, and expires."""


@command.command(epilog="Example: recare invites cards --day 2026-11-24 --out tuesday.pdf")
@numbers_argument
@click.option("--day", type=DAY, help="Cards for everybody who has a visit booked on this day.")
@_out_option("cards.pdf")
@json_option
@clinic_option
def cards(numbers: tuple[str, ...], clinic_file: Path, day: datetime | None, out: Path, *, as_json: bool) -> None:
    """Make cards with a QR code, to be handed over at the counter to the patients with these NUMBERS."""
    if bool(numbers) == (day is not None):
        message = "name patients by their numbers, or a day with --day"
        raise click.UsageError(message, click.get_current_context())
    with opened(clinic_file) as house, WritableFile.open(out) as file:
        check_public(house)
        now = house.clock.now()
        with house.database.unit_of_work(house.clinic.id) as uow:
            patients = named(uow, numbers) if day is None else _visitors(uow, house, day)
            name = batch_name("cards", house.clinic, now)
            batch = make_cards(uow, house.clinic, writer_of(house), patients, name, now)
            uow.commit()
        country = house.settings.clinic.country
        write_batch(house, file, batch, lambda made: cards_pdf(made, country=country, now=now))
        CardsReport(
            day=None if day is None else day.date(),
            batch=batch.name,
            asked=len(patients),
            made=len(batch.invitations),
            file=out,
            links={card.number: card.link for card in batch.invitations},
        ).show(as_json=as_json)


@command.command(epilog="Example: recare invites letters --out letters.pdf --limit 50")
@numbers_argument
@limit_option
@_out_option("letters.pdf")
@released_option
@dry_run_option
@json_option
@clinic_option
def letters(
    numbers: tuple[str, ...],
    clinic_file: Path,
    limit: int,
    out: Path,
    released_by: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write letters for window envelopes to everybody due and permitted, or to those with these NUMBERS."""

    def render(house: Opened, made: Sequence[Letter], now: datetime) -> bytes:
        return letters_pdf(made, country=house.settings.clinic.country, now=now)

    order = Order(what="letters", numbers=numbers, limit=limit, out=out, released_by=released_by, render=render)
    on_paper(clinic_file, order, dry_run=dry_run, as_json=as_json)


@command.command(name="csv", epilog="Example: recare invites csv --out merge.csv")
@numbers_argument
@limit_option
@_out_option("merge.csv")
@released_option
@dry_run_option
@json_option
@clinic_option
def as_csv(
    numbers: tuple[str, ...],
    clinic_file: Path,
    limit: int,
    out: Path,
    released_by: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """List the same people with their links, for letters that another program writes. It counts as sent, too."""

    def render(_house: Opened, made: Sequence[Letter], _now: datetime) -> bytes:
        return merge_csv(made)

    order = Order(what="csv", numbers=numbers, limit=limit, out=out, released_by=released_by, render=render)
    on_paper(clinic_file, order, dry_run=dry_run, as_json=as_json)


@command.command(epilog="Example: recare invites email --limit 50")
@numbers_argument
@limit_option
@dry_run_option
@json_option
@clinic_option
def email(numbers: tuple[str, ...], clinic_file: Path, limit: int, *, dry_run: bool, as_json: bool) -> None:
    """Plan e-mails to everybody due and permitted, or to those with these NUMBERS; `recare run` sends them."""
    with opened(clinic_file) as house:
        now = house.clock.now()
        wanted = wanted_of(house, "email", Channel.EMAIL, numbers, limit, now)
        at = leaves_at(house.clinic, Channel.EMAIL, now)
        if dry_run:
            with house.database.reading(house.clinic.id) as uow:
                chosen = _choose_mails(uow, house, wanted, now, as_json=True)
            Report.of(wanted, chosen, made=len(chosen.going), dry_run=True).show(as_json=as_json)
            return
        check_page_public(house)
        if house.settings.mail is None:
            raise RecareError(f"{house.file}: there is no [mail]; `recare init` writes one to copy from")
        with house.database.unit_of_work(house.clinic.id) as uow:
            chosen = _choose_mails(uow, house, wanted, now, as_json=as_json)
            planned = plan_mails(uow, chosen, wanted.batch, now)
            uow.commit()
        Report.of(wanted, chosen, made=planned, at=at.astimezone(house.clinic.zone)).show(as_json=as_json)


@command.command(epilog="Example: recare invites bounces ~/Maildir/.Bounces")
@click.argument("path", type=click.Path(path_type=Path))
@dry_run_option
@json_option
@clinic_option
def bounces(path: Path, clinic_file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Read the delivery reports at PATH (mbox, Maildir, folder of .eml files, one mail): close what reaches nobody."""
    if not path.exists():
        raise RecareError(f"{path}: there is no such file or folder; name what your mail program wrote")
    found: Counter[Outcome] = Counter()
    hidden = is_hidden(as_json=as_json)
    with opened(clinic_file) as house:
        # All is read before anything is written: one mail made to be slow must not keep others from the database.
        with click.progressbar(read_reports(path), label="Mails", hidden=hidden, file=sys.stderr) as bar:
            reports = list(bar)
        with house.database.unit_of_work(house.clinic.id) as uow:
            for report in reports:
                found.update(take_bounce(uow, house.clinic, bounce, house.clock.now()) for bounce in report)
            if not dry_run:
                uow.commit()
    print_bounces(len(reports), found, dry_run=dry_run, as_json=as_json)


def _choose_mails(uow: UnitOfWork, house: Opened, wanted: Wanted, now: datetime, *, as_json: bool) -> Chosen:
    if not is_signed(uow, house.clinic):
        raise RecareError("the policy is not signed, so nothing may leave; see `recare policy sign --help`")
    with looking(as_json=as_json) as told:
        return choose(uow, house.clinic, wanted, now, progress=told)


def _visitors(uow: UnitOfWork, house: Opened, day: datetime) -> list[Patient]:
    began = day_begins(day.date(), house.clinic.zone)
    ends = day_begins(day.date() + timedelta(days=1), house.clinic.zone)
    patient_ids = uow.invites.visitors(since=began, until=ends)
    people = uow.patients.get_many(patient_ids)
    in_a_chat = uow.invites.in_a_chat(patient_ids)
    return [people[who] for who in patient_ids if who in people and who not in in_a_chat]
