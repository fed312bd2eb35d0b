"""`recare phrases corrections`: what staff said a text meant, where it was understood otherwise; for review only."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.counts import counted
from bot.cli.opening import clinic_option, json_option, opened
from storage.records.corrections import Correction
from storage.unit_of_work import UnitOfWork

AT_ONCE = 500


@click.command(name="corrections", epilog="Example: recare phrases corrections --json")
@json_option
@clinic_option
def corrections(clinic_file: Path, *, as_json: bool) -> None:
    """List what staff said a text meant, without names and numbers, for review.

    They teach nothing by themselves: whoever reviews them writes phrases of their own. Writes nothing.
    """
    with opened(clinic_file) as house, house.database.reading(house.clinic.id) as uow:
        kept = list(_all(uow))
        names = uow.staff.names()
        zone = house.clinic.zone
    if as_json:
        click.echo(json.dumps([_data(each) for each in kept], indent=2, ensure_ascii=False))
        return
    if not kept:
        click.echo("Nothing was corrected yet. Staff correct beside a message at their desk.")
        return
    for each in kept:
        click.echo(_line(each, names.get(each.staff_id, str(each.staff_id)), zone))
    click.echo(f"{counted(len(kept), 'correction')}.")


def _all(uow: UnitOfWork) -> Iterator[Correction]:
    after = 0
    while page := uow.corrections.page(limit=AT_ONCE, after_id=after):
        yield from page
        after = page[-1].id


def _line(each: Correction, by: str, zone: ZoneInfo) -> str:
    at = each.at.astimezone(zone)
    taken = each.understood.value if each.sure else f"{each.understood.value}?"
    language = each.language.value if each.language else "--"
    return f"{at:%Y-%m-%d %H:%M}  {language}  {taken} -> {each.meant.value}  {each.text}  ({by})"


def _data(each: Correction) -> Mapping[str, object]:
    return {
        "at": each.at.isoformat(),
        "staff": str(each.staff_id),
        "language": each.language.value if each.language else None,
        "text": each.text,
        "understood": each.understood.value,
        "sure": each.sure,
        "meant": each.meant.value,
    }
