"""Checks what is stored: the database and its schema, the key it is sealed with, who signed the policies.

Only reads: a database that is missing is not made, an old one not migrated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.doctor_findings import Finding, broken, doubtful, fine
from bot.services.enrolment import ONLY_CLINIC
from flows.outreach.policy_book import PolicyBook
from storage.database import Database
from storage.errors import NotFoundError, StorageError, WrongKeyError
from storage.migrations.standing import Schema, schema_at
from storage.unit_of_work import UnitOfWork

_LATER = "nothing: `recare import` or `recare run` sees to it"
_SIGN = '`recare policy sign --by "First Last"`, by whoever answers for it'


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What the database told: how it stands, and the groups linked to the desk, None where it cannot be asked."""

    findings: Sequence[Finding]
    groups: Sequence[int] | None = None


def examine_storage(
    url: str, *, key: bytes | None, policies: PolicyBook | None, clock: Callable[[], datetime]
) -> Stored:
    """Check the database at a URL. key: the master key, None where it cannot be read; policies: likewise."""
    try:
        finding = _database(schema_at(url))
    except StorageError as failure:
        remedy = "see [database] url, and that this user may open it"
        return Stored(findings=[broken("database", str(failure) or type(failure).__name__, remedy)])
    if finding is not None:
        return Stored(findings=[finding])
    there = fine("database", "reached, with the schema of this recare")
    if key is None:
        return Stored(findings=[there])
    database = Database.open(url, master_key=key, clock=clock)
    try:
        with database.reading(ONLY_CLINIC) as uow:
            stored = _look(uow, policies)
    except WrongKeyError:
        remedy = "set RECARE_KEY to the one these data were sealed with; there is no way in without it"
        return Stored(findings=[there, broken("key", "RECARE_KEY is not this database's", remedy)])
    except StorageError as failure:
        return Stored(findings=[there, broken("database", str(failure) or type(failure).__name__, "mend what it says")])
    finally:
        database.close_now()
    return Stored(findings=[there, *stored.findings], groups=stored.groups)


def _database(schema: Schema) -> Finding | None:
    """What is wrong with the database; None if nothing is."""
    match schema:
        case Schema.NONE:
            return doubtful("database", "there is none yet", _LATER)
        case Schema.OLDER:
            return doubtful("database", "its schema is an older recare's", "nothing: `recare run` brings it up to date")
        case Schema.NEWER:
            return broken("database", "its schema is a newer recare's", "install the newer recare")
        case Schema.CURRENT:
            return None


def _look(uow: UnitOfWork, policies: PolicyBook | None) -> Stored:
    try:
        uow.clinics.get()
    except NotFoundError:
        return Stored(findings=[doubtful("key", "the database holds no clinic yet", _LATER)])
    findings = [fine("key", "RECARE_KEY opens the database")]
    if policies is not None:
        findings.append(_signed(uow, policies))
    why = uow.clinics.why_stopped()
    if why is not None:
        findings.append(doubtful("sending", f"stopped by hand: {why}", "`recare sending resume`, once it is mended"))
    group = uow.desk_groups.get()
    return Stored(findings=findings, groups=() if group is None else (group.chat_id,))


def _signed(uow: UnitOfWork, policies: PolicyBook) -> Finding:
    parts = policies.parts_for(uow.patients.residences())
    unsigned = sorted(part.id for part in parts if not uow.decisions.signed([part]))
    if unsigned:
        return doubtful("policy", f"nobody signed {', '.join(unsigned)}, so nothing is sent under it", _SIGN)
    return fine("policy", f"read and signed: {', '.join(sorted(part.id for part in parts))}")
