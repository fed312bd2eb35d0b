"""`recare import`: a list of patients from the practice's software."""

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.counts import counted
from bot.cli.opening import clinic_option, json_option, opened
from bot.errors import RecareError
from bot.services.importing import read_list, store_list
from storage.imports.dates import DateOrder
from storage.imports.problems import Problem, Severity
from storage.imports.report import ImportReport

LARGEST_FILE = 256 * 1024 * 1024
SHOWN = 40
HEADLINES = {
    Severity.ERROR: "Rows that were refused, so that their patients did not come in",
    Severity.WARNING: "Cells to put right; their patients came in, without what could not be read",
}


@click.command(name="import", epilog="Example: recare import patients.csv --dry-run")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what would happen; change nothing.")
@click.option(
    "--date-order",
    type=click.Choice([order.value for order in DateOrder]),
    help="How dates like 03/04/2024 are meant, where the list leaves it open.",
)
@click.option("--all", "show_all", is_flag=True, help="List every problem, not only the first ones.")
@json_option
@clinic_option
def command(
    file: Path, date_order: str | None, clinic_file: Path, *, dry_run: bool, show_all: bool, as_json: bool
) -> None:
    """Read the patients in FILE (UTF-8 CSV with a header line). All of it or nothing; a second run changes nothing."""
    data = _read(file)
    with opened(clinic_file) as house:
        now = house.clock.now()
        order = DateOrder(date_order) if date_order else None
        # Read before the transaction begins: a recare that is serving waits for no more than the storing.
        parsed = read_list(data, house.clinic, now, source=str(file), date_order=order)
        with (
            house.database.unit_of_work(house.clinic.id) as uow,
            click.progressbar(
                length=len(parsed.patients),
                label="Patients",
                hidden=as_json or not sys.stderr.isatty(),
                file=sys.stderr,
            ) as bar,
        ):
            report = store_list(uow, house.clinic, parsed, now, progress=lambda done, _all: bar.update(done - bar.pos))
            if not dry_run:
                uow.commit()
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(report) | {"dry_run": dry_run}, indent=2, ensure_ascii=False))
    else:
        _print(report, dry_run=dry_run, limit=len(report.problems) if show_all else SHOWN)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise RecareError(f"{file}: larger than 256 MB; split the list")
        return file.read_bytes()
    except OSError as failure:
        raise RecareError(f"{file}: cannot be read: {failure.strerror}; name a file you may read") from failure


def _print_problems(problems: Sequence[Problem], limit: int) -> None:
    for problem in problems[:limit]:
        click.echo(f"  {problem}")
    if len(problems) > limit:
        click.echo(f"  ... and {len(problems) - limit} more (--all lists them)")
    click.echo("")


def _print(report: ImportReport, *, dry_run: bool, limit: int) -> None:
    for severity, what in HEADLINES.items():
        found = [problem for problem in report.problems if problem.severity is severity]
        if found:
            click.echo(f"{what}: {len(found)}")
            _print_problems(found, limit)
    if report.unused:
        click.echo(f"Columns not read: {', '.join(report.unused)}")
    click.echo(
        f"{counted(report.rows, 'row')}: {report.created} new, {report.updated} changed, {report.unchanged} unchanged, "
        f"{report.refused} refused."
    )
    click.echo(
        f"New in the ledger: {report.permitted} may be written to about recall, {report.denied} may not. "
        f"In the calendar: {counted(report.booked, 'appointment')} made elsewhere."
    )
    if report.cancelled:
        gone = counted(report.cancelled, "appointment")
        click.echo(f"Out of the calendar: {gone} made elsewhere that the list no longer has.")
    if report.erased:
        click.echo(f"Left alone: {counted(report.erased, 'row')} of patients who were erased here.")
    if dry_run:
        click.echo("A dry run: nothing was changed.")
