"""`recare staff`: who may sit at the desk."""

import json
from pathlib import Path

import click

from bot.cli.opening import clinic_option, json_option, opened, telegram_of
from bot.services.staff import add_namesake, add_staff, deactivate, link_for, member_called, sign_out_everywhere
from bot.services.topic_links import staff_code
from flows.vocabulary import Role

LONGEST_NAME = 200


def _name(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Read a name as it is stored: trimmed, neither empty nor longer than the table holds."""
    name = value.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise click.BadParameter(f"must have 1 to {LONGEST_NAME} characters", context, parameter)
    return name


name_argument = click.argument("name", callback=_name)


@click.group(name="staff", epilog='Example: recare staff add "Robin Example" --role reception')
def command() -> None:
    """Say who may sit at the desk, and let them sign in or no more.

    NAME is a name as `recare staff list` shows it; where two have the same, the id shown beside it.
    """


@command.command(
    epilog='Example: recare staff add "Robin Example" --role dentist', short_help="Add NAME and print a link."
)
@name_argument
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.RECEPTION.value, show_default=True
)
@click.option("--another", is_flag=True, help="Add NAME even if somebody else at the desk is called so.")
@json_option
@clinic_option
def add(name: str, role: str, clinic_file: Path, *, another: bool, as_json: bool) -> None:
    """Add NAME and print a link that signs them in, once, within two days."""
    adding = add_namesake if another else add_staff
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        made = adding(uow, house.settings, name, Role(role), house.clock.now())
        uow.commit()
    if as_json:
        _print_json({"name": name, "role": role, "link": made.url, "expires": made.expires_at.isoformat()})
    else:
        click.echo(f"{name} ({role}) signs in once with: {made.url}")


@command.command(epilog='Example: recare staff link "Robin Example"', short_help="Print another link for NAME.")
@name_argument
@json_option
@clinic_option
def link(name: str, clinic_file: Path, *, as_json: bool) -> None:
    """Print another link for NAME, who was added before: it signs them in, once, within two days."""
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        made = link_for(uow, house.settings, name, house.clock.now())
        uow.commit()
    if as_json:
        _print_json({"name": name, "link": made.url, "expires": made.expires_at.isoformat()})
    else:
        click.echo(f"{name} signs in once with: {made.url}")


@command.command(
    epilog='Example: recare staff telegram "Robin Example"', short_help="Let NAME work in the group of `recare desk`."
)
@name_argument
@json_option
@clinic_option
def telegram(name: str, clinic_file: Path, *, as_json: bool) -> None:
    """Print what NAME opens in Telegram, once, within a day, to be known in the group of `recare desk`."""
    with opened(clinic_file) as house:
        bot = telegram_of(house)
        with house.database.unit_of_work(house.clinic.id) as uow:
            made = staff_code(uow, member_called(uow, name).id, house.clock.now())
            uow.commit()
    start = f"/start {made.code}"
    link = f"https://t.me/{bot.desk_username}?start={made.code}" if bot.desk_username else None
    if as_json:
        expires = made.expires_at.isoformat()
        _print_json({"name": name, "code": made.code, "command": start, "link": link, "expires": expires})
    elif link is not None:
        click.echo(f"{name} opens once in Telegram: {link}")
    else:
        click.echo(f"{name} writes to the staff's bot in Telegram, in private, once: {start}")


@command.command(name="list", epilog="Example: recare staff list")
@json_option
@clinic_option
def list_(clinic_file: Path, *, as_json: bool) -> None:
    """List who may sit at the desk, and who has left."""
    with opened(clinic_file) as house, house.database.reading(house.clinic.id) as uow:
        members = uow.staff.all()
    if as_json:
        # Programs that read numbers as JavaScript does would round an id.
        _print_json(
            [{"id": str(each.id), "name": each.name, "role": each.role, "active": each.active} for each in members]
        )
        return
    if not members:
        click.echo("Nobody may sit at the desk yet; `recare staff add` adds somebody.")
    for each in members:
        click.echo(
            f"{each.id:<19}  {each.name[:40]:<40}  {each.role.value:<9}  {'' if each.active else 'has left'}".rstrip()
        )


@command.command(
    name="sign-out", epilog='Example: recare staff sign-out "Robin Example"', short_help="Sign NAME out everywhere."
)
@name_argument
@clinic_option
def sign_out(name: str, clinic_file: Path) -> None:
    """Sign NAME out everywhere, at once, and end the links they have not used: after a lost device, for example.

    In the group of `recare desk` they are nobody either, until `recare staff telegram` connects them again.
    """
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        sign_out_everywhere(uow, name, house.clock.now())
        uow.commit()
    click.echo(
        f'{name} is signed out everywhere; `recare staff link "{name}"` lets them in again in the browser, '
        f'`recare staff telegram "{name}"` in the group.'
    )


@command.command(
    name="deactivate",
    epilog='Example: recare staff deactivate "Robin Example"',
    short_help="Let NAME, who has left, in no more.",
)
@name_argument
@clinic_option
def deactivate_(name: str, clinic_file: Path) -> None:
    """Let NAME in no more: their sessions and links end at once. What they did stays on record.

    The chats they have taken over go back to the bot within a minute, while `recare run` runs; what nobody has
    answered there is a ticket for everybody.
    """
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        deactivate(uow, name, house.clock.now())
        uow.commit()
    click.echo(f"{name} may no longer sit at the desk.")


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
