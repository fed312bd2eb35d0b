"""Shows work on the list: who it is about, what is known of them, and the number or address to whoever may see it."""

from collections.abc import Sequence

from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.views import WorkView
from flows.ids import StaffId
from flows.outreach.saying import added_under
from flows.vocabulary import Channel, Purpose
from storage.records.people import Patient
from storage.records.worklist import Work
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import WorkKind

CHANNELS = {WorkKind.CALL: Channel.PHONE, WorkKind.LETTER: Channel.LETTER}
"""By which the people of these items are reached."""


def work_views(uow: UnitOfWork, clinic: Clinic, items: Sequence[Work], reader: StaffId) -> tuple[WorkView, ...]:
    """Show items in their order; those of erased people are left out."""
    people = uow.patients.get_many({item.patient_id for item in items})
    names = uow.staff.names()
    talks = uow.worklist.talks_of(people)
    return tuple(
        _view(item, people[item.patient_id], clinic, names, talks.get(item.patient_id), reader)
        for item in items
        if item.patient_id in people
    )


def _view(
    item: Work,
    patient: Patient,
    clinic: Clinic,
    names: dict[StaffId, str],
    conversation_id: int | None,
    reader: StaffId,
) -> WorkView:
    mine = item.staff_id is not None and item.staff_id == reader
    profile = patient.profile
    return WorkView(
        id=item.id,
        kind=item.kind,
        due_at=item.due_at,
        attempts=item.attempts,
        attempts_at_most=clinic.programme.call_attempts,
        held_by_me=mine,
        holder=names.get(item.staff_id) if item.staff_id is not None else None,
        conversation_id=conversation_id,
        number=profile.number,
        name=name_of(patient),
        language=clinic.language_of(patient.language),
        mobile=profile.mobile if mine else None,
        postal=tuple((profile.postal or "").splitlines()) if item.kind is WorkKind.LETTER else (),
        last_visit_on=patient.last_visit_on,
        last_contacted_at=patient.last_contacted_at,
        concern=profile.concern,
        staying_away=None if patient.staying_away is None else patient.staying_away.value,
        dentist=clinic.provider_names.get(patient.provider_id) if patient.provider_id is not None else None,
        to_say=_to_say(item.kind, patient, clinic),
    )


def _to_say(kind: WorkKind, patient: Patient, clinic: Clinic) -> tuple[str, ...]:
    channel = CHANNELS.get(kind)
    if channel is None:
        return ()
    policy = clinic.policy_for(patient.residence, channel)
    return tuple(word.value for word in added_under(policy, channel, Purpose.RECALL))
