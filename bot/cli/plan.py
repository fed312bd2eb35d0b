"""`recare plan`: who would get what and when, and why everybody else would not."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.charts import Style, style_of
from bot.cli.opening import clinic_option, json_option, opened
from bot.cli.plan_ahead import as_data, foresee, print_ahead, read_moment
from bot.services.judging import is_signed
from bot.services.preview import Preview, Waiting, preview, waiting
from flows.outreach.cadence import Campaign
from flows.outreach.verdict import Refusal

SHOWN = 20
MOST_PLANNED = 1000
WIDEST_BAR = 30
DAYS_AHEAD = 7
LEGEND = """\
Bands, by months since the last visit: A 12-18, B 18-24, C 24-36; RECENT is less, OUT is more, NEVER: no visit known.
D: contacted in the past year. *: the dentist would like to see something again.
"""
NOBODY_YET = "There are no patients yet: `recare import FILE`."
WHY = {
    Refusal.NO_RIGHT: "nobody said we may write",
    Refusal.WITHDRAWN: "does not want these messages",
    Refusal.OBJECTED: "objected",
    Refusal.PAUSED: "asked us to wait",
    Refusal.PURPOSE_FORBIDDEN: "the policy forbids it",
    Refusal.BASIS_EXPIRED: "the permission has run out",
    Refusal.CAP_CYCLE: "was written to often enough",
    Refusal.CAP_YEAR: "was written to often enough in the past year",
    Refusal.CAP_HOUSEHOLD: "their household was written to often enough this week",
    Refusal.RESTING: "was contacted in the past year",
    Refusal.HELD_OUT: "is held out, to measure what the programme adds",
    Refusal.OFF_LIST: "is off the active list",
    Refusal.REASON_GIVEN: "gave a reason after which nothing is sent",
    Refusal.BOOKED: "has a visit booked",
    Refusal.NO_VISIT: "has no visit to write about",
    Refusal.NOT_DUE: "is not due yet",
    Refusal.LAPSED_OUT: "away for more than three years",
    Refusal.NEVER_VISITED: "no visit known",
    Refusal.IN_CONVERSATION: "is talking with us now",
    Refusal.STAFF_OWNS: "a member of staff is talking with them",
    Refusal.FROZEN: "waits for a person (emergency, crisis or legal matter)",
    Refusal.COMPLAINT_OPEN: "has complained and waits for a call",
    Refusal.DECEASED: "has died",
    Refusal.SUPPRESSED: "was erased and is not to be written to again",
    Refusal.NEVER_CONTACT: "moved, left, or asked not to be contacted",
    Refusal.MINOR: "is a child",
    Refusal.UNKNOWN_AGE: "birth date unknown",
    Refusal.UNKNOWN_LANGUAGE: "language unknown",
    Refusal.UNREACHED: "has not opened their personal link yet",
    Refusal.CHANNEL_CLOSED: "closed the channel",
    Refusal.CONTENT_LEVEL: "the text would say more than the policy allows",
    Refusal.MUST_SAY: "the text would lack something the policy demands",
    Refusal.SENDING_STOPPED: "the clinic's sending is stopped",
    Refusal.POLICY_UNSIGNED: "the policy is not signed",
    Refusal.NOT_RELEASED: "waits to be released by a person",
    Refusal.LEDGER_BROKEN: "their ledger does not verify",
    Refusal.KEY_MISSING: "was erased",
    Refusal.DUPLICATE: "has a message planned already",
    Refusal.NO_FREE_TIME: "no free time to offer",
}


@click.command(name="plan", epilog="Example: recare plan --at 2027-01-25 --days 14")
@click.option("--all", "show_all", is_flag=True, help="List everybody, not only the first of each group.")
@click.option("--days", type=click.IntRange(1, 92), help="Show so many coming days, message by message.")
@click.option("--at", "at_text", metavar="TIME", help="From when on (2027-01-25, 2027-01-25T09:00); 7 days by default.")
@click.option("--plain", is_flag=True, help="Draw with plain signs.")
@json_option
@clinic_option
def command(
    clinic_file: Path, at_text: str | None, days: int | None, *, show_all: bool, plain: bool, as_json: bool
) -> None:
    """Show who would get an invitation and when, and for everybody else why not. Writes nothing.

    With --days or --at: every message of the coming days with its text, time and right, if nobody answered, and the
    load of each day beside its free chair time; lived through by the real planning on a copy beside the clinic's file.
    """
    if days is not None or at_text is not None:
        _look_ahead(clinic_file, at_text, days or DAYS_AHEAD, style_of(plain=plain), as_json=as_json)
        return
    with opened(clinic_file) as house, house.database.reading(house.clinic.id) as uow:
        patients = preview(uow, house.clinic, house.clock.now())
        planned = waiting(uow, house.clinic, limit=MOST_PLANNED)
        signed = is_signed(uow, house.clinic)
        stopped = uow.clinics.why_stopped()
        has_patients = bool(uow.patients.page(limit=1))
    if as_json:
        data = [*map(_planned_as_data, planned), *map(_as_data, patients)]
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    _print_hindrances(stopped, signed=signed)
    if not has_patients:
        click.echo(NOBODY_YET)
        return
    print_planned(planned, house.clinic.zone, len(planned) if show_all else SHOWN)
    _print(patients, house.clinic.zone, len(patients) if show_all else SHOWN, show_all=show_all)


def _look_ahead(clinic_file: Path, at_text: str | None, days: int, style: Style, *, as_json: bool) -> None:
    with opened(clinic_file) as house:
        now = house.clock.now()
        at = now if at_text is None else read_moment(at_text, now, house.clinic.zone)
        with house.database.reading(house.clinic.id) as uow:
            signed = is_signed(uow, house.clinic)
            has_patients = bool(uow.patients.page(limit=1))
        ahead = foresee(house, at, days)
    if as_json:
        click.echo(json.dumps(as_data(ahead, policy_signed=signed), indent=2, ensure_ascii=False))
        return
    _print_hindrances(ahead.sending_stopped, signed=signed)
    if not has_patients:
        click.echo(NOBODY_YET)
        return
    print_ahead(ahead, house.clinic.zone, WHY, style)


def _print_hindrances(stopped: str | None, *, signed: bool) -> None:
    if not signed:
        click.echo("The policy is not signed: nothing is sent until `recare policy sign` (see its --help).\n")
    if stopped is not None:
        click.echo(f"Sending is stopped: {stopped}. Nothing leaves until `recare sending resume`.\n")


def print_planned(planned: Sequence[Waiting], zone: ZoneInfo, limit: int) -> None:
    """Print what is planned already, at most `limit` of what leaves by itself and of what a person has to release."""
    going = [message for message in planned if not message.needs_release]
    held = [message for message in planned if message.needs_release]
    click.echo(f"Planned already, leaving by itself: {len(going)}")
    _print_messages(going, zone, limit)
    if held:
        click.echo(f"\nPlanned already, waiting for a person to release it (`recare release list`): {len(held)}")
        click.echo("  (what is not released by its time does not leave)")
        _print_messages(held, zone, limit)
    click.echo("")


def _print_messages(planned: Sequence[Waiting], zone: ZoneInfo, limit: int) -> None:
    for message in planned[:limit]:
        when = f"{'by ' if message.needs_release else ''}{message.at.astimezone(zone):%a %d %b %H:%M}"
        click.echo(f"  {message.number:<10} {message.name[:30]:<30} {when}  {_what(message)}")
    _more(planned, limit)


def _what(message: Waiting) -> str:
    if message.campaign is Campaign.REACTIVATION:
        return f"invitation {message.step}"
    if message.campaign is Campaign.INVITE:
        return "invitation by e-mail"
    return "reminder of a visit" if message.campaign is Campaign.REMINDER else "check-in after a visit"


def _planned_as_data(message: Waiting) -> dict[str, object]:
    return {
        "number": message.number,
        "name": message.name,
        "what": _what(message),
        "at": message.at.isoformat(),
        "planned": True,
        "waits_for_release": message.needs_release,
    }


def _print(patients: Sequence[Preview], zone: ZoneInfo, limit: int, *, show_all: bool) -> None:
    going = [patient for patient in patients if patient.at is not None]
    waiting = [patient for patient in patients if patient.waits_for_link]
    queued = [patient for patient in patients if patient.waits_for_free_time]
    rest = [patient for patient in patients if patient.reasons and not patient.waits_for_link]
    if patients:
        click.echo(LEGEND)
    click.echo(f"Would get the first invitation: {len(going)}")
    for patient in going[:limit]:
        click.echo(f"  {_who(patient)}  {_when(patient, zone)}")
    _more(going, limit)
    click.echo(f"\nDue and allowed, as soon as more time is free: {len(queued)}")
    for patient in queued[:limit]:
        click.echo(f"  {_who(patient)}")
    _more(queued, limit)
    click.echo(f"\nDue and allowed, once they have opened their personal link (`recare link NUMBER`): {len(waiting)}")
    for patient in waiting[:limit]:
        click.echo(f"  {_who(patient)}")
    _more(waiting, limit)
    click.echo(f"\nWould not get one: {len(rest)}")
    counts = Counter(patient.reasons[0] for patient in rest if patient.reasons)
    most = max(counts.values(), default=1)
    for reason, count in counts.most_common():
        click.echo(f"  {count:>6}  {'#' * max(1, count * WIDEST_BAR // most):<{WIDEST_BAR}}  {WHY[reason]}")
    if show_all:
        click.echo("")
        for patient in rest:
            click.echo(f"  {_who(patient)}  {'; '.join(WHY[reason] for reason in patient.reasons)}")


def _when(patient: Preview, zone: ZoneInfo) -> str:
    return "" if patient.at is None else f"{patient.at.astimezone(zone):%a %d %b %H:%M}"


def _who(patient: Preview) -> str:
    concern = "*" if patient.has_concern else " "
    return f"{patient.number:<10} {patient.name[:30]:<30} {patient.band.value.upper():<6}{concern}"


def _more(group: Sequence[object], limit: int) -> None:
    if len(group) > limit:
        click.echo(f"  ... and {len(group) - limit} more (--all lists them)")


def _as_data(patient: Preview) -> dict[str, object]:
    return {
        "number": patient.number,
        "name": patient.name,
        "band": patient.band.value,
        "concern": patient.has_concern,
        "what": None if patient.reasons and not patient.waits_for_link else "first invitation",
        "at": patient.at.isoformat() if patient.at else None,
        "waits_for_link": patient.waits_for_link,
        "waits_for_free_time": patient.waits_for_free_time,
        "why_not": [reason.value for reason in patient.reasons],
    }
