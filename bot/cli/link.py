"""`recare link`: personal links that open a patient's page, once."""

import csv
import json
import sys
from pathlib import Path

import click

from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.errors import RecareError
from bot.services.links import PersonalLink, make_link

FORMULA_SIGNS = ("=", "+", "-", "@")


@click.command(name="link", epilog="Example: recare link 1042")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with number, link, expires.")
@json_option
@clinic_option
def command(numbers: tuple[str, ...], clinic_file: Path, *, as_csv: bool, as_json: bool) -> None:
    """Make a personal link for each patient NUMBER. It works once, until it expires."""
    with opened(clinic_file) as house:
        links = [(number, _link(house, number)) for number in numbers]
    if as_json:
        data = [{"number": number, "link": link.url, "expires": link.expires_at.isoformat()} for number, link in links]
        click.echo(json.dumps(data, indent=2))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["number", "link", "expires"])
        writer.writerows([_harmless(number), link.url, f"{link.expires_at:%Y-%m-%d}"] for number, link in links)
    else:
        for number, link in links:
            click.echo(f"{number}  {link.url}  (until {link.expires_at:%Y-%m-%d})")


def _harmless(number: str) -> str:
    """Keep a spreadsheet from taking a number for a formula (OWASP, CSV Injection)."""
    return f"'{number}" if number.startswith(FORMULA_SIGNS) else number


def _link(house: Opened, number: str) -> PersonalLink:
    with house.database.unit_of_work(house.clinic.id) as uow:
        patient = uow.patients.by_number(number)
        if patient is None:
            message = f"there is no patient with number {number}; see the numbers in your imported list"
            raise RecareError(message)
        now = house.clock.now()
        link = make_link(uow, patient.id, house.settings, now)
        uow.commit()
    return link
