"""Plain patients and ledger events, to be changed by each test."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flows.ids import LedgerEventId, PatientId
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.vocabulary import Language, PatientStatus, Purpose
from storage.records.people import NewPatient, Profile


def listed(number: str, **changes: Any) -> NewPatient:  # noqa: ANN401  # each test's own
    """A plain patient of a list; changes go to the profile or the row, whichever has the field."""
    profile = Profile(number=number, given_name="Anna", family_name="Proef")
    in_profile = {name: value for name, value in changes.items() if hasattr(profile, name)}
    row = NewPatient(
        profile=replace(profile, **in_profile),
        provider_id=None,
        language=Language.EN,
        status=PatientStatus.ACTIVE,
        last_visit_on=date(2024, 11, 5),
        recall_months=6,
        next_visit_at=None,
    )
    return replace(row, **{name: value for name, value in changes.items() if name not in in_profile})


def ledger_event(
    event_id: LedgerEventId,
    patient_id: PatientId,
    act: Act,
    *,
    at: datetime,
    **changes: Any,  # noqa: ANN401  # each test's own
) -> LedgerEvent:
    """An event the patient caused by themselves, about recall by express consent unless changed."""
    event = LedgerEvent(
        id=event_id,
        patient_id=patient_id,
        at=at,
        acted_by=ActedBy.SELF,
        act=act,
        purpose=Purpose.RECALL,
        basis=Basis.EXPRESS_CONSENT if act is Act.PERMIT else None,
        address_id=None,
        channel=None,
        policy="strictest",
        policy_version=1,
        collected="chat",
        evidence="",
        valid_from=at,
        valid_until=None,
    )
    return replace(event, **changes)
