"""Somebody writes who is not known yet: they share their number, or tell name and birth date, and staff look.

Nothing about any patient is said or done before. Whoever waits for staff, or reported danger, goes on doing so.
"""

from flows.dialogs import buttons
from flows.dialogs.person import WAITS, wait_for_staff
from flows.dialogs.person_in_text import is_written_like_a_name, may_be_a_name, tells_birth_date, tells_name, tells_who
from flows.dialogs.states import BeingIdentified, Closed, Frozen, Idle, WaitingForStaff, WhoAsked
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Keyboard, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import (
    ChatOpened,
    ChoicePressed,
    LinkOver,
    NameTaken,
    NotUnderstood,
    OldButtonPressed,
    PersonNotFound,
    PhoneNotFound,
    PhoneNotOwn,
    TextUnderstood,
)
from flows.engine.requests import AskWhoThisIs, OpenTicket
from flows.engine.state import State
from flows.meaning import Flag, Intent
from flows.messages import answers as say_of_worries
from flows.messages import knowing as say
from flows.messages import person as say_of_waiting
from flows.messages import repair as say_of_repair
from flows.messages.buttons import ButtonSharePhone
from flows.messages.text import Text
from flows.vocabulary import TicketReason, Urgency

knowing = Dialog(name="knowing")

ASKS_WHO = (WhoAsked, STAY)
"""The ends of a rule after which it is open who writes."""

WITH_STAFF = (BeingIdentified, WaitingForStaff, Frozen, Closed)
"""States in which staff are at it: who writes can be told, and is not asked for."""

MOST_MISSES = 2
"""So often something else is answered with the question; then a person reads it."""


def who(text: Text) -> Reply:
    """Ask in these words, with the button that shares the own number."""
    return Reply(
        text=text,
        buttons=(buttons.NEW_HERE, buttons.PERSON),
        keyboard=Keyboard.SHARE_PHONE,
        keyboard_label=ButtonSharePhone(),
    )


def ask_on(state: State, *replies: Reply) -> Outcome:
    """Say this, then ask what is open; where nothing is, who writes."""
    return ask(WhoAsked() if isinstance(state, Idle) else state, *replies)


@knowing.on(State, ChatOpened, ends=ASKS_WHO)
def greet(state: State, _event: ChatOpened, _context: Context) -> Outcome:
    """Greet, say that this is an automatic assistant, and ask who writes."""
    return ask_on(state)


@knowing.on(State, LinkOver, ends=ASKS_WHO)
def link_over(state: State, _event: LinkOver, _context: Context) -> Outcome:
    """Say that the link is over, and ask who writes."""
    return ask_on(state, Reply(text=say.LinkNotValid()))


@knowing.on(State, OldButtonPressed, ends=ASKS_WHO)
def moved_on(state: State, _event: OldButtonPressed, _context: Context) -> Outcome:
    """Say that this has moved on, and ask what is open now."""
    return ask_on(state, Reply(text=say_of_repair.MovedOn()))


