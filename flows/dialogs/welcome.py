"""The chat is opened: a greeting for whoever starts, the open question for whoever comes back to one."""

from flows.dialogs.buttons import MY_DETAILS, PERSON, SETTINGS, time_or_visit
from flows.dialogs.outreach_texts import invitation_again
from flows.dialogs.states import BookingSlot, CheckingContact, Idle, Invited, LookingForDays, LookingForTimes
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChatOpened
from flows.engine.state import State
from flows.messages import welcome as say

welcome = Dialog(name="welcome")


def menu_buttons(context: Context) -> tuple[Button, ...]:
    """Give what can be done when nothing is open."""
    return (time_or_visit(context), MY_DETAILS, SETTINGS, PERSON)


def greeting(context: Context) -> Reply:
    """Greet, say that this is an automatic assistant, and offer what can be done."""
    return Reply(text=say.Welcome(), buttons=menu_buttons(context))


@welcome.on(Idle, ChatOpened, ends=[Idle])
def greet(_state: Idle, _event: ChatOpened, context: Context) -> Outcome:
    """Greet."""
    return go(Idle(), greeting(context))


@welcome.on(Invited, ChatOpened, ends=[STAY])
def show_invitation(state: Invited, _event: ChatOpened, context: Context) -> Outcome:
    """Show the whole invitation: it may have come by another way, or be the first words of this chat."""
    return go(state, invitation_again(state, context))


@welcome.on(State, ChatOpened, ends=[STAY])
def come_back(state: State, _event: ChatOpened, _context: Context) -> Outcome:
    """Ask the open question again; it is not lost."""
    return ask(state)


@welcome.question(Idle, LookingForTimes, LookingForDays, BookingSlot, CheckingContact)
def what_can_we_do(_state: State, context: Context) -> Reply:
    """Ask what can be done."""
    return Reply(text=say.WhatCanWeDo(), buttons=menu_buttons(context))
