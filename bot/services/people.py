"""From what is stored of a person to what dialogs decide on and texts are worded with."""

from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.opening import staff_back_at
from bot.wording import ClinicVoice, OwnWords, Reader
from flows.engine.context import ClinicFacts, Context, PatientFacts
from flows.vocabulary import Language, Purpose
from storage.records.people import Patient
from storage.records.talks import ConversationSnapshot


def context_of(snapshot: ConversationSnapshot, clinic: Clinic, now: datetime) -> Context:
    """What a dialog may know at this moment (now: aware UTC)."""
    patient = snapshot.patient
    language = clinic.language_of(patient.language)
    says = clinic.settings.says.get(language)
    asked_for = frozenset({Purpose.RECALL, Purpose.POSTVISIT, Purpose.OFFER})
    return Context(
        now=now,
        zone=clinic.zone,
        clinic=ClinicFacts(
            hold_minutes=clinic.settings.recall.hold_minutes,
            asks_for=frozenset(purpose for purpose in asked_for if clinic.policy.rule(purpose) is not None),
            says=frozenset(says.model_dump(exclude_none=True)) if says else frozenset(),
        ),
        patient=PatientFacts(
            language=language,
            last_visit_on=patient.last_visit_on,
            permitted=permitted_of(patient),
            frozen=patient.frozen,
            has_mobile=patient.profile.mobile is not None,
            has_email=patient.profile.email is not None,
        ),
        visit=snapshot.visit,
        owner=snapshot.owner,
        staff_back_at=staff_back_at(clinic, now),
    )


def permitted_of(patient: Patient) -> frozenset[Purpose]:
    """The purposes the patient agreed to, as the ledger's columns say."""
    agreed = {
        Purpose.RECALL: patient.recall_ok,
        Purpose.POSTVISIT: patient.postvisit_ok,
        Purpose.OFFER: patient.offer_ok,
    }
    return frozenset(purpose for purpose, yes in agreed.items() if yes)


def reader_of(patient: Patient, clinic: Clinic) -> Reader:
    """Whom a text is for."""
    profile = patient.profile
    return Reader(
        title=profile.title,
        sex=profile.sex,
        first_name=profile.given_name,
        last_name=profile.family_name,
        patronymic=profile.patronymic,
        dentist=clinic.provider_names.get(patient.provider_id) if patient.provider_id else None,
        last_visit_on=patient.last_visit_on,
    )


def voice_of(clinic: Clinic) -> ClinicVoice:
    """The clinic as its messages name it."""
    part = clinic.settings.clinic
    return ClinicVoice(
        name=part.name,
        names=part.names,
        phone=part.phone,
        address=part.address,
        emergency=part.emergency,
        out_of_hours=part.out_of_hours,
        crisis_line=part.crisis_line,
        zone=clinic.zone,
        says={
            Language(language): OwnWords(fees=says.fees, payment=says.payment, fear=says.fear, bring=says.bring)
            for language, says in clinic.settings.says.items()
        },
    )