@knowing.on(State, Flag.ROBOT_QUESTION, ends=ASKS_WHO)
def robot(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say yes, and go on."""
    return ask_on(state, Reply(text=say_of_worries.YesRobot()))


@knowing.on(State, Flag.PAIN, Intent.FEEDBACK_BAD, Intent.COMPLAINT, ends=ASKS_WHO)
def worry(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Tell staff of pain or blame before it is known whose, and ask who writes."""
    told = ask_on(state, Reply(text=say_of_worries.BlamePassedOn()))
    ticket = OpenTicket(reason=TicketReason.WORRY, urgency=Urgency.TODAY)
    return ask(told.state, *told.replies, requests=(ticket,))


@knowing.on(
    State,
    Choice.TELL_WHO,
    Choice.LOOK_FOR_TIME,
    Choice.MY_VISIT,
    Choice.MY_DETAILS,
    Choice.SETTINGS,
    Choice.FAMILY,
    ends=ASKS_WHO,
)
def ask_who(state: State, _event: ChoicePressed, _context: Context) -> Outcome:
    """Ask who writes, before anything of a patient's is shown or done; whoever is with staff stays there."""
    if isinstance(state, WITH_STAFF):
        return go(state, who(say.WhoIsThisAgain()))
    return ask_on(state)


@knowing.on(State, Choice.NEW_HERE, ends=WAITS)
def new_here(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Have a person answer whoever was never here."""
    if isinstance(state, WaitingForStaff):
        return ask(state)
    back_at = context.staff_back_at
    text = say.NewHere() if back_at is None else say.NewHereFrom(back_at=back_at)
    return wait_for_staff(state, text, reason=TicketReason.PERSON_ASKED, urgency=Urgency.TODAY)


def _names_themselves(_state: State, event: TextUnderstood, _context: Context) -> bool:
    """Tell whether a text holds a name and a date of birth."""
    return tells_who(event.text)


def _tells_something(_state: WhoAsked, event: TextUnderstood, _context: Context) -> bool:
    """Tell whether a text holds a name, a date of birth or both, or what was missing of them."""
    says_else = event.meaning.sure and event.meaning.intent is not Intent.OTHER
    named = is_written_like_a_name if says_else else may_be_a_name
    alone = named(event.text) and not event.meaning.flags
    return alone or tells_birth_date(event.text)


@knowing.on(Idle, TextUnderstood, ends=[STAY], when=_names_themselves)
@knowing.on(BeingIdentified, TextUnderstood, ends=[STAY], when=_names_themselves)
@knowing.on(WaitingForStaff, TextUnderstood, ends=[STAY], when=_names_themselves)
@knowing.on(Frozen, TextUnderstood, ends=[STAY], when=_names_themselves)
def look_up(state: State, event: TextUnderstood, _context: Context) -> Outcome:
    """Have staff look who it is."""
    return go(state, requests=(AskWhoThisIs(text=event.text),))


@knowing.on(WhoAsked, TextUnderstood, ends=ASKS_WHO, when=_tells_something)
def take_down(state: WhoAsked, event: TextUnderstood, _context: Context) -> Outcome:
    """Ask for what is missing; with name and birth date, have staff look who it is."""
    told = f"{state.told}, {event.text}" if state.told else event.text
    dated, named = tells_birth_date(told), tells_name(told)
    if dated and named:
        return go(state, requests=(AskWhoThisIs(text=told),))
    missing: Text = say.NameToo() if dated else say.BirthDateToo()
    return go(WhoAsked(told=told), Reply(text=missing, buttons=(buttons.PERSON,)))


@knowing.on(State, NameTaken, ends=[BeingIdentified, STAY])
def wait_for_the_look(state: State, _event: NameTaken, context: Context) -> Outcome:
    """Say that staff look, and when."""
    if isinstance(state, WITH_STAFF):
        return go(state, being_looked_up(state, context))
    return ask(BeingIdentified())


@knowing.on(State, PhoneNotFound, ends=ASKS_WHO)
def number_unknown(state: State, _event: PhoneNotFound, _context: Context) -> Outcome:
    """Ask for name and birth date instead."""
    return _ask_anew(state, Reply(text=say.PhoneUnknown(), buttons=(buttons.NEW_HERE, buttons.PERSON)))


@knowing.on(State, PhoneNotOwn, ends=ASKS_WHO)
def number_of_another(state: State, _event: PhoneNotOwn, _context: Context) -> Outcome:
    """Ask for the own number."""
    return _ask_anew(state, who(say.PhoneOfAnother()))


@knowing.on(BeingIdentified, PersonNotFound, ends=[WhoAsked])
@knowing.on(State, PersonNotFound, ends=ASKS_WHO)
def nobody_found(state: State, _event: PersonNotFound, _context: Context) -> Outcome:
    """Say that nobody was found, and ask anew."""
    return _ask_anew(Idle() if isinstance(state, BeingIdentified) else state, who(say.NobodyFound()))


@knowing.on(Closed, PersonNotFound, ends=[STAY])
def leave_alone(state: Closed, _event: PersonNotFound, _context: Context) -> Outcome:
    """Say nothing: whoever wrote here by mistake, or of a death, hears no more of it."""
    return go(state)


def _ask_anew(state: State, reply: Reply) -> Outcome:
    return go(state if isinstance(state, (*WITH_STAFF, WhoAsked)) else WhoAsked(), reply)


@knowing.on(State, NotUnderstood, ends=ASKS_WHO)
def ask_first(state: State, _event: NotUnderstood, _context: Context) -> Outcome:
    """Ask who writes before anything else; to whoever reported danger, say once more whom to call."""
    return ask_on(state)


@knowing.on(WhoAsked, NotUnderstood, ends=[STAY, WaitingForStaff])
def ask_again(state: WhoAsked, event: NotUnderstood, context: Context) -> Outcome:
    """Ask again; whoever tells nothing of themselves for long is answered by a person."""
    if event.times <= MOST_MISSES:
        return ask(state)
    text: Text = say_of_repair.NotUnderstoodPerson()
    if (back_at := context.staff_back_at) is not None:
        text = say_of_repair.NotUnderstoodPersonFrom(back_at=back_at)
    return wait_for_staff(state, text, reason=TicketReason.NOT_UNDERSTOOD, urgency=Urgency.TODAY)


@knowing.on(BeingIdentified, NotUnderstood, ends=[STAY])
@knowing.on(WaitingForStaff, NotUnderstood, ends=[STAY])
def note(state: State, event: NotUnderstood, _context: Context) -> Outcome:
    """Keep what is said for the person who comes; say so once, then be quiet."""
    return go(state, Reply(text=say_of_waiting.Noted())) if event.times == 1 else go(state)


@knowing.question(Idle, WhoAsked)
def ask_who_writes(_state: State, _context: Context) -> Reply:
    """Greet, and ask for the number or for name and birth date."""
    return who(say.WhoIsThis())


@knowing.question_again(WhoAsked)
def ask_who_writes_again(_state: WhoAsked, _context: Context) -> Reply:
    """Ask for the number, or for name and birth date."""
    return who(say.WhoIsThisAgain())


@knowing.question(BeingIdentified)
def being_looked_up(_state: State, context: Context) -> Reply:
    """Say that staff look, and when."""
    back_at = context.staff_back_at
    text = say.BeingLookedUp() if back_at is None else say.BeingLookedUpFrom(back_at=back_at)
    return Reply(text=text, keyboard=Keyboard.NONE)
