"""Reactivation: an invitation with one or two times is out, and the patient answers it."""

from flows.dialogs.outreach_texts import invitation_again
from flows.dialogs.states import Closed, Frozen, Invited, WaitingForStaff
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import InvitationSent
from flows.engine.state import State

recall = Dialog(name="recall")


@recall.on(State, InvitationSent, ends=[Invited, STAY])
def invite(state: State, event: InvitationSent, _context: Context) -> Outcome:
    """Wait for the answer; a chat that waits for a person goes on waiting."""
    if isinstance(state, WaitingForStaff | Frozen | Closed) or not event.offers:
        return go(state)
    return go(Invited(offers=event.offers, step_number=event.step_number))


@recall.question(Invited)
def invite_in_full(state: Invited, context: Context) -> Reply:
    """Ask with the words of the invitation."""
    return invitation_again(state, context)
