"""`recare simulate`: months of a clinic with synthetic patients, through the real code, and every law checked."""

import json
import logging
import sys
from collections.abc import Mapping

import click

from bot.cli.charts import Style, bar, style_of
from bot.cli.counts import counted
from bot.cli.demo import rehearsal_folder
from bot.cli.opening import json_option, speaking_plainly
from bot.rehearsal.simulation.report import Funnel, Report
from bot.rehearsal.simulation.run import simulate

MOST_SHOWN = 5
LAW_WIDTH = 42


@click.command(name="simulate", epilog="Example: recare simulate --patients 300 --days 365 --seed 7")
@click.option("--patients", type=click.IntRange(1, 100_000), default=300, show_default=True, help="How many patients.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How many days pass.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same result.")
@click.option("--plain", is_flag=True, help="Draw with plain signs.")
@json_option
def command(patients: int, days: int, seed: int, *, plain: bool, as_json: bool) -> None:
    """Let synthetic patients live with the programme: what comes of it, and whether every law held.

    They run through the real code with a clock that leaps, in .recare/, which is removed at the end. What each kind of
    patient does is assumed; the figures show how the programme works, not what it will bring. Exit code 1 if a law
    was broken.
    """
    # A house of its own speaks of each alert; whoever waits for figures wants its failures only.
    logging.getLogger().setLevel(logging.ERROR)
    watched = click.progressbar(
        length=days, label=f"{counted(patients, 'patient')}, {counted(days, 'day')}", file=sys.stderr
    )
    with rehearsal_folder() as folder, speaking_plainly(), watched as progress:
        report = simulate(folder, patients=patients, days=days, seed=seed, day_is_over=lambda: progress.update(1))
    if as_json:
        click.echo(json.dumps(report.as_data(), indent=2, ensure_ascii=False))
    else:
        _print(report, style_of(plain=plain))
    if report.broken:
        click.get_current_context().exit(1)


def _print(report: Report, style: Style) -> None:
    people, days = counted(report.patients, "synthetic patient"), counted(report.days, "day")
    click.echo(f"{people}, {days}, seed {report.seed}\n")
    _print_funnel(report.funnel, style)
    click.echo("\nBy temperament       people  contacted  answered  booked  kept")
    for name, funnel in report.by_temperament.items():
        click.echo(
            f"  {name:<16} {funnel.people:>8} {funnel.contacted:>10} {funnel.answered:>9}"
            f" {funnel.booked:>7} {funnel.kept:>5}"
        )
    _print_counts("Left by itself, by purpose", report.sent, style)
    _print_counts("Calls, and what became of the worklist", report.by_hand, style)
    _print_counts("Visits", report.visits, style)
    _print_counts("Stops, and what staff were asked to see to", report.turned_away, style)
    _print_counts("Refused by the gate (people by reason)", report.refused, style)
    _print_counts("Not due at the end, by the first reason", report.left_out, style)
    _print_counts("Planned, and did not leave", report.put_off, style)
    _print_laws(report)


def _print_funnel(funnel: Funnel, style: Style) -> None:
    stages = {
        "patients": funnel.people,
        "reached": funnel.reached,
        "contacted": funnel.contacted,
        "answered": funnel.answered,
        "booked": funnel.booked,
        "kept": funnel.kept,
    }
    for name, count in stages.items():
        share = (
            f"{count / funnel.contacted:>5.0%} of the contacted"
            if name in {"answered", "booked", "kept"} and funnel.contacted
            else ""
        )
        click.echo(f"  {name:<10} {count:>7}  {bar(count, funnel.people, style):<40} {share}".rstrip())


def _print_counts(title: str, counts: Mapping[str, int], style: Style) -> None:
    if not counts:
        return
    click.echo(f"\n{title}")
    most = max(counts.values())
    for name, count in counts.items():
        click.echo(f"  {name:<22} {count:>7}  {bar(count, most, style)}".rstrip())


def _print_laws(report: Report) -> None:
    click.echo(f"\nLaws held against what is stored: {len(report.laws)}, broken: {len(report.broken)}")
    for law in report.laws:
        verdict = f"BROKEN {counted(len(law.broken), 'time')}" if law.broken else "held"
        click.echo(f"  {law.law:<{LAW_WIDTH}} {counted(law.cases, 'case'):>14}  {verdict}")
        for broken in law.broken[:MOST_SHOWN]:
            click.echo(f"      {broken}")
