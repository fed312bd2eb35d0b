"""The last moment before a proactive message leaves: ask the gate again, find its times, word it.

Invariant: words exist only after a yes of the gate in the same transaction, and the dialog already waits for the answer
when they leave.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.campaigns import Errand, read_errand
from bot.services.clinic import Clinic
from bot.services.deciding import Decided, decide
from bot.services.family import lead_to
from bot.services.judging import PASSING, judge_all, write_down
from bot.services.leaving import Leaving, claimed
from bot.services.mailing import Mailing
from bot.services.people import context_of
from bot.services.ports import Clock
from bot.services.resting import UNRELEASED_RESTS
from bot.services.situation import Situation
from bot.services.speaking import Speaker, listener_of
from bot.services.talk import read_buttons, read_talk
from flows.dialogs.outreach_texts import check_in, invitation, reminder
from flows.engine.context import Context
from flows.engine.decision import Reply
from flows.engine.events import CheckInSent, Event, InvitationSent, ReminderSent
from flows.ids import AppointmentId
from flows.meaning import ANY_TIME
from flows.messages.recall import INVITATIONS, Wording
from flows.messages.text import Text
from flows.outreach.assignment import choose
from flows.outreach.cadence import FIRST_INVITATION, Campaign
from flows.outreach.verdict import Defer, Permit, Refusal, Refuse, Stage
from flows.slots import BookedVisit, Slot
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.records.outgoing import DueOutbox, Lease
from storage.records.talks import ConversationSnapshot, Heard
from storage.repositories.addresses import CUT_OFF
from storage.unit_of_work import UnitOfWork

OFFERS = 2
OFFERED_AHEAD = timedelta(hours=36)
ASK_AGAIN = timedelta(minutes=30)
A_DAY = timedelta(days=1)
AT_ANOTHER_TIME = {
    Refusal.CAP_HOUSEHOLD: A_DAY,
    Refusal.NO_FREE_TIME: A_DAY,
    Refusal.IN_CONVERSATION: A_DAY,
    Refusal.SENDING_STOPPED: A_DAY,
    Refusal.POLICY_UNSIGNED: A_DAY,
    Refusal.NOT_RELEASED: UNRELEASED_RESTS,
}
"""After how long a further step of a campaign tries again, by what kept it: it is planned once and for all."""

TRIES_FOR = timedelta(days=30)
"""So long after it was planned a further step is given up; the campaign then goes on without it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """What was permitted: which message, with which times, up to which content level, over which closing lines."""

    errand: Errand
    slots: tuple[Slot, ...]
    level: int
    foot: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """The talk a message is about to enter, locked."""

    here: Situation
    snapshot: ConversationSnapshot
    lock_version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """What leaves, the event that tells the dialog, and the visit it speaks of."""

    event: Event
    reply: Reply
    visit: BookedVisit | None


