"""A time becomes a visit: put into the calendar and confirmed, or gone to somebody faster.

Whoever has a visit gets no second one here: the old one is moved, or a person helps.
"""

from typing import TypeAlias

from flows.dialogs import buttons
from flows.dialogs.consent import ASKS, then_ask
from flows.dialogs.searching import already_booked, find_times, still_moving
from flows.dialogs.states import BookingSlot, Idle, Invited, LookingForTimes, Offered
from flows.engine.context import Context
from flows.engine.decision import Attachment, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import SlotTaken, VisitBooked
from flows.engine.requests import BookSlot
from flows.ids import AppointmentId
from flows.meaning import ANY_TIME
from flows.messages import booking as say
from flows.messages import times as say_of_times
from flows.slots import Slot

booking = Dialog(name="booking")

Confirmation: TypeAlias = say.Booked | say.BookedBring | say.BookedSoon | say.BookedBringSoon | say.Rebooked

BOOKS = (BookingSlot, Idle, STAY)
"""The ends of a rule that takes an offer."""


def book(state: Invited | Offered, slot: Slot, context: Context) -> Outcome:
    """Take an offer. One whose time is over is not taken: the question is asked again with what is left."""
    if slot.starts_at <= context.now:
        return ask(state)
    wish, moving = (state.wish, state.moving) if isinstance(state, Offered) else (ANY_TIME, None)
    moving = still_moving(moving, context)
    if context.visit is not None and moving is None:
        return already_booked(state, context.visit)
    return go(BookingSlot(slot=slot, wish=wish, moving=moving), requests=(BookSlot(slot=slot, moving=moving),))


@booking.on(BookingSlot, VisitBooked, ends=ASKS)
def confirm(state: BookingSlot, event: VisitBooked, context: Context) -> Outcome:
    """Confirm the visit, with its calendar file; whoever was never asked whether we may write is asked that then."""
    return then_ask(confirmation(event, state.moving, context), context.patient.unasked, context)


def confirmation(booked: VisitBooked, moving: AppointmentId | None, context: Context) -> Reply:
    """Word the confirmation of a visit; `moving`: the visit that was moved to this time, if one was."""
    words = _words(booked, moving, context)
    text = words(starts_at=booked.visit.slot.starts_at, provider=booked.visit.provider_name)
    choices = (buttons.CHANGE_VISIT, buttons.CANCEL_VISIT, buttons.PERSON)
    return Reply(text=text, buttons=choices, attachment=Attachment.CALENDAR_FILE)


def _words(booked: VisitBooked, moving: AppointmentId | None, context: Context) -> type[Confirmation]:
    if moving is not None:
        return say.Rebooked
    match ("bring" in context.clinic.says, booked.reminder_at):
        case (True, None):
            return say.BookedBringSoon
        case (True, _):
            return say.BookedBring
        case (_, None):
            return say.BookedSoon
        case _:
            return say.Booked


@booking.on(BookingSlot, SlotTaken, ends=[LookingForTimes])
def look_again(state: BookingSlot, _event: SlotTaken, context: Context) -> Outcome:
    """Say that somebody was faster, and look for two others at once."""
    taken = Reply(text=say_of_times.JustTaken())
    return find_times(state, context, taken, wish=state.wish, moving=state.moving)
