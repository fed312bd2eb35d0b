"""What one row of a patient list says, as columns, and what these become beside what is known already.

No list takes away a death, a wish not to be contacted or the language they chose, and none makes a visit older than
the one we know of.
"""

import json
from typing import Any

from sqlalchemy import RowMapping

from flows.vocabulary import PatientStatus
from storage.records.people import NewPatient

STICKY = frozenset({PatientStatus.DECEASED, PatientStatus.DO_NOT_CONTACT})
"""Statuses that no list takes away; a member of staff does."""

SAID = (
    "provider_id",
    "language",
    "status",
    "birth_month",
    "last_visit_on",
    "recall_months",
    "next_visit_at",
    "has_concern",
    "residence",
)


def line_of(row: NewPatient) -> str:
    """Everything a row says, as one text to be hashed."""
    plain = {name: str(value) for name, value in columns_of(row).items()}
    return json.dumps([row.profile.to_json(), plain, sorted(row.unsaid)], sort_keys=True)


def columns_of(row: NewPatient) -> dict[str, Any]:
    """The columns planning reads, as the list tells them."""
    born = row.profile.birth_date
    return {
        "provider_id": row.provider_id,
        "language": row.language,
        "status": row.status,
        "birth_month": None if born is None else born.replace(day=1),
        "last_visit_on": row.last_visit_on,
        "recall_months": row.recall_months,
        "next_visit_at": row.next_visit_at,
        "has_concern": row.profile.concern is not None,
        "residence": row.residence,
    }


def merged(known: RowMapping, told: dict[str, Any], unsaid: frozenset[str]) -> dict[str, Any]:
    """What the columns become: the list's word, unless we know better of visits and of who must be left alone."""
    said = told | {name: known[name] for name in SAID if name in unsaid}
    visits = [on for on in (known["last_visit_on"], said["last_visit_on"]) if on is not None]
    ahead = [at for at in (known["own_next_visit_at"], said["next_visit_at"]) if at is not None]
    return said | {
        "language": said["language"] if known["language_chosen_at"] is None else known["language"],
        "status": known["status"] if known["status"] in STICKY else said["status"],
        "last_visit_on": max(visits, default=None),
        "next_visit_at": min(ahead, default=None),
    }
