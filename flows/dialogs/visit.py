"""A booked visit: reminded of, shown, confirmed, moved, late."""

from flows.dialogs import buttons
from flows.dialogs.outreach_texts import reminder
from flows.dialogs.person import WAITS, wait_for_staff
from flows.dialogs.resting import RESTS, letting_go, rest
from flows.dialogs.searching import SEARCHES, search
from flows.dialogs.states import (
    CancelAsked,
    ChoosingDay,
    ChoosingPart,
    Closed,
    Frozen,
    Idle,
    LookingForTimes,
    Objected,
    Offered,
    Reminded,
    WaitingForStaff,
)
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Attachment, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, Event, ReminderSent, TextUnderstood
from flows.engine.requests import ConfirmVisit, OpenTicket
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import cancel as say_kept
from flows.messages import repair as say_of_repair
from flows.messages import visit as say
from flows.slots import BookedVisit
from flows.vocabulary import TicketReason, Urgency

visit = Dialog(name="visit")


def other_visit(state: State, context: Context) -> BookedVisit | None:
    """Give the visit ahead if it is another than the chat was reminded of: an answer to that reminder is not about it.

    The one reminded of is over or cancelled, or one before it was booked meanwhile.
    """
    if not isinstance(state, Reminded) or context.visit is None:
        return None
    return None if context.visit.appointment_id == state.appointment_id else context.visit


def show_what_is_ahead(state: State, ahead: BookedVisit) -> Outcome:
    """Say that the question has moved on, and show the visit that is ahead now; nothing is done to it."""
    return go(rest(state), Reply(text=say_of_repair.MovedOn()), _shown(ahead))


def no_visit(state: State) -> Outcome:
    """Say that no visit is booked, and offer to look for a time."""
    none = Reply(text=say.NoVisit(), buttons=(buttons.LOOK_FOR_TIME, buttons.PERSON))
    return go(rest(state), none, requests=letting_go(state))


@visit.on(State, ReminderSent, ends=[Reminded, STAY])
def remind(state: State, event: ReminderSent, _context: Context) -> Outcome:
    """Wait for the answer; a chat that waits for a person goes on waiting."""
    if isinstance(state, WaitingForStaff | Frozen | Closed):
        return go(state)
    return go(Reminded(appointment_id=event.appointment_id))


@visit.on(State, Choice.MY_VISIT, ends=RESTS)
def show(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Show the visit, with its calendar file."""
    if context.visit is None:
        return no_visit(state)
    return go(rest(state), _shown(context.visit), requests=letting_go(state))


@visit.on(State, Intent.ALREADY_BOOKED, ends=[*RESTS, *WAITS])
def show_or_check(state: State, _event: TextUnderstood, context: Context) -> Outcome:
    """Show the visit the patient speaks of; have staff check where none is known."""
    if context.visit is not None:
        return go(rest(state), _shown(context.visit), requests=letting_go(state))
    return wait_for_staff(state, say.VisitNotFound(), reason=TicketReason.QUESTION, urgency=Urgency.TODAY)


@visit.on(State, Choice.WILL_COME, ends=RESTS)
@visit.on(Reminded, Intent.YES, ends=[Idle])
def will_come(state: State, _event: Event, context: Context) -> Outcome:
    """Remember that the patient will come."""
    if context.visit is None:
        return no_visit(state)
    if (other := other_visit(state, context)) is not None:
        return show_what_is_ahead(state, other)
    confirmed = ConfirmVisit(appointment_id=context.visit.appointment_id)
    thanks = Reply(text=say.SeeYou(starts_at=context.visit.slot.starts_at))
    return go(rest(state), thanks, requests=(confirmed,))


@visit.on(Reminded, Intent.NO, ends=[CancelAsked, Idle])
@visit.on(State, Choice.CANCEL_VISIT, ends=[CancelAsked, *RESTS])
def ask_before_cancelling(state: State, _event: Event, context: Context) -> Outcome:
    """Ask back before a visit is cancelled."""
    if context.visit is None:
        return no_visit(state)
    if (other := other_visit(state, context)) is not None:
        return show_what_is_ahead(state, other)
    asked = CancelAsked(appointment_id=context.visit.appointment_id, starts_at=context.visit.slot.starts_at)
    return ask(asked, requests=letting_go(state))


@visit.on(State, Choice.CHANGE_VISIT, ends=SEARCHES)
def change(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Look for another time for the visit."""
    if context.visit is None:
        return no_visit(state)
    if (other := other_visit(state, context)) is not None:
        return show_what_is_ahead(state, other)
    return search(state, context, moving=context.visit.appointment_id)


@visit.on(State, Intent.RESCHEDULE, ends=[LookingForTimes])
def change_as_said(state: State, event: TextUnderstood, context: Context) -> Outcome:
    """Look for the time that was named for the visit; without a visit, for a new one."""
    moving = context.visit.appointment_id if context.visit else None
    return search(state, context, wish=event.meaning.times, moving=moving)


@visit.on(CancelAsked, Choice.KEEP_VISIT, Intent.NO, ends=[Idle])
@visit.on(Offered, Choice.KEEP_VISIT, ends=[Idle])
@visit.on(ChoosingDay, Choice.KEEP_VISIT, ends=[Idle])
@visit.on(ChoosingPart, Choice.KEEP_VISIT, ends=[Idle])
@visit.on(Objected, Choice.KEEP_VISIT, ends=[Idle])
def keep(state: State, _event: Event, context: Context) -> Outcome:
    """Leave the visit as it was."""
    if context.visit is None:
        return no_visit(state)
    kept = Reply(text=say_kept.VisitKept(starts_at=context.visit.slot.starts_at), buttons=(buttons.MY_VISIT,))
    return go(rest(state), kept, requests=letting_go(state))


@visit.on(State, Intent.RUNNING_LATE, ends=[STAY])
def run_late(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Tell staff at once that the patient is late."""
    late = OpenTicket(reason=TicketReason.RUNNING_LATE, urgency=Urgency.NOW)
    return go(state, Reply(text=say.RunningLate()), requests=(late,))


@visit.question(Reminded)
def remind_again(state: Reminded, context: Context) -> Reply:
    """Ask with the words of the reminder, as long as the visit stands; else show what stands now."""
    if context.visit is None:
        return Reply(text=say.NoVisit(), buttons=(buttons.LOOK_FOR_TIME, buttons.PERSON))
    if (other := other_visit(state, context)) is not None:
        return _shown(other)
    return reminder(context.visit, context)


def _shown(booked: BookedVisit) -> Reply:
    return Reply(
        text=say.VisitShown(starts_at=booked.slot.starts_at, provider=booked.provider_name),
        buttons=(buttons.CHANGE_VISIT, buttons.CANCEL_VISIT, buttons.WHERE, buttons.PERSON),
        attachment=Attachment.CALENDAR_FILE,
    )
