"""The messages the practice begins with: invitation, reminder, check-in; and the welcome.

Services send them; the state each of them leads to asks with the same reply.
"""

from flows.dialogs import buttons
from flows.dialogs.buttons import open_offers, slot_buttons
from flows.dialogs.states import Invited
from flows.engine.context import Context
from flows.engine.decision import Attachment, Reply
from flows.messages import checkin, recall, visit
from flows.messages import welcome as opening
from flows.slots import BookedVisit, Slot

LAST_STEP = 3


def invitation(
    step_number: int, slots: tuple[Slot, ...], context: Context, wording: recall.Wording | None = None
) -> Reply:
    """Word a step of the reactivation campaign.

    Args:
        step_number: from 1; steps after the third use its words.
        slots: the one or two times that are offered.
        context: the world now; times that are over are left out.
        wording: the words; None: those usual for the step.

    Raises:
        ValueError: no time lies ahead; there is nothing to invite to.
    """
    offers = open_offers(slots, context.now)
    if not offers:
        raise ValueError("an invitation needs a time that lies ahead")
    return _invitation(wording or _usual_wording(step_number), offers)


def invitation_again(state: Invited, context: Context) -> Reply:
    """Word the invitation of a state, with the times of it that still lie ahead."""
    offers = open_offers(state.offers, context.now)
    if not offers:
        return offers_passed()
    return _invitation(_usual_wording(state.step_number), offers)


def offers_passed() -> Reply:
    """Say that the times on the table are over, and offer to look for new ones."""
    return Reply(text=recall.OffersPassed(), buttons=(buttons.LOOK_FOR_TIME, buttons.NOT_NOW, buttons.PERSON))


def _invitation(wording: recall.Wording, offers: tuple[tuple[int, Slot], ...]) -> Reply:
    times = tuple(slot.starts_at for _, slot in offers)
    text = wording.one_time(first=times[0]) if len(times) == 1 else wording.two_times(first=times[0], second=times[1])
    return Reply(text=text, buttons=(*slot_buttons(offers), buttons.OTHER_TIMES, buttons.NOT_NOW, buttons.PERSON))


def _usual_wording(step_number: int) -> recall.Wording:
    usual = (recall.FirstInvitation, recall.SecondInvitation, recall.ThirdInvitation)
    return recall.INVITATIONS[usual[min(step_number, LAST_STEP) - 1].key]


def reminder(booked: BookedVisit, context: Context) -> Reply:
    """Word the reminder of a visit, with what to bring where the clinic says so, and its calendar file."""
    words = visit.ReminderBring if "bring" in context.clinic.says else visit.Reminder
    return Reply(
        text=words(starts_at=booked.slot.starts_at, provider=booked.provider_name),
        buttons=(buttons.WILL_COME, buttons.CHANGE_VISIT, buttons.CANCEL_VISIT, buttons.PERSON),
        attachment=Attachment.CALENDAR_FILE,
    )


def welcome(context: Context) -> Reply:
    """Word the greeting of whoever opens the chat, and offer what can be done."""
    return Reply(text=opening.Welcome(), buttons=buttons.menu(context))


def check_in(_context: Context) -> Reply:
    """Word the check-in after a visit."""
    return Reply(text=checkin.CheckIn(), buttons=(buttons.ALL_GOOD, buttons.NOT_QUITE, buttons.PERSON))
