"""`recare sending`: stopping at once whatever leaves by itself, and letting it go on.

Who writes to the practice is answered all the same.
"""

from pathlib import Path

import click

from bot.cli.opening import clinic_option, opened
from bot.errors import RecareError


@click.group(name="sending", epilog='Example: recare sending stop --why "the list was the wrong one"')
def command() -> None:
    """Stop everything that leaves by itself, or let it go on."""


@command.command(epilog='Example: recare sending stop --why "the list was the wrong one"')
@click.option("--why", required=True, help="The reason, for whoever finds the sending stopped; name no patient.")
@clinic_option
def stop(clinic_file: Path, why: str) -> None:
    """Let no invitation, reminder or check-in leave until `recare sending resume`. Patients who write are answered."""
    reason = why.strip()
    if not reason:
        message = "--why must not be empty"
        raise click.UsageError(message, click.get_current_context())
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        # The first reason stays: whoever lets the sending go on has to know of it.
        if (already := uow.clinics.why_stopped()) is not None:
            message = f"the sending is stopped already: {already}; see `recare sending resume`"
            raise RecareError(message)
        uow.clinics.stop_sending(reason)
        uow.commit()
    click.echo("Stopped: nothing leaves by itself until `recare sending resume`.")


@command.command(epilog="Example: recare sending resume")
@clinic_option
def resume(clinic_file: Path) -> None:
    """Let messages leave by themselves again; what waited is judged anew and leaves at its next good hour."""
    with opened(clinic_file) as house, house.database.unit_of_work(house.clinic.id) as uow:
        why = uow.clinics.why_stopped()
        uow.clinics.resume_sending()
        uow.commit()
    click.echo("Nothing was stopped." if why is None else f"Sending goes on. It was stopped because: {why}")
