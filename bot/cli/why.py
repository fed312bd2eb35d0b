"""`recare why`: for each message the whole chain from right to delivery, and for everybody why no message comes now."""

import json
from pathlib import Path

import click

from bot.cli.opening import clinic_option, json_option, opened
from bot.cli.why_data import message_data, patient_data
from bot.cli.why_text import Telling
from bot.errors import RecareError
from bot.services.why import MessageWhy, PatientWhy, why_message, why_patient
from flows.ids import OutboxId

LONGEST_ID = 19


@click.command(name="why", epilog="Example: recare why 1001")
@click.argument("who", metavar="PATIENT|MESSAGE")
@json_option
@clinic_option
def command(who: str, clinic_file: Path, *, as_json: bool) -> None:
    """Show why messages left or did not, and why no message comes now.

    PATIENT is a number of your list, MESSAGE an id as this command prints it. Writes nothing.
    """
    with opened(clinic_file) as house, house.database.reading(house.clinic.id) as uow:
        patient = uow.patients.by_number(who)
        found: PatientWhy | MessageWhy | None
        if patient is not None:
            found = why_patient(uow, house.clinic, patient, house.clock.now())
        else:
            outbox_id = _message_id(who)
            found = None if outbox_id is None else why_message(uow, house.clinic, outbox_id)
        if found is None:
            raise RecareError(f"there is no patient with number {who} and no message {who}; `recare plan --all` lists")
        telling = Telling(zone=house.clinic.zone)
    if as_json:
        data = patient_data(found) if isinstance(found, PatientWhy) else message_data(found)
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    lines = telling.patient(found) if isinstance(found, PatientWhy) else telling.message(found)
    click.echo("\n".join(lines))


def _message_id(who: str) -> OutboxId | None:
    known = who.isascii() and who.isdecimal() and len(who) <= LONGEST_ID
    return OutboxId(int(who)) if known and int(who) < 2**63 else None
