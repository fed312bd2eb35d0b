"""`recare link`: personal links that open a patient's page, once, and the end of what they opened."""

import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.errors import RecareError
from bot.services.links import PersonalLink, end_access, make_link
from flows.ids import PatientId
from flows.vocabulary import Channel
from storage.unit_of_work import UnitOfWork

FORMULA_SIGNS = ("=", "+", "-", "@")
STAYS = "the Telegram account stays connected; on another device the patient ends the lost one: Settings, Devices"


@click.command(name="link", epilog="Example: recare link 1042 (after a lost phone: recare link 1042 --end)")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with number, link, expires.")
@click.option("--end", is_flag=True, help="Make none: end the patient's open pages and unused links, at once.")
@json_option
@clinic_option
def command(numbers: tuple[str, ...], clinic_file: Path, *, as_csv: bool, end: bool, as_json: bool) -> None:
    """Make a personal link for each patient NUMBER. It works once, until it expires.

    What --end does not end is a Telegram account that is connected: of a lost phone, the patient ends the session in
    Telegram, on another device (Settings, Devices).
    """
    if end and (as_csv or as_json):
        raise click.UsageError("--end prints no links: leave out --csv and --json", click.get_current_context())
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        patients = {number: _patient(uow, number) for number in numbers}
        links = {} if end else _links(uow, patients, house)
        connected = {number for number, patient_id in patients.items() if _is_on_telegram(uow, patient_id)}
        if end:
            for patient_id in patients.values():
                end_access(uow, patient_id)
        uow.commit()
    if end:
        for number in patients:
            click.echo(f"{number}  open pages and unused links have ended; `recare link {number}` makes a new link")
            if number in connected:
                click.echo(f"{number}  {STAYS}")
    elif as_json:
        _print_json(links)
    elif as_csv:
        _print_csv(links)
    else:
        for number, link in links.items():
            click.echo(f"{number}  {link.url}  (until {link.expires_at:%Y-%m-%d})")


def _links(uow: UnitOfWork, patients: Mapping[str, PatientId], house: Opened) -> dict[str, PersonalLink]:
    now = house.clock.now()
    return {number: make_link(uow, patient_id, house.settings, now) for number, patient_id in patients.items()}


def _print_json(links: Mapping[str, PersonalLink]) -> None:
    data = [
        {
            "number": number,
            "link": link.url,
            "page": link.page,
            "telegram": link.telegram,
            "expires": link.expires_at.isoformat(),
        }
        for number, link in links.items()
    ]
    click.echo(json.dumps(data, indent=2))


def _print_csv(links: Mapping[str, PersonalLink]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["number", "link", "expires"])
    writer.writerows([_harmless(number), link.url, f"{link.expires_at:%Y-%m-%d}"] for number, link in links.items())


def _harmless(number: str) -> str:
    """Keep a spreadsheet from taking a number for a formula (OWASP, CSV Injection)."""
    return f"'{number}" if number.startswith(FORMULA_SIGNS) else number


def _is_on_telegram(uow: UnitOfWork, patient_id: PatientId) -> bool:
    addresses = uow.addresses.of_patient(patient_id)
    return any(each.channel is Channel.TELEGRAM and each.closed_at is None for each in addresses)


def _patient(uow: UnitOfWork, number: str) -> PatientId:
    patient = uow.patients.by_number(number)
    if patient is None:
        message = f"there is no patient with number {number}; see the numbers in your imported list"
        raise RecareError(message)
    return patient.id
