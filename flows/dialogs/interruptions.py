"""What comes in between: we were out of reach, or an account is slowed down. The same for whoever is known or not.

After a time out of reach only what the patient opened is asked again: an invitation, a reminder or a check-in that
nobody answered would be sent a second time, past the gate.
"""

from flows.dialogs.states import (
    BeingIdentified,
    CheckInAsked,
    Closed,
    Frozen,
    Idle,
    Invited,
    Reminded,
    WaitingForStaff,
)
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import CameBackOnline, TooManyTries
from flows.engine.state import State
from flows.messages import knowing as say_of_knowing
from flows.messages import repair as say

interruptions = Dialog(name="interruptions")


@interruptions.on(State, CameBackOnline, ends=[STAY])
def ask_what_was_open(state: State, _event: CameBackOnline, _context: Context) -> Outcome:
    """Say sorry in one line, and ask the open question again."""
    return ask(state, Reply(text=say.BackOnline()))


@interruptions.on(Idle, CameBackOnline, ends=[STAY])
@interruptions.on(Invited, CameBackOnline, ends=[STAY])
@interruptions.on(Reminded, CameBackOnline, ends=[STAY])
@interruptions.on(CheckInAsked, CameBackOnline, ends=[STAY])
@interruptions.on(BeingIdentified, CameBackOnline, ends=[STAY])
@interruptions.on(WaitingForStaff, CameBackOnline, ends=[STAY])
@interruptions.on(Frozen, CameBackOnline, ends=[STAY])
@interruptions.on(Closed, CameBackOnline, ends=[STAY])
def say_nothing(state: State, _event: CameBackOnline, _context: Context) -> Outcome:
    """Say nothing: the patient asked nothing that is open, or staff are at it."""
    return go(state)


@interruptions.on(State, TooManyTries, ends=[STAY])
def slow_down(state: State, event: TooManyTries, _context: Context) -> Outcome:
    """Say for how long nothing is heard here."""
    return go(state, Reply(text=say_of_knowing.TriedTooOften(minutes=event.minutes)))