class Departures:
    """Prepares proactive messages, one transaction each."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, speaker: Speaker, mailing: Mailing) -> None:
        """Take what wording needs."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._speaker = speaker
        self._mailing = mailing

    async def prepare(self, due: DueOutbox, lease: Lease) -> Leaving | None:
        """Word a claimed message if it may leave now; None if it may not, which is written down with the reason.

        lease: that of the claim, made to last from now on.
        """
        return await self._database.write(self._clinic.id, lambda uow: self._prepare(uow, due, lease))

    def _prepare(self, uow: UnitOfWork, due: DueOutbox, lease: Lease) -> Leaving | None:
        now = self._clock.now()
        # Locked first: whatever changes the talk from here on waits until the words are written down.
        scene = self._enter(uow, due, now)
        stopped = uow.clinics.hold_gate()
        heard = uow.ledger.hold(due.patient_id)
        if not uow.outbox.renew(due.id, lease):
            return None
        if stopped is not None:
            # Claimed a moment before the stop. Due as before, it is claimed again once sending goes on.
            uow.outbox.retry([due.id], lease.token, not_before=due.not_before, reason="sending_stopped")
            uow.commit()
            return None
        errand = read_errand(due)
        slots = () if scene is None else slots_for(errand, scene.here)
        mailed = errand.channel is Channel.EMAIL and errand.purpose is Purpose.RECALL
        free = self._mailing.free_times(uow, now) if mailed else len(slots)
        judged = judge_all(uow, self._clinic, {errand: now}, stage=Stage.SENDING, now=now, free_times=free)
        judgement = judged[errand]
        write_down(uow, [(judgement, due.id)], stage=Stage.SENDING, now=now)
        leaving = None
        match judgement.verdict:
            case Defer(until=until):
                uow.outbox.retry([due.id], lease.token, not_before=until, reason="deferred")
            case Refuse(reason=reason) if reason in PASSING and errand.about is not None:
                uow.outbox.retry([due.id], lease.token, not_before=now + ASK_AGAIN, reason=reason.value)
            case Refuse(reason=reason) if _tries_again(uow, due, errand, reason, now):
                again_at = now + AT_ANOTHER_TIME[reason]
                uow.outbox.retry([due.id], lease.token, not_before=again_at, reason=reason.value)
            case Refuse(reason=reason):
                uow.outbox.refuse([due.id], lease.token, reason=reason.value)
            case Permit() if mailed:
                leaving = self._mailing.word(uow, due, lease, judgement, now)
            case Permit() if scene is None or scene.snapshot.address_closed_why == CUT_OFF:
                uow.outbox.mark_failed([due.id], lease.token, reason="no_channel")
            case Permit():
                journey = Journey(errand=errand, slots=slots, level=judgement.level, foot=judgement.foot)
                leaving = self._word(due, lease, journey, scene)
        uow.commit()
        return None if leaving is None else replace(leaving, heard=heard)

    def _enter(self, uow: UnitOfWork, due: DueOutbox, now: datetime) -> _Scene | None:
        if due.conversation_id is None or not due.key_present:
            return None
        lock = uow.conversations.lock(due.conversation_id)
        snapshot = uow.conversations.snapshot(due.conversation_id, now=now)
        here = Situation(
            uow=uow,
            clinic=self._clinic,
            conversation_id=due.conversation_id,
            patient_id=due.patient_id,
            channel=due.channel,
            treated_by=snapshot.patient.provider_id,
            now=now,
            source=f"outbox:{due.id}",
        )
        return _Scene(here=here, snapshot=snapshot, lock_version=lock.lock_version)

    def _word(self, due: DueOutbox, lease: Lease, journey: Journey, scene: _Scene) -> Leaving | None:
        here, snapshot, uow = scene.here, scene.snapshot, scene.here.uow
        context = context_of(snapshot, self._clinic, here.now)
        departure = departure_of(journey, here, context)
        talk = read_talk(snapshot)
        decided = decide(talk.chat, departure.event, context, here)
        said = Decided(chat=decided.chat, replies=(departure.reply,), visit=departure.visit)
        words = self._speaker.words(departure.reply, said, listener_of(snapshot, here, journey.level), here)
        held = uow.outbox.word(
            due.id,
            lease.token,
            words.body,
            patient_id=due.patient_id,
            message_key=departure.reply.text.key,
            level=words.level,
        )
        if not held:
            return None
        if snapshot.household > 1:
            # Whatever is answered is answered to this, whomever of the family the account spoke for before.
            lead_to(uow, here.conversation_id)
        after = talk.after(decided.chat, read_buttons(words.body))
        uow.conversations.save(
            here.conversation_id,
            state=after.to_json(),
            lock_version=scene.lock_version,
            now=here.now,
            heard=Heard.NOBODY,
        )
        return claimed(due, lease, words.body)


def _tries_again(uow: UnitOfWork, due: DueOutbox, errand: Errand, reason: Refusal, now: datetime) -> bool:
    """Whether a refused message waits: a first one can be planned anew, a further step of its campaign cannot."""
    further = errand.campaign is Campaign.REACTIVATION and errand.step > FIRST_INVITATION.number
    if not further or reason not in AT_ANOTHER_TIME:
        return False
    return now + AT_ANOTHER_TIME[reason] <= uow.outbox.planned_at(due.id) + TRIES_FOR


def slots_for(errand: Errand, here: Situation) -> tuple[Slot, ...]:
    """The times an invitation offers if it leaves now; none for what is no invitation."""
    if errand.campaign is not Campaign.REACTIVATION:
        return ()
    return here.uow.calendar.free_slots(
        ANY_TIME,
        count=OFFERS,
        visit_type_id=here.clinic.recall_type,
        provider_ids=here.clinic.providers_for(here.treated_by),
        now=here.now,
        # Who has just been written to needs an evening to answer, and a reminder needs a day before the visit.
        after=here.now + OFFERED_AHEAD,
        rules=here.clinic.offer_rules,
    ).slots


def _wording(errand: Errand, here: Situation) -> Wording | None:
    """The words that the person's lot in this step of the campaign chooses; the row in the outbox keeps their key."""
    step = here.clinic.programme.step(errand.step)
    if step is None or not step.wordings:
        return None
    lot = here.uow.planning.lot(f"{errand.name}:{errand.step}", errand.patient_id)
    return INVITATIONS[choose(lot, step.wordings)]


def departure_of(journey: Journey, here: Situation, context: Context) -> Departure:
    """What leaves on a journey, with its foot. Raises LookupError: the visit it is about is gone."""
    departure = _departure(journey, here, context)
    return replace(departure, reply=replace(departure.reply, foot=journey.foot))


def _departure(journey: Journey, here: Situation, context: Context) -> Departure:
    errand, slots = journey.errand, journey.slots
    if errand.campaign is Campaign.REACTIVATION:
        return Departure(
            event=InvitationSent(offers=slots, step_number=errand.step),
            reply=invitation(errand.step, slots, context, _wording(errand, here)),
            visit=None,
        )
    if errand.campaign is Campaign.CHECK_IN:
        return Departure(event=CheckInSent(), reply=check_in(context), visit=None)
    visit = None if errand.about is None else here.uow.calendar.appointment(AppointmentId(errand.about))
    if visit is None:
        raise LookupError("the gate permits a reminder only of a booked visit")
    return Departure(
        event=ReminderSent(appointment_id=visit.appointment_id), reply=reminder(visit, context), visit=visit
    )
