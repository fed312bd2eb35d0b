"""For whom an account speaks: its people by name, which of their talks it is in, and asking staff who it is.

Only people whose address the account is are ever named or switched to.
"""

from collections import Counter
from collections.abc import Collection

from bot.services.cards import name_of
from bot.services.guessing import tried
from bot.services.rights import stop_events
from bot.services.situation import Situation
from bot.services.tickets import due_at
from flows.engine.events import ChatOpened, NameTaken, SeveralPeople, TooManyTries
from flows.engine.household import Member
from flows.engine.requests import AskWhoThisIs, FindFamily, SpeakFor
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Purpose, TicketReason, Urgency
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork


def talks_of(uow: UnitOfWork, conversation_id: ConversationId) -> dict[PatientId, ConversationId]:
    """For whom the account of a talk speaks, the oldest first, each with their talk; empty where it has no account."""
    account = uow.accounts.of_conversation(conversation_id)
    members = () if account is None else uow.accounts.members(account)
    return {member.patient_id: member.conversation_id for member in members}


def named(uow: UnitOfWork, patient_ids: Collection[PatientId]) -> tuple[Member, ...]:
    """The people with a name each that tells them apart: given name, else the whole, else with the year of birth."""
    people = uow.patients.get_many(patient_ids)
    known = [people[patient_id] for patient_id in patient_ids if patient_id in people]
    given = Counter(_given(patient) for patient in known)
    whole = Counter(name_of(patient) for patient in known)
    return tuple(Member(patient_id=patient.id, name=_called(patient, given, whole)) for patient in known)


def find_family(_request: FindFamily, here: Situation) -> SeveralPeople:
    """Tell for whom the account may speak."""
    return SeveralPeople(people=named(here.uow, talks_of(here.uow, here.conversation_id) or (here.patient_id,)))


def speak_for(request: SpeakFor, here: Situation) -> ChatOpened | None:
    """Lead the account to the talk of one of its people; None: that is another talk, and who calls opens it."""
    to = talks_of(here.uow, here.conversation_id).get(request.patient_id, here.conversation_id)
    if to == here.conversation_id:
        return ChatOpened()
    lead_to(here.uow, to)
    return None


def lead_to(uow: UnitOfWork, conversation_id: ConversationId) -> None:
    """Let the account of a patient's talk go on in that talk: what is said next is said to this patient."""
    account = uow.accounts.of_conversation(conversation_id)
    if account is not None and account.conversation_id != conversation_id:
        uow.accounts.move(account, conversation_id)


def ask_who_this_is(_request: AskWhoThisIs, here: Situation) -> NameTaken | TooManyTries | None:
    """Let staff look who it is, from what was written; None: the account has to wait, and knows it."""
    account = here.uow.accounts.of_conversation(here.conversation_id)
    if account is not None:
        guess = tried(here.uow, account, here.conversation_id, here.clinic, here.now)
        if not guess.answered:
            return None
        if guess.wait_minutes is not None:
            return TooManyTries(minutes=guess.wait_minutes)
    here.uow.tickets.open(
        here.conversation_id,
        reason=TicketReason.IDENTIFY,
        urgency=Urgency.TODAY,
        due_at=due_at(Urgency.TODAY, here.now, here.clinic),
        now=here.now,
    )
    return NameTaken()


def stop_for_all(here: Situation, ended: frozenset[Purpose]) -> None:
    """A stop meant for everybody the account speaks for: each of the others has it in their own ledger too."""
    for patient_id, conversation_id in talks_of(here.uow, here.conversation_id).items():
        if patient_id != here.patient_id:
            theirs = Situation(
                uow=here.uow,
                clinic=here.clinic,
                conversation_id=conversation_id,
                patient_id=patient_id,
                channel=here.channel,
                treated_by=None,
                now=here.now,
                source=here.source,
            )
            here.uow.ledger.append(stop_events(theirs))
            here.uow.outbox.withdraw(patient_id, ended, reason="stopped")


def _given(patient: Patient) -> str:
    return patient.profile.given_name or name_of(patient) or patient.profile.number


def _called(patient: Patient, given: Counter[str], whole: Counter[str]) -> str:
    if given[_given(patient)] == 1:
        return _given(patient)
    name, born = name_of(patient) or patient.profile.number, patient.profile.birth_date
    return f"{name} ({born.year})" if whole[name] > 1 and born is not None else name
