"""`recare policy`: what messages are sent under, and who vouches for it."""

import json
from pathlib import Path

import click

from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.settings.policies import read_policy, shipped_policies
from flows.outreach.policy import Policy

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@click.group(name="policy", epilog='Example: recare policy sign --by "Dr A. Example"')
def command() -> None:
    """Show, check and sign the policy messages are sent under."""


@command.command(epilog="Example: recare policy show strictest")
@click.argument("name", default="strictest")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Print what the policy NAME allows."""
    policy = read_policy(name)
    if as_json:
        click.echo(json.dumps(_as_data(policy), indent=2))
        return
    click.echo(f"{policy.title} ({policy.id}, version {policy.version})")
    for rule in policy.rules:
        days = ", ".join(DAYS[day - 1] for day in sorted(rule.hours.days))
        bases = ", ".join(basis.basis.value for basis in rule.bases)
        click.echo(
            f"  {rule.purpose.value:<12} {rule.automation.value}; on {bases}; {days} "
            f"{rule.hours.opens:%H:%M}-{rule.hours.closes:%H:%M}; at most {rule.caps.day} a day, "
            f"{rule.caps.week} a week, {rule.caps.cycle} in {rule.caps.cycle_months} months, "
            f"{rule.caps.gap_days} days apart; level {rule.highest_level}"
        )
    click.echo("  Whatever is not listed is forbidden.")


@command.command(epilog="Example: recare policy check")
@click.argument("name", required=False)
def check(name: str | None) -> None:
    """Read the policy NAME, or all that are shipped, and say whether they are whole."""
    for each in (name,) if name else shipped_policies():
        policy = read_policy(each)
        click.echo(f"{policy.id} version {policy.version}: whole")


@command.command(epilog='Example: recare policy sign --by "Dr A. Example"')
@click.option("--by", "signed_by", required=True, help="The name of the person who vouches for it.")
@clinic_option
def sign(signed_by: str, clinic_file: Path) -> None:
    """Sign the clinic's policy: from then on recare may send under it. A changed policy needs a new signature."""
    if len(signed_by.split()) < 2:  # noqa: PLR2004 - a first and a last name
        message = "--by takes the full name of a person"
        raise click.UsageError(message, click.get_current_context())
    with opened(clinic_file) as house:
        _sign(house, signed_by)
        policy = house.clinic.policy
        click.echo(f"{signed_by} signed {policy.id} version {policy.version}. recare may now send under it.")


def _sign(house: Opened, signed_by: str) -> None:
    with house.database.unit_of_work(house.clinic.id) as uow:
        policy = house.clinic.policy
        uow.decisions.sign(policy.id, policy.version, policy.content_hash, signed_by=signed_by, now=house.clock.now())
        uow.commit()


def _as_data(policy: Policy) -> dict[str, object]:
    return {
        "id": policy.id,
        "version": policy.version,
        "title": policy.title,
        "content_hash": policy.content_hash,
        "minor_age": policy.minor_age,
        "imported_yes": sorted(policy.imported_yes),
        "purposes": {
            rule.purpose.value: {
                "automation": rule.automation.value,
                "bases": [{"basis": basis.basis.value, "months": basis.months} for basis in rule.bases],
                "opens": f"{rule.hours.opens:%H:%M}",
                "closes": f"{rule.hours.closes:%H:%M}",
                "days": sorted(rule.hours.days),
                "per_day": rule.caps.day,
                "per_week": rule.caps.week,
                "per_cycle": rule.caps.cycle,
                "cycle_months": rule.caps.cycle_months,
                "gap_days": rule.caps.gap_days,
                "highest_level": rule.highest_level,
            }
            for rule in policy.rules
        },
    }
