"""`recare link`: personal links that open a patient's page, once, and the end of what they opened."""

import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.errors import RecareError
from bot.services.cutting_off import CutOff, cut_off
from bot.services.links import PersonalLink, end_access, make_link
from bot.services.situation import Occasion
from flows.ids import PatientId
from flows.vocabulary import Channel
from storage.unit_of_work import UnitOfWork

FORMULA_SIGNS = ("=", "+", "-", "@")
SOURCE = "recare link --end"
"""What the ledger names as evidence."""


@click.command(name="link", epilog="Example: recare link 1042 (went to the wrong person: recare link 1042 --end)")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with number, link, expires.")
@click.option("--end", is_flag=True, help="Make none: end open pages, unused links and connected accounts, at once.")
@json_option
@clinic_option
def command(numbers: tuple[str, ...], clinic_file: Path, *, as_csv: bool, end: bool, as_json: bool) -> None:
    """Make a personal link for each patient NUMBER. It works once, until it expires.

    --end shuts out whoever came in by one: their open pages end, and their Telegram account is a stranger's again. The
    patient's talk stays at the desk; what a phone was shown stays on that phone. Whoever holds a lost phone can still
    share its number: the patient ends its session in Telegram, on another device (Settings, Devices).
    """
    if end and as_csv:
        raise click.UsageError("--end prints no links: leave out --csv", click.get_current_context())
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        patients = {number: _patient(uow, number) for number in numbers}
        links = {} if end else _links(uow, patients, house)
        ended = {number: _end(uow, patient_id, house) for number, patient_id in patients.items()} if end else {}
        uow.commit()
    if end:
        _tell_ended(ended, as_json=as_json)
    elif as_json:
        _print_json(links)
    elif as_csv:
        _print_csv(links)
    else:
        for number, link in links.items():
            click.echo(f"{number}  {link.url}  (until {link.expires_at:%Y-%m-%d})")


def _end(uow: UnitOfWork, patient_id: PatientId, house: Opened) -> CutOff:
    end_access(uow, patient_id)
    here = Occasion(
        uow=uow,
        clinic=house.clinic,
        patient_id=patient_id,
        channel=Channel.TELEGRAM,
        now=house.clock.now(),
        source=SOURCE,
    )
    return cut_off(here)


def _tell_ended(ended: Mapping[str, CutOff], *, as_json: bool) -> None:
    if as_json:
        data = [
            {"number": number, "ended": True, "telegram_accounts": each.accounts, "speaking_for_others": each.going_on}
            for number, each in ended.items()
        ]
        click.echo(json.dumps(data, indent=2))
        return
    for number, each in ended.items():
        click.echo(f"{number}  open pages and unused links have ended; `recare link {number}` makes a new link")
        if each.accounts:
            click.echo(
                f"{number}  Telegram accounts cut off: {each.accounts}; whoever writes from one is a stranger now"
            )
        if each.going_on:
            click.echo(f"{number}  of these still speak for others of a household: {each.going_on}; --end those, too")


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


def _patient(uow: UnitOfWork, number: str) -> PatientId:
    patient = uow.patients.by_number(number)
    if patient is None:
        message = f"there is no patient with number {number}; see the numbers in your imported list"
        raise RecareError(message)
    return patient.id
