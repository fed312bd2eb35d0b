"""`recare plan --days N`: the coming days as they would go if nobody answered, lived through on a copy.

The JSON it prints is described in docs/rehearsal.md.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from bot.cli.charts import Style, bar
from bot.cli.counts import counted
from bot.cli.opening import Opened
from bot.errors import RecareError
from bot.rehearsal.ahead import Ahead, DayAhead, Foreseen, Window, look_ahead
from bot.rehearsal.folder import own_folder
from bot.settings import read_ledger_key_version, read_master_key
from bot.settings.policies import read_book
from flows.outreach.cadence import Campaign
from flows.outreach.ledger import LedgerEvent
from flows.outreach.verdict import Refusal
from storage.database import Database
from storage.engines import Lasting
from storage.errors import StorageUnavailableError

SCHEMA = 1
COPIES = ".recare"
CHART_WIDTH = 30
WHAT = {
    Campaign.REACTIVATION: "invitation",
    Campaign.REMINDER: "reminder of a visit",
    Campaign.CHECK_IN: "check-in after a visit",
    Campaign.INVITE: "invitation by e-mail",
}


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Read `--at`: a day or a time of the clinic's clock, as 2027-01-25 or 2027-01-25T09:00. Raises RecareError."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        message = (
            f"--at {text!r} is no time; write a day (2027-01-25) or a time (2027-01-25T09:00) of the clinic's clock"
        )
        raise RecareError(message) from None
    at = said if said.tzinfo else said.replace(tzinfo=zone)
    if at < now and at.astimezone(zone).date() != now.astimezone(zone).date():
        message = f"--at {text!r} has passed; what left already stands in the messages themselves (`recare why NUMBER`)"
        raise RecareError(message)
    return at


def foresee(house: Opened, at: datetime, days: int) -> Ahead:
    """Let the coming days pass on a copy beside the clinic's file, which is gone afterwards. Raises RecareError."""
    beside = house.file.parent
    try:
        with own_folder(beside / COPIES) as folder:
            copy = folder / "ahead.sqlite"
            try:
                house.database.copy_to(copy)
            except StorageUnavailableError as wrong:
                message = f"looking ahead needs a copy of the data: {wrong}; `recare plan` without --days needs none"
                raise RecareError(message) from wrong

            def open_copy(clock: Callable[[], datetime]) -> Database:
                return Database.open(
                    f"sqlite:///{copy}",
                    master_key=read_master_key(os.environ),
                    clock=clock,
                    ledger_key_version=read_ledger_key_version(os.environ),
                    lasting=Lasting.THROWN_AWAY,
                )

            policies = read_book(house.settings, beside)
            window = Window(starts_at=at, days=days)
            return look_ahead(open_copy, house.settings, policies, house.clock.now(), window)
    except OSError as failure:
        message = (
            f"{beside} cannot be written: {failure.strerror}; looking ahead needs room there for a copy of the data"
        )
        raise RecareError(message) from failure


def print_ahead(ahead: Ahead, zone: ZoneInfo, why: Mapping[Refusal, str], style: Style) -> None:
    """Print the coming days: what leaves with its words and right, who is left out and why, the load of each day."""
    day = None
    for message in ahead.messages:
        local = message.at.astimezone(zone)
        if local.date() != day:
            day = local.date()
            click.echo(f"\n{local:%A %d %B %Y}")
        _print_message(message, local)
    if not ahead.messages:
        click.echo("No message would leave in these days.")
    _print_days(ahead.days, style)
    _print_reasons("Not due at the beginning, by the first reason", ahead.left_out, why, style)
    _print_reasons("Refused by the gate on the way", ahead.refused, why, style)


def _print_message(message: Foreseen, local: datetime) -> None:
    what = WHAT[message.campaign] + (f" {message.step}" if message.campaign is Campaign.REACTIVATION else "")
    click.echo(f"  {local:%H:%M}  {message.number}  {message.name}  ({what}, {message.channel.value})")
    for line in message.text.splitlines():
        click.echo(f"         {line}".rstrip())
    if message.buttons:
        click.echo(f"         [{'] ['.join(message.buttons)}]")
    click.echo(f"         right: {_right(message.right)}")


def _right(right: LedgerEvent | None) -> str:
    if right is None:
        return "the visit that is booked"
    basis = right.basis.value.replace("_", " ") if right.basis else right.act.value
    return f"{basis} of {right.at:%Y-%m-%d}, by {right.acted_by.value}, collected: {right.collected}"


def _print_days(days: Sequence[DayAhead], style: Style) -> None:
    """The load of each day, and beside it how many visits its free chair time still takes; one scale for both."""
    most = max((max(day.invitations + day.other, day.free) for day in days), default=0)
    click.echo(f"\n{'Day':<12}{'messages':>8}  {'':<{CHART_WIDTH}}  visits that still fit")
    for day in days:
        total = day.invitations + day.other
        sends, fits = bar(total, most, style, width=CHART_WIDTH), bar(day.free, most, style, width=CHART_WIDTH)
        click.echo(f"  {day.day:%a %d %b}{total:>8}  {sends:<{CHART_WIDTH}}  {day.free:>4}  {fits}".rstrip())
    invitations = sum(day.invitations for day in days)
    others, fit = sum(day.other for day in days), sum(day.free for day in days)
    click.echo(
        f"{counted(invitations, 'invitation')}, {counted(others, 'reminder or check-in', 'reminders and check-ins')}; "
        f"{counted(fit, 'visit fits', 'visits fit')}."
    )


def _print_reasons(title: str, reasons: Mapping[Refusal, int], why: Mapping[Refusal, str], style: Style) -> None:
    if not reasons:
        return
    click.echo(f"\n{title}")
    most = max(reasons.values())
    for reason, count in sorted(reasons.items(), key=lambda each: (-each[1], each[0])):
        click.echo(f"  {count:>6}  {bar(count, most, style, width=CHART_WIDTH):<{CHART_WIDTH}}  {why[reason]}")


def as_data(ahead: Ahead, *, policy_signed: bool) -> dict[str, object]:
    """The coming days as JSON data."""
    return {
        "schema": SCHEMA,
        "policy_signed": policy_signed,
        "sending_stopped": ahead.sending_stopped,
        "messages": [_message_as_data(message) for message in ahead.messages],
        "days": [
            {"day": day.day.isoformat(), "invitations": day.invitations, "other": day.other, "free": day.free}
            for day in ahead.days
        ],
        "left_out": {reason.value: count for reason, count in ahead.left_out.items()},
        "refused": {reason.value: count for reason, count in ahead.refused.items()},
    }


def _message_as_data(message: Foreseen) -> dict[str, object]:
    right = message.right
    return {
        "number": message.number,
        "name": message.name,
        "language": message.language,
        "at": message.at.isoformat(),
        "channel": message.channel.value,
        "purpose": message.purpose.value,
        "campaign": message.campaign.value,
        "step": message.step,
        "text": message.text,
        "buttons": list(message.buttons),
        "right": None
        if right is None
        else {
            "id": str(right.id),
            "act": right.act.value,
            "basis": right.basis.value if right.basis else None,
            "acted_by": right.acted_by.value,
            "collected": right.collected,
            "at": right.at.isoformat(),
        },
    }
