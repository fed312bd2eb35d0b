"""`recare staff`: who may sit at the desk."""

import json
from pathlib import Path

import click

from bot.cli.opening import clinic_option, json_option, opened
from bot.services.staff import add_staff, link_for
from flows.vocabulary import Role


@click.group(name="staff", epilog='Example: recare staff add "Robin Example" --role reception')
def command() -> None:
    """Let members of staff sign in to the desk."""


@command.command(epilog='Example: recare staff add "Robin Example" --role dentist')
@click.argument("name")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.RECEPTION.value, show_default=True
)
@json_option
@clinic_option
def add(name: str, role: str, clinic_file: Path, *, as_json: bool) -> None:
    """Add NAME and print a link that signs them in, once, within two days."""
    if not name.strip():
        message = "NAME must not be empty"
        raise click.UsageError(message, click.get_current_context())
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        made = add_staff(uow, house.settings, name.strip(), Role(role), house.clock.now())
        uow.commit()
    if as_json:
        click.echo(json.dumps({"name": name, "role": role, "link": made.url, "expires": made.expires_at.isoformat()}))
    else:
        click.echo(f"{name} ({role}) signs in once with: {made.url}")


@command.command(epilog='Example: recare staff link "Robin Example"')
@click.argument("name")
@json_option
@clinic_option
def link(name: str, clinic_file: Path, *, as_json: bool) -> None:
    """Print another link for NAME, who was added before: it signs them in, once, within two days."""
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        made = link_for(uow, house.settings, name.strip(), house.clock.now())
        uow.commit()
    if as_json:
        click.echo(json.dumps({"name": name, "link": made.url, "expires": made.expires_at.isoformat()}))
    else:
        click.echo(f"{name} signs in once with: {made.url}")
