"""Patients for planning tests: one who may be invited, and everything that can stand in the way of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from bot.settings.programmes import read_programme
from flows.ids import ConversationId, PatientId
from flows.outreach.assignment import held_out_below
from flows.outreach.bands import LapsedRule
from flows.outreach.case import Case
from flows.outreach.facts import ClinicRules, Facts, Mode
from flows.outreach.gate import SendRequest, Stage, Verdict, judge
from flows.outreach.hours import cycle_began, day_begins, local_day, year_began
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.policy import Caps, Policy
from flows.outreach.rights import rights
from flows.outreach.saying import says
from flows.outreach.withholding import withheld
from flows.vocabulary import Channel, Language, Owner, PatientStatus, Purpose, Reach
from storage.records.outgoing import NewOutbox
from storage.records.people import NewPatient, Profile
from storage.records.planning import Asked, DueQuery, Since, StoredFacts
from storage.records.talks import Heard
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind
from tests.flows.outreach.given import rule_of
from tests.storage.calendar_world import ZONE

LATER = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)  # inside the hours, on a Monday
CAMPAIGN = "reactivation:2026-11-23"
EARLIER = "reactivation:2026-11-01"
PROGRAMME = read_programme()
HELD_OUT = held_out_below(0.0)
LAPSED = LapsedRule(limit_months=12)


class Contact(Enum):
    """How the person is reached."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    CLOSED = "closed"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person; as they stand they may be invited.

    events: what the ledger says, by act, actor, purpose and days ago, all collected from one `source`; a pause ends
    `pause_days` from now.
    contacted_days: how long ago the programme wrote; heard_days: and they.
    """

    status: PatientStatus = PatientStatus.ACTIVE
    language: Language | None = Language.EN
    birth_date: date | None = date(1980, 5, 17)
    last_visit_on: date | None = date(2025, 6, 1)
    recall_months: int | None = 6
    next_visit_at: datetime | None = None
    concern: str | None = None
    events: tuple[tuple[Act, ActedBy, Purpose | None, int], ...] = ((Act.PERMIT, ActedBy.SELF, Purpose.RECALL, 900),)
    pause_days: int = 30
    contact: Contact = Contact.PROVEN
    contacted_days: int | None = None
    heard_days: int | None = None
    owner: Owner = Owner.BOT
    waiting: bool = False
    erased: bool = False
    source: str = "test"


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """Who was added."""

    patient_id: PatientId
    conversation_id: ConversationId | None


def query(now: datetime = LATER, minor_age: int = 18, lapsed: LapsedRule = LAPSED) -> DueQuery:
    """Ask for who is due at a moment."""
    return DueQuery(
        now=now,
        today=local_day(now, ZONE),
        zone=ZONE,
        lapsed=lapsed,
        minor_age=minor_age,
        channels=(Channel.WEBCHAT, Channel.TELEGRAM),
    )


def add(uow: UnitOfWork, number: str, person: Person, now: datetime = LATER) -> Added:
    """Bring a person in through the repositories that own each thing."""
    profile = Profile(number=number, family_name="Example", birth_date=person.birth_date, concern=person.concern)
    row = NewPatient(
        profile=profile,
        provider_id=None,
        language=person.language,
        status=person.status,
        last_visit_on=person.last_visit_on,
        recall_months=person.recall_months,
        next_visit_at=person.next_visit_at,
    )
    (done,) = uow.patients.upsert_many([row], now=now)
    patient_id = done.patient_id
    uow.ledger.append(
        [
            replace(_event(uow, patient_id, *event, now=now, pause_days=person.pause_days), collected=person.source)
            for event in person.events
        ]
    )
    if person.contacted_days is not None:
        uow.patients.contacted([patient_id], now=now - timedelta(days=person.contacted_days))
    conversation_id = _reach(uow, patient_id, person, now)
    if person.waiting:
        uow.outbox.plan(waiting(patient_id, now), now=now)
    if person.erased:
        uow.patients.erase(patient_id, now=now)
    return Added(patient_id=patient_id, conversation_id=conversation_id)


def waiting(
    patient_id: PatientId, now: datetime, campaign: str = "reactivation:2026-11-01", step: int = 1
) -> NewOutbox:
    """Make an invitation that waits in the outbox."""
    return NewOutbox(
        patient_id=patient_id,
        channel=Channel.WEBCHAT,
        kind=OutboxKind.PROACTIVE,
        message_key="invitation",
        level=0,
        not_before=now,
        reach=Reach.BOT_ONLY,
        purpose=Purpose.RECALL,
        campaign=campaign,
        step=step,
    )


def _event(
    uow: UnitOfWork,
    patient_id: PatientId,
    act: Act,
    by: ActedBy,
    purpose: Purpose | None,
    days_ago: int,
    *,
    now: datetime,
    pause_days: int,
) -> LedgerEvent:
    at = now - timedelta(days=days_ago)
    return LedgerEvent(
        id=uow.ledger.new_id(),
        patient_id=patient_id,
        at=at,
        acted_by=by,
        act=act,
        purpose=purpose,
        basis=Basis.EXPRESS_CONSENT if act is Act.PERMIT else None,
        address_id=None,
        channel=None,
        policy="strictest",
        policy_version=1,
        collected="test",
        evidence="file:1",
        valid_from=at,
        valid_until=now + timedelta(days=pause_days) if act is Act.PAUSE else None,
    )


def _reach(uow: UnitOfWork, patient_id: PatientId, person: Person, now: datetime) -> ConversationId | None:
    if person.contact is Contact.NONE:
        return None
    how = None if person.contact is Contact.UNPROVEN else "link"
    address_id = uow.addresses.add(patient_id, Channel.WEBCHAT, f"chat-{patient_id}", verified_how=how, now=now)
    conversation_id = uow.conversations.create(patient_id, address_id, Channel.WEBCHAT, now=now)
    version = uow.conversations.snapshot(conversation_id, now=now).lock_version
    if person.heard_days is not None:
        heard_at = now - timedelta(days=person.heard_days)
        version = uow.conversations.save(
            conversation_id, state={"chat": {}}, lock_version=version, now=heard_at, heard=Heard.PATIENT
        )
    if person.owner is Owner.STAFF:
        uow.conversations.set_owner(conversation_id, owner=Owner.STAFF, staff_id=None, lock_version=version)
    if person.contact is Contact.CLOSED:
        uow.addresses.close(address_id, why="bounced", now=now)
    return conversation_id


def question(uow: UnitOfWork, patient_id: PatientId, policy: Policy, now: datetime = LATER) -> Case:
    """Make the question whether a first invitation may be planned, with the facts that are stored."""
    asked = Asked(patient_id=patient_id, purpose=Purpose.RECALL, channel=Channel.WEBCHAT, campaign=CAMPAIGN, step=1)
    stored = uow.planning.facts([asked])[patient_id]
    request = SendRequest(
        patient_id=patient_id,
        purpose=Purpose.RECALL,
        channel=Channel.WEBCHAT,
        level=0,
        says=says(Channel.WEBCHAT, Purpose.RECALL),
        stage=Stage.PLANNED,
    )
    return Case(request=request, facts=_facts(stored, policy, now), policy=policy, now=now)


def verdict(uow: UnitOfWork, patient_id: PatientId, policy: Policy, now: datetime = LATER) -> Verdict:
    """Ask the gate whether a first invitation may be planned, with the facts that are stored."""
    case = question(uow, patient_id, policy, now)
    return judge(case.request, case.facts, case.policy, case.now)


def counted_since(caps: Caps, now: datetime = LATER) -> Since:
    """Since when messages count towards the caps."""
    return Since(
        day_began=day_begins(local_day(now, ZONE), ZONE),
        week_began=now - timedelta(days=7),
        cycle_began=cycle_began(now, caps, ZONE),
        year_began=year_began(now, ZONE),
    )


def _facts(stored: StoredFacts, policy: Policy, now: datetime) -> Facts:
    clinic = ClinicRules(
        zone=ZONE, holidays=frozenset(), lapsed=LAPSED, policy_signed=True, sending_stopped=False, mode=Mode.LIVE
    )
    return Facts(
        clinic=clinic,
        status=stored.status,
        language=stored.language,
        birth_date=stored.birth_date,
        rights=rights(stored.history.events, now),
        ledger_whole=stored.history.is_whole,
        key_present=stored.key_present,
        last_visit_on=stored.last_visit_on,
        recall_months=stored.recall_months,
        next_visit_at=stored.next_visit_at,
        visit_at=stored.visit_at,
        last_contacted_at=stored.last_contacted_at,
        rhythm_months=stored.rhythm_months,
        withheld=withheld(stored.place, PROGRAMME, held_out=HELD_OUT, now=now, zone=ZONE),
        sent=stored.sent(counted_since(rule_of(Purpose.RECALL, policy).caps, now), Stage.PLANNED),
        address_id=stored.address_id,
        staff_owns=stored.staff_owns,
        asked=False,
        heard_at=stored.heard_at,
        duplicate=stored.duplicate(Stage.PLANNED),
        released=True,
        free_times=2,
    )
