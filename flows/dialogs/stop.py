"""Stop, in any state and whoever owns the chat: recorded, confirmed once, no second question; and the way back.

A stop ends recall, offers and check-ins. Messages about a booked visit go on unless they are refused too.
"""

from flows.dialogs import buttons
from flows.dialogs.settings import open_for
from flows.dialogs.states import Closed, ForWhomAsked, GuardianAsked, Idle
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, Event
from flows.engine.requests import RecordConsent, RecordStop, ReleaseHolds, StopCovers
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import stop as say
from flows.vocabulary import Purpose, Reach

stop = Dialog(name="stop")


def stop_messages(state: State, context: Context) -> Outcome:
    """Record the stop and confirm it once; as long as it is open for whom they write, it is meant for all of them."""
    covers = StopCovers.WHOLE_ACCOUNT if isinstance(state, ForWhomAsked) else StopCovers.THIS_PERSON
    requests = (RecordStop(covers=covers), ReleaseHolds())
    if isinstance(state, Closed) or not context.patient.known:
        rested = state if isinstance(state, Closed) else Idle()
        return go(rested, Reply(text=say.Stopped(), reach=Reach.ALWAYS), requests=requests)
    if context.visit is None:
        done = Reply(text=say.Stopped(), buttons=(buttons.START_AGAIN,), reach=Reach.ALWAYS)
    else:
        text = say.StoppedVisitGoesOn(starts_at=context.visit.slot.starts_at)
        done = Reply(text=text, buttons=(buttons.STOP_VISIT_TOO, buttons.START_AGAIN), reach=Reach.ALWAYS)
    return go(Idle(), done, requests=requests)


@stop.on(State, Intent.STOP, Choice.STOP, ends=[Idle, STAY])
def stop_now(state: State, _event: Event, context: Context) -> Outcome:
    """End the messages."""
    return stop_messages(state, context)


@stop.on(State, Choice.STOP_VISIT_TOO, ends=[STAY])
def stop_visit_messages(state: State, _event: ChoicePressed, _context: Context) -> Outcome:
    """End the messages about the booked visit too; the visit stays."""
    done = Reply(text=say.VisitMessagesStopped(), reach=Reach.ALWAYS)
    return go(state, done, requests=(RecordConsent(refused=frozenset({Purpose.APPOINTMENT})),))


@stop.on(State, Choice.START_AGAIN, ends=[STAY, GuardianAsked])
def start_again(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Permit recall again, by the patient's own press; for a child a guardian does so in the settings."""
    if context.patient.minor:
        return open_for(state, context)
    again = Reply(text=say.StartedAgain(), buttons=(buttons.SETTINGS,))
    return go(state, again, requests=(RecordConsent(permitted=frozenset({Purpose.RECALL})),))
