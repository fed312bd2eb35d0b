"""The calendar is asked for times or days, and what it found becomes an offer.

What was not just what the patient wished for is said to be so; where nothing is free, a person is told.
"""

from datetime import datetime

from flows.dialogs import buttons
from flows.dialogs.person import wait_for_staff
from flows.dialogs.resting import letting_go, rest
from flows.dialogs.states import ChoosingDay, Idle, LookingForDays, LookingForTimes, Offered, WaitingForStaff
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import DaysFound, SlotsFound
from flows.engine.requests import FindDays, FindSlots
from flows.engine.state import State
from flows.ids import AppointmentId
from flows.meaning import ANY_TIME, TimeWish
from flows.messages import times as say
from flows.messages import visit as say_of_visit
from flows.messages.text import Text
from flows.slots import BookedVisit
from flows.vocabulary import TicketReason, Urgency

searching = Dialog(name="searching")

MOST_OFFERS = 2
MOST_DAYS = 5

SEARCHES = (LookingForTimes, Idle, STAY)
"""The ends of a rule that looks for times for whoever asks; whoever has a visit is shown that."""


def already_booked(state: State, visit: BookedVisit) -> Outcome:
    """Show the visit to whoever asks for a time and has one: it can be moved, or a person helps with another."""
    text = say_of_visit.AlreadyBooked(starts_at=visit.slot.starts_at, provider=visit.provider_name)
    choices = (buttons.CHANGE_VISIT, buttons.CANCEL_VISIT, buttons.PERSON)
    return go(rest(state), Reply(text=text, buttons=choices), requests=letting_go(state))


def still_moving(moving: AppointmentId | None, context: Context) -> AppointmentId | None:
    """Give the visit that is to be moved, if it is still the one ahead."""
    ahead = context.visit.appointment_id if context.visit else None
    return moving if moving == ahead else None


def search(
    state: State,
    context: Context,
    *,
    wish: TimeWish = ANY_TIME,
    moving: AppointmentId | None = None,
    after: datetime | None = None,
) -> Outcome:
    """Look for two times and keep them; what lay on the table is given back.

    Args:
        state: where the chat stands.
        context: the world now.
        wish: the times wished for, in the clinic's zone.
        moving: the visit to be moved; whoever has a visit and moves none is shown it instead.
        after: only times after this instant (UTC).
    """
    moving = still_moving(moving, context)
    if context.visit is not None and moving is None:
        return already_booked(state, context.visit)
    return find_times(state, context, wish=wish, moving=moving, after=after)


def find_times(
    state: State,
    context: Context,
    *replies: Reply,
    wish: TimeWish,
    moving: AppointmentId | None,
    after: datetime | None = None,
) -> Outcome:
    """Ask the calendar for two times, for a patient known to have no other visit; `replies` come before the offer."""
    find = FindSlots(wish=wish, count=MOST_OFFERS, hold_minutes=context.clinic.hold_minutes, after=after, moving=moving)
    return go(LookingForTimes(wish=wish, moving=moving), *replies, requests=(*letting_go(state), find))


def search_days(
    state: State, context: Context, *, moving: AppointmentId | None = None, after: datetime | None = None
) -> Outcome:
    """Look for days with free times; arguments as for `search`."""
    moving = still_moving(moving, context)
    if context.visit is not None and moving is None:
        return already_booked(state, context.visit)
    find = FindDays(count=MOST_DAYS, after=after, moving=moving)
    return go(LookingForDays(moving=moving), requests=(*letting_go(state), find))


@searching.on(LookingForTimes, SlotsFound, ends=[Offered, WaitingForStaff])
def offer(state: LookingForTimes, event: SlotsFound, context: Context) -> Outcome:
    """Offer what was found, or bring in a person."""
    if not event.slots:
        return nothing_free(state, context)
    return ask(Offered(offers=event.slots[:MOST_OFFERS], exact=event.exact, wish=state.wish, moving=state.moving))


@searching.on(LookingForDays, DaysFound, ends=[ChoosingDay, WaitingForStaff])
def offer_days(state: LookingForDays, event: DaysFound, context: Context) -> Outcome:
    """Offer the days, or bring in a person."""
    if not event.days:
        return nothing_free(state, context)
    return ask(ChoosingDay(days=event.days[:MOST_DAYS], moving=state.moving))


def nothing_free(state: LookingForTimes | LookingForDays, context: Context) -> Outcome:
    """Say that nothing is free and that a person will call; a visit that was to be moved stays."""
    text: Text = say.NothingFree()
    if state.moving is not None and context.visit is not None:
        text = say.NothingFreeVisitStays(starts_at=context.visit.slot.starts_at)
    return wait_for_staff(state, text, reason=TicketReason.NO_SLOTS, urgency=Urgency.TODAY)
