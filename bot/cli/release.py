"""`recare release`: batches that the policy lets leave only once a person has gone through them."""

import json
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.counts import counted
from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.cli.why_words import CHANNELS
from bot.errors import RecareError
from bot.services.foretelling import Foretelling
from bot.services.invitations import InvitationWriter
from bot.services.people import voice_of
from bot.services.release_views import BatchView, HeldMessage, Released
from bot.services.releasing import MAY_RELEASE, MOST_SHOWN, open_batch, release, waiting_batches
from bot.services.speaking import Speaker
from bot.services.staff import member_called
from bot.wording import Catalogue, Wording
from storage.unit_of_work import UnitOfWork

batch_argument = click.argument("batch")


@click.group(name="release", epilog="Example: recare release list")
def command() -> None:
    """Go through batches that a person has to let go. What nobody lets go in time is not sent."""


@command.command(name="list", epilog="Example: recare release list")
@json_option
@clinic_option
def list_(clinic_file: Path, *, as_json: bool) -> None:
    """List the batches that wait for a person, the soonest first."""
    with opened(clinic_file) as house, house.database.reading(house.clinic.id) as uow:
        rows = waiting_batches(uow, house.clinic)
        zone = house.clinic.zone
    if as_json:
        data = [{"batch": row.name, "messages": row.count, "from": row.leaves_at.isoformat()} for row in rows]
        click.echo(json.dumps(data, indent=2))
        return
    if not rows:
        click.echo("Nothing waits for a person.")
    for row in rows:
        what, at = counted(row.count, "message"), row.leaves_at.astimezone(zone)
        click.echo(f"{row.name:<28} {what:>15}, from {at:%a %d %b %H:%M} on")


@command.command(epilog="Example: recare release show recall-2026-11-24")
@batch_argument
@json_option
@clinic_option
def show(batch: str, clinic_file: Path, *, as_json: bool) -> None:
    """Show what is in BATCH: who would get what, when, and in which words."""
    with opened(clinic_file) as house, house.database.reading(house.clinic.id) as uow:
        view = _open(house, uow, batch)
        zone = house.clinic.zone
    if as_json:
        click.echo(json.dumps([_as_data(message) for message in view.messages], indent=2, ensure_ascii=False))
        return
    for message in view.messages:
        click.echo(f"{message.number:<10} {message.name[:30]:<30} {_when(message, zone)}  {CHANNELS[message.channel]}")
        click.echo("\n".join(f"    {line}" for line in (message.text or "(no words for it now)").splitlines()))
    if view.row.count > len(view.messages):
        click.echo(f"... and {view.row.count - len(view.messages)} more; they are shown once these are decided about.")


@command.command(epilog='Example: recare release approve recall-2026-11-24 --by "Robin Example" --without 1007')
@batch_argument
@click.option("--by", required=True, metavar="NAME", help="Who answers for it: a dentist or a manager.")
@click.option("--without", "numbers", multiple=True, metavar="NUMBER", help="Leave this patient's message out.")
@json_option
@clinic_option
def approve(batch: str, by: str, numbers: tuple[str, ...], clinic_file: Path, *, as_json: bool) -> None:
    """Let BATCH leave, as `recare release show` shows it, but for those left out, whose messages are taken back."""
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        member = member_called(uow, by)
        if member.role not in MAY_RELEASE:
            message = f"{member.name} is {member.role.value}; a dentist or a manager releases a batch"
            raise RecareError(message)
        view = _open(house, uow, batch)
        shown = [message.id for message in view.messages]
        ticked = [message.id for message in _without(view, numbers)]
        done = release(uow, house.clinic, batch, member.id, shown=shown, ticked=ticked, now=house.clock.now())
    if as_json:
        click.echo(json.dumps({"batch": batch, "released": done.released, "left_out": done.left_out}, indent=2))
        return
    click.echo(_said(done, view))


def _said(done: Released, view: BatchView) -> str:
    more = view.row.count - len(view.messages)
    rest = f" {more} more wait: at most {MOST_SHOWN} are decided about at once." if more else ""
    return f"Released: {done.released}. Left out: {done.left_out}. The gate still decides when each leaves.{rest}"


def _without(view: BatchView, numbers: Iterable[str]) -> list[HeldMessage]:
    there = {message.number for message in view.messages}
    unknown = [number for number in numbers if number not in there]
    if unknown:
        raise RecareError(f"no message of {view.row.name} is for {unknown[0]}; see `recare release show`")
    return [message for message in view.messages if message.number not in frozenset(numbers)]


def _open(house: Opened, uow: UnitOfWork, batch: str) -> BatchView:
    wording = Wording(catalogue=Catalogue.load(), clinic=voice_of(house.clinic))
    foretelling = Foretelling(
        clinic=house.clinic, speaker=Speaker(wording), writer=InvitationWriter(wording, house.clinic)
    )
    view = open_batch(uow, house.clinic, foretelling, batch, house.clock.now())
    if view is None:
        raise RecareError(f"nothing of a batch {batch} waits for a person; `recare release list` shows what does")
    return view


def _when(message: HeldMessage, zone: ZoneInfo) -> str:
    return f"{message.at.astimezone(zone):%a %d %b %H:%M}"


def _as_data(message: HeldMessage) -> dict[str, object]:
    return {
        "message": str(message.id),
        "number": message.number,
        "name": message.name,
        "what": message.what,
        "step": message.step,
        "channel": message.channel,
        "at": message.at.isoformat(),
        "text": message.text,
    }
