"""One account, several patients: for whom is it? Nothing is done for anybody before that is said.

Whoever is chosen is spoken with in their own chat, where the consents, the visit and the questions are theirs.
"""

from dataclasses import replace

from flows.dialogs import buttons
from flows.dialogs.person import wait_for_staff
from flows.dialogs.resting import letting_go
from flows.dialogs.states import Closed, ForWhomAsked, Idle, LookingForFamily, WaitingForStaff
from flows.dialogs.welcome import THANKS
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, SeveralPeople, TextUnderstood
from flows.engine.requests import FindFamily, SpeakFor
from flows.engine.state import State
from flows.messages import household as say
from flows.messages import repair as say_of_repair
from flows.messages.buttons import ButtonForPerson
from flows.messages.text import Text
from flows.vocabulary import TicketReason, Urgency

household = Dialog(name="household")

MOST_MISSES = 1
"""So often something else is answered with the question; then a person reads it."""


@household.on(State, Choice.FAMILY, ends=[LookingForFamily])
def look_for_family(state: State, _event: ChoicePressed, _context: Context) -> Outcome:
    """Look for whom this account may speak."""
    return go(LookingForFamily(), requests=(*letting_go(state), FindFamily()))


@household.on(LookingForFamily, SeveralPeople, ends=[ForWhomAsked, Idle])
def ask_for_whom(_state: LookingForFamily, event: SeveralPeople, _context: Context) -> Outcome:
    """Ask for whom; where nobody else is left, what can be done."""
    return ask(ForWhomAsked(people=event.people) if len(event.people) > 1 else Idle())


@household.on(State, SeveralPeople, ends=[ForWhomAsked])
def recognise_several(state: State, event: SeveralPeople, _context: Context) -> Outcome:
    """Say thanks to whoever was recognised as looking after several patients, and ask for whom."""
    return ask(ForWhomAsked(people=event.people), THANKS, requests=letting_go(state))


@household.on(Closed, SeveralPeople, ends=[STAY])
def stay_closed(state: Closed, _event: SeveralPeople, _context: Context) -> Outcome:
    """Say that staff read here: a closed line opens when a person clears it."""
    return ask(state)


@household.on(ForWhomAsked, Choice.FOR_WHOM, ends=[Idle, STAY])
def choose(state: ForWhomAsked, event: ChoicePressed, _context: Context) -> Outcome:
    """Let the chat of whoever was chosen open."""
    if event.argument >= len(state.people):
        return ask(state)
    return go(Idle(), requests=(SpeakFor(patient_id=state.people[event.argument].patient_id),))


@household.on(ForWhomAsked, TextUnderstood, ends=[ForWhomAsked, WaitingForStaff])
def choose_first(state: ForWhomAsked, _event: TextUnderstood, context: Context) -> Outcome:
    """Ask to choose before anything else; the second time a person reads it."""
    if state.failed < MOST_MISSES:
        asked = replace(state, failed=state.failed + 1)
        return go(asked, _question(say.ForWhomFirst(), asked))
    text: Text = say_of_repair.NotUnderstoodPerson()
    if (back_at := context.staff_back_at) is not None:
        text = say_of_repair.NotUnderstoodPersonFrom(back_at=back_at)
    return wait_for_staff(state, text, reason=TicketReason.NOT_UNDERSTOOD, urgency=Urgency.TODAY)


@household.question(ForWhomAsked)
def for_whom(state: ForWhomAsked, _context: Context) -> Reply:
    """Ask for whom it is."""
    return _question(say.ForWhom(), state)


def _question(text: Text, state: ForWhomAsked) -> Reply:
    people = tuple(
        Button(choice=Choice.FOR_WHOM, label=ButtonForPerson(name=each.name, number=place + 1), argument=place)
        for place, each in enumerate(state.people)
    )
    return Reply(text=text, buttons=(*people, buttons.PERSON))
