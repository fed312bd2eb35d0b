"""`recare policy`: what messages are sent under, and who vouches for it."""

import json
from pathlib import Path

import click

from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.cli.policy_text import as_data, chart, compared, shown, table
from bot.settings.policies import read_policy, shipped_policies
from flows.outreach.merging import merge
from flows.outreach.policy import Policy, PolicyPart
from flows.outreach.policy_comparison import differences


@click.group(name="policy", epilog='Example: recare policy sign --by "Dr A. Example"')
def command() -> None:
    """Show, check, compare and sign the policies messages are sent under."""


@command.command(epilog="Example: recare policy show fr")
@click.argument("name", default="strictest")
@click.option("--markdown", is_flag=True, help="Print the tables of docs/policies.md: all shipped policies.")
@json_option
@clinic_option
def show(name: str, clinic_file: Path, *, markdown: bool, as_json: bool) -> None:
    """Print what the policy NAME allows; of several joined by "+", what all of them allow."""
    if markdown:
        shipped = [read_policy(each) for each in shipped_policies()]
        click.echo(f"{chart(shipped)}\n{table(shipped)}", nl=False)
        return
    policy = _read(name, clinic_file)
    click.echo(json.dumps(as_data(policy), indent=2, ensure_ascii=False) if as_json else shown(policy))


@command.command(epilog="Example: recare policy check")
@click.argument("name", required=False)
@clinic_option
def check(name: str | None, clinic_file: Path) -> None:
    """Read the policy NAME, or all shipped ones and the clinic's own, and say whether they are whole."""
    for each in (name,) if name else _all_names(clinic_file):
        policy = _read(each, clinic_file)
        reviewed = f"reviewed by {policy.reviewed_by}" if policy.reviewed_by else "not reviewed"
        click.echo(f"{policy.id} version {policy.version}: whole, {reviewed}")


@command.command(epilog="Example: recare policy diff strictest ca-qc")
@click.argument("first")
@click.argument("second")
@json_option
@clinic_option
def diff(first: str, second: str, clinic_file: Path, *, as_json: bool) -> None:
    """Print field by field in what two policies differ, and which of them is the stricter."""
    one, other = _read(first, clinic_file), _read(second, clinic_file)
    found = differences(one, other)
    if not as_json:
        click.echo(compared(one, other, found))
        return
    rows = [
        {"field": each.field, one.id: each.first, other.id: each.second, "stricter": each.stricter.value}
        for each in found
    ]
    click.echo(json.dumps(rows, indent=2, ensure_ascii=False))


@command.command(epilog='Example: recare policy sign --by "Dr A. Example"')
@click.option("--by", "signed_by", required=True, help="The name of the person who vouches for it.")
@clinic_option
def sign(signed_by: str, clinic_file: Path) -> None:
    """Sign every policy that counts for the clinic's patients, wherever they live.

    From then on recare may send under them. A changed policy, or a patient who lives where another counts, needs a new
    signature.
    """
    if len(signed_by.split()) < 2:  # noqa: PLR2004 - a first and a last name
        message = "--by takes the full name of a person"
        raise click.UsageError(message, click.get_current_context())
    with opened(clinic_file) as house:
        for part in _sign(house, signed_by):
            click.echo(f"{signed_by} signed {part.id} version {part.version}. recare may now send under it.")


def _sign(house: Opened, signed_by: str) -> tuple[PolicyPart, ...]:
    with house.database.unit_of_work(house.clinic.id) as uow:
        parts = house.clinic.policies.parts_for(uow.patients.residences())
        for part in parts:
            uow.decisions.sign(part.id, part.version, part.content_hash, signed_by=signed_by, now=house.clock.now())
        uow.commit()
    return parts


def _read(name: str, clinic_file: Path) -> Policy:
    return merge([read_policy(each, clinic_file.parent) for each in name.split("+")])


def _all_names(clinic_file: Path) -> list[str]:
    own = {file.stem for file in (clinic_file.parent / "policies").glob("*.toml")}
    return sorted({*shipped_policies(), *own})
