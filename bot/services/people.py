"""From what is stored of a person to what dialogs decide on and texts are worded with."""

from dataclasses import replace
from datetime import datetime

from bot.services.clinic import Clinic
from bot.wording import ClinicVoice, OwnWords, Reader
from flows.engine.context import Context, PatientFacts
from flows.outreach.ages import age
from flows.vocabulary import Language, PatientStatus, Purpose
from storage.records.people import Patient
from storage.records.talks import ConversationSnapshot


def context_of(
    snapshot: ConversationSnapshot, clinic: Clinic, now: datetime, unasked: frozenset[Purpose] = frozenset()
) -> Context:
    """What a dialog may know at this moment (now: aware UTC). unasked: what the patient was never asked about."""
    patient = snapshot.patient
    language = clinic.language_of(patient.language)
    return Context(
        now=now,
        zone=clinic.zone,
        clinic=clinic.facts_for(patient.residence, snapshot.channel, language),
        patient=PatientFacts(
            language=language,
            last_visit_on=patient.last_visit_on,
            permitted=permitted_of(patient),
            unasked=unasked,
            minor=is_minor(snapshot, clinic, now),
            preferred_channel=patient.preferred_channel,
            rhythm_months=patient.rhythm_months,
            frozen=patient.frozen,
            has_mobile=patient.profile.mobile is not None,
            has_email=patient.profile.email is not None,
            known=patient.status is not PatientStatus.UNKNOWN,
            household=snapshot.household,
        ),
        visit=snapshot.visit,
        owner=snapshot.owner,
        worry=snapshot.worry,
    )


def speaking(context: Context, language: Language, clinic: Clinic) -> Context:
    """The same, of somebody who is written to in this language from now on."""
    patient = replace(context.patient, language=language)
    return replace(context, patient=patient, clinic=replace(context.clinic, says=clinic.says_in(language)))


def is_minor(snapshot: ConversationSnapshot, clinic: Clinic, now: datetime) -> bool:
    """Whether the patient is known to be a child, for whom a guardian decides."""
    born = snapshot.patient.profile.birth_date
    if born is None:
        return False
    policy = clinic.policy_for(snapshot.patient.residence, snapshot.channel)
    return age(born, now.astimezone(clinic.zone).date()) < policy.minor_age


def permitted_of(patient: Patient) -> frozenset[Purpose]:
    """The purposes the patient agreed to, as the ledger's columns say."""
    agreed = (
        (Purpose.RECALL, patient.recall_ok),
        (Purpose.POSTVISIT, patient.postvisit_ok),
        (Purpose.OFFER, patient.offer_ok),
    )
    return frozenset([purpose for purpose, yes in agreed if yes])


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
