"""The chat is opened: a greeting for whoever starts, the open question for whoever comes back to one."""

from dataclasses import replace

from flows.dialogs import buttons, outreach_texts
from flows.dialogs.consent import ASKS, then_ask
from flows.dialogs.states import (
    BookingSlot,
    CheckingContact,
    Idle,
    Invited,
    LookingForDays,
    LookingForFamily,
    LookingForSooner,
    LookingForTimes,
    LookingForWays,
)
from flows.engine.context import Context
from flows.engine.decision import Keyboard, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChatOpened, Event, LinkOver, Recognised
from flows.engine.state import State
from flows.messages import knowing as say_of_knowing
from flows.messages import welcome as say
from flows.vocabulary import Purpose

welcome = Dialog(name="welcome")

THANKS = Reply(text=say_of_knowing.KnownNow(), keyboard=Keyboard.NONE)
"""Said to whoever is known now; the button that shares the phone goes."""


@welcome.on(Idle, ChatOpened, ends=ASKS)
def greet(_state: Idle, _event: Event, context: Context) -> Outcome:
    """Greet, say that this is an automatic assistant, offer what can be done.

    Whoever was never asked whether we may write is asked that now; whoever came to book does so with one press.
    """
    if Purpose.RECALL in context.patient.unasked:
        return then_ask(Reply(text=say.WelcomeAsking()), context.patient.unasked, context)
    return go(Idle(), outreach_texts.welcome(context))


@welcome.on(Invited, ChatOpened, ends=[STAY])
def show_invitation(state: Invited, _event: ChatOpened, context: Context) -> Outcome:
    """Show the whole invitation: it may have come by another way, or be the first words of this chat."""
    return go(state, outreach_texts.invitation_again(state, context))


@welcome.on(Idle, Recognised, ends=ASKS)
def greet_whom_we_know_now(state: Idle, event: Recognised, context: Context) -> Outcome:
    """Say thanks, then greet."""
    greeted = greet(state, event, context)
    return replace(greeted, replies=(THANKS, *greeted.replies))


@welcome.on(State, Recognised, ends=[STAY])
def go_on_with_whom_we_know_now(state: State, _event: Recognised, _context: Context) -> Outcome:
    """Say thanks, and ask the open question again."""
    return ask(state, THANKS)


@welcome.on(State, LinkOver, ends=[STAY])
def link_not_needed(state: State, _event: LinkOver, _context: Context) -> Outcome:
    """Say that the link is over and not needed, and ask what is open."""
    return ask(state, Reply(text=say.LinkNotNeeded()))


@welcome.on(State, ChatOpened, ends=[STAY])
def ask_what_was_open(state: State, _event: ChatOpened, _context: Context) -> Outcome:
    """Ask the open question again; it is not lost."""
    return ask(state)


@welcome.question(
    Idle,
    LookingForTimes,
    LookingForDays,
    LookingForSooner,
    LookingForWays,
    LookingForFamily,
    BookingSlot,
    CheckingContact,
)
def what_can_we_do(_state: State, context: Context) -> Reply:
    """Ask what can be done."""
    return Reply(text=say.WhatCanWeDo(), buttons=buttons.menu(context))
