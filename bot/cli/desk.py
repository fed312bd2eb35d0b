"""`recare desk`: the forum group in which staff work, beside the desk in the browser."""

import json
from pathlib import Path

import click

from bot.cli.counts import counted
from bot.cli.opening import clinic_option, json_option, opened, telegram_of
from bot.errors import RecareError
from bot.services.desk_report import DeskReport, report_desk, standing_of
from bot.services.topic_links import group_code

NO_GROUP = "No group is linked: staff work in the browser. `recare desk link` prints a line that links one."


@click.group(name="desk", epilog="Example: recare desk link")
def command() -> None:
    """Let staff work in a group of their messenger, with one topic for each patient who needs them.

    The desk in the browser shows the same at the same time, and goes on whatever becomes of the group.
    """


@command.command(epilog="Example: recare desk link")
@json_option
@clinic_option
def link(clinic_file: Path, *, as_json: bool) -> None:
    """Print a line with a code that links a group, once, within an hour, in place of any other.

    The group needs Topics switched on, and the staff's bot as an administrator who may manage topics (and delete
    messages, so that an erased patient goes from the group too).
    """
    with opened(clinic_file) as house:
        telegram_of(house)
        with house.database.unit_of_work(house.clinic.id) as uow:
            made = group_code(uow, house.clock.now())
            uow.commit()
    send = f"/link {made.code}"
    if as_json:
        _print_json({"code": made.code, "command": send, "expires": made.expires_at.isoformat()})
    else:
        click.echo(f"Write this line into the group, within an hour and while `recare run` runs:\n{send}")


@command.command(epilog="Example: recare desk show")
@json_option
@clinic_option
def show(clinic_file: Path, *, as_json: bool) -> None:
    """Show which group is linked, what keeps it from working, and who of the staff is known there."""
    with opened(clinic_file) as house, house.database.reading(house.clinic.id) as uow:
        report = report_desk(uow)
    if as_json:
        _print_json(_data(report))
    else:
        click.echo("\n".join(_text(report)))


@command.command(epilog="Example: recare desk unlink")
@clinic_option
def unlink(clinic_file: Path) -> None:
    """Let nothing more be posted into the group. What stands there stays; staff work on in the browser."""
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        if not uow.desk_groups.unlink():
            raise RecareError("no group is linked; `recare desk show` tells how the desk stands")
        uow.commit()
    click.echo("The group is linked no more; `recare desk link` prints a line that links another, or the same again.")


def _data(report: DeskReport) -> dict[str, object]:
    group = report.group
    return {
        "state": standing_of(group),
        "remedy": report.remedy,
        # Programs that read numbers as JavaScript does would round an id.
        "group": None
        if group is None
        else {
            "id": str(group.chat_id),
            "title": group.title,
            "linked": group.linked_at.isoformat(),
            "problem_since": None if group.problem_at is None else group.problem_at.isoformat(),
        },
        "topics": {
            "open": report.topics.open,
            "uncertain": report.topics.uncertain,
            "texts_waiting": report.topics.waiting,
        },
        "staff": [{"name": each.name, "role": each.role, "connected": each.connected} for each in report.colleagues],
    }


def _text(report: DeskReport) -> list[str]:
    group, topics = report.group, report.topics
    if group is None:
        return [NO_GROUP]
    lines = [f"{group.title} is linked since {group.linked_at:%Y-%m-%d}: {counted(topics.open, 'open topic')}."]
    if group.problem_at is not None:
        lines.append(f"Nothing can be posted since {group.problem_at:%Y-%m-%d %H:%M} UTC: {report.remedy}.")
        lines.append("Until then staff have the desk in the browser; what is missing is posted afterwards.")
    if topics.uncertain:
        said = counted(topics.uncertain, "topic")
        lines.append(f"Of {said} it is not known whether everything arrived; the desk in the browser shows all.")
    for each in report.colleagues:
        known = "" if each.connected else f'not known there: `recare staff telegram "{each.name}"`'
        lines.append(f"{each.name[:40]:<40}  {each.role.value:<9}  {known}".rstrip())
    return lines


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
