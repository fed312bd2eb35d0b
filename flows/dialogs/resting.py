"""Where a chat rests once something is settled, and what is given back on the way.

A chat that waits for a person goes on waiting: settling something else does not end that.
"""

from flows.dialogs.states import Closed, Frozen, Idle, Offered, WaitingForStaff
from flows.engine.dialog import STAY
from flows.engine.requests import ReleaseHolds, Request
from flows.engine.state import State

RESTS = (Idle, STAY)
"""The ends of a rule that settles something."""


def rest(state: State) -> State:
    """Give the state to be in when nothing is asked any more."""
    return state if isinstance(state, WaitingForStaff | Frozen | Closed) else Idle()


def letting_go(state: State) -> tuple[Request, ...]:
    """Give back the times on the table, if any, when the chat moves on to something else."""
    return (ReleaseHolds(),) if isinstance(state, Offered) else ()
