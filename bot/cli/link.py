"""`recare link`: personal links that open a patient's page, once."""

import csv
import json
import sys
from datetime import timedelta
from pathlib import Path

import click

from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.errors import RecareError
from bot.services.links import PersonalLink, make_link


@click.command(name="link", epilog="Example: recare link 1042")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with number, link, expires.")
@json_option
@clinic_option
def command(numbers: tuple[str, ...], clinic_file: Path, *, as_csv: bool, as_json: bool) -> None:
    """Make a personal link for each patient NUMBER. It works once, until it expires; making another ends the first."""
    with opened(clinic_file) as house:
        links = [_link(house, number) for number in numbers]
    if as_json:
        click.echo(json.dumps([_as_data(link) for link in links], indent=2))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["number", "link", "expires"])
        writer.writerows([link.number, link.url, f"{link.expires_at:%Y-%m-%d}"] for link in links)
    else:
        for link in links:
            click.echo(f"{link.number}  {link.url}  (until {link.expires_at:%Y-%m-%d})")


def _link(house: Opened, number: str) -> PersonalLink:
    with house.database.unit_of_work(house.clinic.id) as uow:
        patient = uow.patients.by_number(number)
        if patient is None:
            message = f"there is no patient with number {number}; see the numbers in your imported list"
            raise RecareError(message)
        now = house.clock.now()
        token = make_link(uow, patient.id, now, timedelta(days=house.settings.recall.link_days))
        uow.commit()
    url = f"{house.settings.web.public_url}/p/{token.secret}"
    return PersonalLink(number=number, url=url, expires_at=token.expires_at)


def _as_data(link: PersonalLink) -> dict[str, str]:
    return {"number": link.number, "link": link.url, "expires": link.expires_at.isoformat()}
